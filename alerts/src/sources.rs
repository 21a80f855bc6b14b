//! How many independent sources tell of a matter: copies of one text count once, so does one author.

use std::collections::HashMap;
use std::ops::Range;

use stream::{Channel, Post, short_hash};

use crate::keys::Secret;

/// What tells two posts apart as sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceKeys {
    /// Equal for copies of one text.
    pub copy: String,
    /// Equal for posts of one author; a token that tells nothing of who it is (SG-03).
    pub author: String,
}

impl SourceKeys {
    /// The keys of `post`; `secret` makes the author's token.
    pub fn of(post: &Post, secret: &Secret) -> SourceKeys {
        SourceKeys { copy: short_hash(&["copy", &bare(&post.text)]), author: author_token(post, secret) }
    }
}

/// Words that stand before a text that is passed on, and behind it.
const BEFORE: [&str; 17] = [
    "rt",
    "fw",
    "fwd",
    "forward",
    "forwarded",
    "terusan",
    "diteruskan",
    "teruskan",
    "info",
    "copas",
    "repost",
    "share",
    "dari",
    "grup",
    "group",
    "wa",
    "sebelah",
];
const BEHIND: [&str; 15] = [
    "sebarkan",
    "sebar",
    "disebarkan",
    "viralkan",
    "bagikan",
    "teruskan",
    "diteruskan",
    "share",
    "copas",
    "repost",
    "info",
    "dari",
    "grup",
    "sebelah",
    "mohon",
];

/// The words of a text without what copying adds or changes: case, punctuation, links, mentions, marks of passing on.
fn bare(text: &str) -> String {
    let words: Vec<String> = words(text).into_iter().map(|(_, word)| word).collect();
    let is = |marks: &'static [&str]| move |word: &&String| marks.contains(&word.as_str());
    let before = words.iter().take_while(is(&BEFORE)).count();
    let behind = words.iter().rev().take_while(is(&BEHIND)).count();
    let own = words.get(before..words.len().saturating_sub(behind)).filter(|own| !own.is_empty());
    // A text of nothing but marks is its own words.
    own.map_or_else(|| text.to_owned(), |own| own.join(" "))
}

/// The words of a text without case, punctuation, links, mentions and "RT", each with the bytes it stands in.
pub(crate) fn words(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words = Vec::new();
    let mut from = 0;
    for word in text.split_whitespace() {
        let start = from + text[from..].find(word).unwrap_or_default();
        from = start + word.len();
        if word.starts_with('@')
            || word.starts_with("http://")
            || word.starts_with("https://")
            || word.trim_end_matches(':') == "RT"
        {
            continue;
        }
        let own: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if !own.is_empty() {
            words.push((start..from, own));
        }
    }
    words
}

/// The author as a token. A news house is one source whoever writes in it; a post without author
/// cannot be told from others of the same source.
fn author_token(post: &Post, secret: &Secret) -> String {
    let author = post.author.as_ref();
    let name = author.and_then(|author| author.handle.as_deref().or(author.name.as_deref()));
    let who = match (post.channel, name) {
        (Channel::Berita, _) => {
            format!("berita|{}", post.url.as_deref().and_then(host).unwrap_or(&post.source))
        }
        (channel, Some(name)) => format!("{channel}|{}", name.trim_start_matches('@').to_lowercase()),
        (channel, None) => format!("{channel}|source|{}", post.source),
    };
    secret.author(&who)
}

fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

/// The number of independent sources: posts that share a text or an author hang together and count once.
pub fn independent<'a>(keys: impl IntoIterator<Item = (&'a str, &'a str)>) -> i64 {
    let mut parent: Vec<usize> = Vec::new();
    let mut seen: HashMap<(bool, &str), usize> = HashMap::new();
    for (copy, author) in keys {
        let node = parent.len();
        parent.push(node);
        for key in [(true, copy), (false, author)] {
            match seen.get(&key) {
                Some(other) => {
                    let (a, b) = (root(&mut parent, node), root(&mut parent, *other));
                    parent[a] = b;
                }
                None => {
                    seen.insert(key, node);
                }
            }
        }
    }
    let roots = (0..parent.len()).filter(|node| parent[*node] == *node).count();
    i64::try_from(roots).unwrap_or(i64::MAX)
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while parent[node] != node {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_one_text_are_one_source_and_so_is_one_author() {
        assert_eq!(
            bare("RT @warga: Massa KUMPUL di balai desa! https://x.example/1"),
            "massa kumpul di balai desa"
        );
        for passed_on in
            ["Fwd info grup sebelah: ribut!", "RT: ribut!!", "Terusan: ribut", "ribut, sebarkan!", "ribut"]
        {
            assert_eq!(bare(passed_on), "ribut", "{passed_on}");
        }
        assert_eq!(bare("Info, sebarkan"), "Info, sebarkan", "nothing but marks");
        assert_eq!(independent([("a", "x"), ("a", "y"), ("b", "y")]), 1);
        assert_eq!(independent([("a", "x"), ("b", "y"), ("c", "x")]), 2);
        assert_eq!(independent([]), 0);
    }
}
