//! What the parser of TOML says of a file, in the reader's language: it gives no codes, only words, so these are known
//! by how they begin.

use stream::nearest;

use crate::texts::Lang;

/// What the parser says of a line that is no TOML, or of an address, and the text for it.
const SYNTAX: [(&str, &str); 11] = [
    ("invalid socket address syntax", "socket"),
    ("invalid IP address syntax", "socket"),
    ("is no area code", "region"),
    ("invalid basic string", "string"),
    ("invalid literal string", "string"),
    ("string values must be quoted", "quotes"),
    ("duplicate key", "twice"),
    ("key with no value", "equals"),
    ("unclosed array", "array"),
    ("unclosed table", "header"),
    ("missing value", "quotes"),
];

/// `message` as the parser said it, in `lang`; as it stands where no text fits.
pub fn told(message: &str, lang: Lang) -> String {
    if let Some(unknown) = Unknown::of(message) {
        let told = lang.fill("cli.config.unknown", &[("name", unknown.name)]);
        let hint = match unknown.near() {
            Some(near) => lang.fill("cli.config.near", &[("near", near)]),
            None => lang.fill("cli.config.keys", &[("keys", &unknown.known.join(", "))]),
        };
        return format!("{}{told} {hint}", key(unknown.before, unknown.name));
    }
    if let Some((before, after)) = message.split_once("unknown variant `")
        && let Some((found, rest)) = after.split_once('`')
    {
        let choices: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        let values = [("found", found), ("choices", &choices.join(", "))];
        let told = lang.fill("cli.config.variant", &values);
        let near = nearest(found, choices.iter().copied());
        let hint = near.map(|near| format!(" {}", lang.fill("cli.config.near", &[("near", near)])));
        return format!("{before}{told}{}", hint.unwrap_or_default());
    }
    if let Some((before, after)) = message.split_once("missing field `") {
        let name = after.split('`').next().unwrap_or(after);
        return format!("{before}{}", lang.fill("cli.config.missing", &[("name", name)]));
    }
    for (english, text) in SYNTAX {
        if let Some((before, _)) = message.split_once(english) {
            return format!("{before}{}", lang.get(&format!("cli.config.{text}")));
        }
    }
    for (begins, text) in [("invalid type: ", "kind"), ("invalid value: ", "value")] {
        if let Some((before, after)) = message.split_once(begins)
            && let Some((found, expected)) = after.rsplit_once(", expected ")
        {
            let (found, expected) = (there(found, lang), wanted(found, expected, lang));
            let values = [("found", found.as_str()), ("expected", expected.as_str())];
            return format!("{before}{}", lang.fill(&format!("cli.config.{text}"), &values));
        }
    }
    message.to_owned()
}

/// What the parser says of a key that it does not know.
pub(crate) struct Unknown<'a> {
    before: &'a str,
    name: &'a str,
    known: Vec<&'a str>,
}

impl<'a> Unknown<'a> {
    /// Reads `message`; `None` where it is about something else.
    pub(crate) fn of(message: &'a str) -> Option<Unknown<'a>> {
        let (before, after) = message.split_once("unknown field `")?;
        let (name, rest) = after.split_once('`')?;
        Some(Unknown { before, name, known: rest.split('`').skip(1).step_by(2).collect() })
    }

    /// The key that was probably meant.
    pub(crate) fn near(&self) -> Option<&'a str> {
        nearest(self.name, self.known.iter().copied())
    }
}

/// What the parser put before its message, without the key that is named again behind it.
fn key<'a>(before: &'a str, name: &str) -> &'a str {
    if before.trim_end_matches(": ").rsplit('.').next() == Some(name) && !before.contains('.') {
        ""
    } else {
        before
    }
}

/// What the parser found, as it calls it, and the text for it.
const FOUND: [(&str, &str); 6] = [
    ("integer `", "number"),
    ("floating point `", "decimal"),
    ("string ", "string"),
    ("boolean `", "boolean"),
    ("sequence", "list"),
    ("map", "table"),
];

/// What the parser found (``integer `-5` ``), in words.
fn there(found: &str, lang: Lang) -> String {
    let known = FOUND.iter().find_map(|(begins, text)| Some((found.strip_prefix(begins)?, text)));
    let Some((value, text)) = known else { return found.to_owned() };
    lang.fill(&format!("cli.config.found.{text}"), &[("value", value.trim_end_matches('`'))])
}

/// What the parser expected, in words, of one that found `found`.
fn wanted(found: &str, expected: &str, lang: Lang) -> String {
    let most = match expected {
        "u8" => Some(u64::from(u8::MAX)),
        "u16" => Some(u64::from(u16::MAX)),
        "u32" => Some(u64::from(u32::MAX)),
        _ => None,
    };
    let text = match expected {
        // A number stood there: what is wrong with it is how large or small it is.
        "u8" | "u16" | "u32" | "u64" | "usize" if found.starts_with("integer") => match most {
            Some(most) if !found.contains('-') => {
                return lang.fill("cli.config.wanted.up_to", &[("most", &most.to_string())]);
            }
            _ => "not_below_zero",
        },
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" | "an integer" => "number",
        "f64" => "decimal",
        "a string" | "path string" | "string" => "string",
        "a boolean" => "boolean",
        "socket address" | "SocketAddr" => "address",
        "a sequence" => "list",
        other => return other.to_owned(),
    };
    lang.get(&format!("cli.config.wanted.{text}")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parsers_words_are_told_in_indonesian_and_keep_key_and_value() {
        for (message, parts) in [
            (
                "unknown field `lissten`, expected one of `data`, `listen`",
                &["lissten", "Maksudnya 'listen'?"][..],
            ),
            ("unknown field `x9`, expected `data` or `listen`", &["x9", "data, listen"]),
            ("max_lag: invalid type: string \"banyak\", expected u64", &["max_lag: ", "\"banyak\"", "angka"]),
            (
                "max_lag: invalid value: integer `-5`, expected u64",
                &["max_lag: berisi angka -5; seharusnya angka bulat, 0 atau lebih"],
            ),
            (
                "archive_days: invalid value: integer `5000000000`, expected u32",
                &["berisi angka 5000000000; seharusnya angka bulat dari 0 sampai 4294967295"],
            ),
            (
                "max_lag: invalid type: floating point `2.5`, expected u64",
                &["berisi angka pecahan 2.5; seharusnya angka bulat tanpa tanda kutip"],
            ),
        ] {
            let told = told(message, Lang::Id);
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
        assert_eq!(told("something new", Lang::Id), "something new");
    }
}
