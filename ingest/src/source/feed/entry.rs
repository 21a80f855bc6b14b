//! One entry of a feed, as the fields of an item.

use feed_rs::model::{self, Text};
use feed_rs::parser;
use html2text::render::TrivialDecorator;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use stream::short_hash;

use super::error::Broken;

/// Letters in a line of converted HTML; long, since lines are not ours to break.
const WIDTH: usize = 4000;

/// One entry of a feed.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    id: String,
    outlet: Option<String>,
    title: Option<Text>,
    body: Option<Text>,
    link: Option<String>,
    published: Option<String>,
}

/// Reads the entries of a feed; `url` completes relative links. The error quotes nothing of the feed.
pub(super) fn read(body: &[u8], url: &str) -> Result<Vec<Entry>, Broken> {
    // An entry without an id goes by its link: with the title in it, an edit would be another post.
    let parser = parser::Builder::new()
        .base_uri(Some(url))
        .id_generator(|links, _, _| links.first().map(|link| link.href.clone()).unwrap_or_default())
        .build();
    let feed = parser.parse(body).map_err(|error| match error {
        parser::ParseFeedError::ParseError(_) => Broken::NoElement,
        parser::ParseFeedError::IoError(_) => Broken::EndsEarly,
        parser::ParseFeedError::JsonSerde(_) => Broken::Json,
        parser::ParseFeedError::JsonUnsupportedVersion(_) => Broken::Version,
        parser::ParseFeedError::XmlReader(_) => Broken::Xml,
    })?;
    let outlet = feed.title.as_ref().map(plain).filter(|title| !title.is_empty());
    // The oldest first, as they were published.
    Ok(feed.entries.into_iter().rev().map(|entry| Entry::new(entry, outlet.clone())).collect())
}

impl Entry {
    fn new(entry: model::Entry, outlet: Option<String>) -> Entry {
        let content = entry.content.and_then(|content| {
            let body = content.body.filter(|body| !body.trim().is_empty())?;
            Some(Text { content_type: content.content_type, src: None, content: body })
        });
        let date = entry.published.or(entry.updated);
        let date = date.and_then(|date| Timestamp::from_second(date.timestamp()).ok());
        Entry {
            id: entry.id,
            outlet,
            title: entry.title,
            body: content.or(entry.summary),
            link: entry.links.into_iter().next().map(|link| link.href),
            published: date.map(|date| date.to_string()),
        }
    }

    /// The hash of the entry's id and that of its content: what is remembered of it.
    pub(super) fn hashes(&self) -> (String, String) {
        let text = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.content.clone());
        let content = short_hash(&[&text(&self.title), &text(&self.body)]);
        let id = if self.id.is_empty() { content.clone() } else { short_hash(&[&self.id]) };
        (id[..16].to_owned(), content[..16].to_owned())
    }

    /// The entry as it came, apart from the feed around it.
    pub(super) fn raw(&self) -> Vec<u8> {
        let text = |text: &Option<Text>| {
            text.as_ref().map(|text| json!({"type": text.content_type.to_string(), "text": text.content}))
        };
        let raw = json!({
            "id": self.id, "feed": self.outlet, "title": text(&self.title), "body": text(&self.body),
            "link": self.link, "published": self.published,
        });
        raw.to_string().into_bytes()
    }

    /// The fields of the item that this entry is; without a date it counts as published `now`, and says so.
    pub(super) fn fields(&self, now: Timestamp) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        let title = self.title.as_ref().map(plain).unwrap_or_default();
        let body = self.body.as_ref().map(plain).unwrap_or_default();
        let text =
            if body.starts_with(&title) { body } else { format!("{title}\n\n{body}").trim().to_owned() };
        set("text", json!(text));
        if !self.id.is_empty() {
            set("id", json!(self.id));
        }
        set("posted_at", json!(self.published.clone().unwrap_or_else(|| now.to_string())));
        if self.published.is_none() {
            set("posted_at_assumed", json!(true));
        }
        set("url", json!(self.link));
        set("author", json!({"name": self.outlet}));
        fields
    }
}

/// A text without its markup.
fn plain(text: &Text) -> String {
    let kind = text.content_type.to_string();
    let marked = kind.contains("html")
        || text.content.contains("</")
        || text.content.contains("/>")
        || text.content.contains("&");
    if !marked {
        return text.content.trim().to_owned();
    }
    let converted = html2text::config::with_decorator(TrivialDecorator::new())
        .no_table_borders()
        .no_link_wrapping()
        .allow_width_overflow()
        .string_from_read(text.content.as_bytes(), WIDTH);
    // HTML that cannot be laid out is still words.
    let converted = converted.unwrap_or_else(|_| text.content.clone());
    let is_rule = |line: &str| !line.is_empty() && line.chars().all(|c| "─-=_".contains(c));
    let mut lines: Vec<&str> = Vec::new();
    for line in converted.lines().map(str::trim).filter(|line| !is_rule(line)) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: &str, content: &str) -> Text {
        Text { content_type: kind.parse().unwrap(), src: None, content: content.to_owned() }
    }

    #[test]
    fn markup_is_left_out_and_words_are_kept() {
        let html = "<h2>Ramai</h2><p>Warga &amp; petugas <b>berjaga</b> di <a href='https://contoh.id'>balai</a>.</p><hr><ul><li>satu</li></ul><script>x()</script>";
        let plain = plain(&text("text/html", html));
        assert!(plain.contains("Warga & petugas berjaga di balai."), "{plain}");
        assert!(!plain.contains('<') && !plain.contains("x()") && !plain.contains("──"), "{plain}");
        assert_eq!(super::plain(&text("text/plain", "A > B, 3 < 4")), "A > B, 3 < 4");
    }

    #[test]
    fn what_is_no_feed_is_told_without_quoting_it() {
        for (body, told) in [
            ("<html><body>Situs sedang dirawat</body></html>", Broken::NoElement),
            ("<rss version=\"2.0\"><channel><item><title>Ra", Broken::Xml),
            ("tutup", Broken::NoElement),
        ] {
            let error = read(body.as_bytes(), "https://contoh.id").unwrap_err();
            assert_eq!(error, told, "{body}");
        }
    }
}
