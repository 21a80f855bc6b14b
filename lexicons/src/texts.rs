//! Interface texts: one table per language and area, Indonesian first; a test finds a missing one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The areas of the interface and their tables; a new area is two files and a line here.
const TABLES: &[(&str, &str, &str)] = &[
    ("alerts", include_str!("../texts/alerts.id.toml"), include_str!("../texts/alerts.en.toml")),
    ("cli", include_str!("../texts/cli.id.toml"), include_str!("../texts/cli.en.toml")),
    ("console", include_str!("../texts/console.id.toml"), include_str!("../texts/console.en.toml")),
    ("faults", include_str!("../texts/faults.id.toml"), include_str!("../texts/faults.en.toml")),
    ("ingest", include_str!("../texts/ingest.id.toml"), include_str!("../texts/ingest.en.toml")),
    ("judge", include_str!("../texts/judge.id.toml"), include_str!("../texts/judge.en.toml")),
];

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Indonesian, the default.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// The language with this code (`id`, `en`).
    pub fn parse(code: &str) -> Option<Lang> {
        match code {
            "id" => Some(Lang::Id),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The language that an `Accept-Language` header asks for: of `id` and `en` the one it weighs more, Indonesian where
    /// it names neither.
    pub fn accepted(header: &str) -> Lang {
        let mut best = (Lang::default(), 0.0);
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let code = parts.next().and_then(|tag| tag.split('-').next()).unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse);
            if let (Some(lang), Ok(weight)) = (Lang::parse(&code.to_ascii_lowercase()), weight)
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }

    /// The code: `id` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Id => "id",
            Lang::En => "en",
        }
    }

    /// The texts of this language.
    pub fn texts(self) -> &'static Texts {
        static ID: LazyLock<Texts> = LazyLock::new(|| Texts::load(Lang::Id));
        static EN: LazyLock<Texts> = LazyLock::new(|| Texts::load(Lang::En));
        match self {
            Lang::Id => &ID,
            Lang::En => &EN,
        }
    }

    /// The text at `key` (`console.queue.title`), or the key itself when no table holds it.
    pub fn get(self, key: &str) -> &'static str {
        self.texts().get(key)
    }

    /// The text at `key` with each `{name}` replaced.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        values
            .iter()
            .fold(self.get(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// Every text of one language, by its key.
#[derive(Debug)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    fn load(lang: Lang) -> Texts {
        let mut texts = BTreeMap::new();
        for (area, id, en) in TABLES {
            let source = if lang == Lang::Id { id } else { en };
            // The tables are part of the binary and a test parses each: a fault here is ours.
            if let Ok(table) = toml::from_str::<toml::Table>(source) {
                flatten(area, &table, &mut texts);
            }
        }
        Texts(texts)
    }

    fn get(&'static self, key: &str) -> &'static str {
        match self.0.get(key) {
            Some(text) => text,
            // Shown as it stands: a missing text must be seen, and the test below finds it first.
            None => Box::leak(key.to_owned().into_boxed_str()),
        }
    }

    /// Whether a table holds `key`.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = format!("{prefix}.{name}");
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::String(text) => {
                into.insert(key, text.clone());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_parses_and_every_text_stands_in_both_languages() {
        for (area, id, en) in TABLES {
            for source in [id, en] {
                toml::from_str::<toml::Table>(source).unwrap_or_else(|error| panic!("{area}: {error}"));
            }
        }
        let id: Vec<_> = Lang::Id.texts().keys().collect();
        let en: Vec<_> = Lang::En.texts().keys().collect();
        assert_eq!(id, en);
    }

    #[test]
    fn a_request_gets_the_language_it_weighs_more_and_indonesian_where_it_names_none() {
        for (header, lang) in [
            ("", Lang::Id),
            ("en", Lang::En),
            ("en-GB,en;q=0.9", Lang::En),
            ("id-ID,id;q=0.9,en;q=0.8", Lang::Id),
            ("de, EN;q=0.5, id;q=0.2", Lang::En),
            ("*", Lang::Id),
            ("en;q=0", Lang::Id),
            ("en;q=viel", Lang::Id),
        ] {
            assert_eq!(Lang::accepted(header), lang, "{header}");
        }
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        assert_eq!(Lang::Id.fill("no.such {x}", &[("x", "1")]), "no.such 1");
    }
}
