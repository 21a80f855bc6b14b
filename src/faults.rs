//! Faults of a lexicon in the reader's language: the English text that a fault was made with is found again among the
//! texts, and its values are filled into the same text of the language.

use lexicons::{Fault, Lang};

use crate::config::words;

/// A line for each of `faults`.
pub(crate) fn lines(faults: &[Fault], lang: Lang) -> Vec<String> {
    faults.iter().map(|fault| told(fault, lang)).collect()
}

/// `fault` with its place, in `lang`; a parser's own words that no text fits stand as they are.
fn told(fault: &Fault, lang: Lang) -> String {
    let message = match lang {
        Lang::En => fault.message.clone(),
        Lang::Id => message(&fault.message, lang),
    };
    Fault { message, ..fault.clone() }.to_string()
}

fn message(english: &str, lang: Lang) -> String {
    let keys = Lang::En.texts().keys().filter(|key| key.starts_with("faults."));
    let fitting = keys.filter_map(|key| {
        let template = Lang::En.get(key);
        Some((values(template, english)?, key, template.len()))
    });
    // Of two that fit, the one that says more itself.
    match fitting.max_by_key(|(values, _, length)| (*length, std::cmp::Reverse(values.len()))) {
        Some((values, key, _)) => lang.fill(key, &values),
        None => words::told(english, lang),
    }
}

/// The values of the `{names}` of `template` with which it reads `text`; `None` when it cannot.
fn values<'a>(template: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let Some((before, rest)) = template.split_once('{') else {
        return (template == text).then(Vec::new);
    };
    let (name, after) = rest.split_once('}')?;
    let text = text.strip_prefix(before)?;
    let literal = after.split('{').next().unwrap_or_default();
    // The shortest value that lets the rest fit; at the end, all that is left.
    let ends: Vec<usize> = match literal {
        "" => vec![text.len()],
        _ => text.match_indices(literal).map(|(at, _)| at).collect(),
    };
    ends.into_iter().find_map(|end| {
        let mut values = values(after, &text[end..])?;
        values.insert(0, (name, &text[..end]));
        Some(values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(message: &str) -> String {
        told(&Fault::new("rules/kf-02.toml", 3, 8, message), Lang::Id)
    }

    #[test]
    fn a_fault_keeps_its_place_and_its_values() {
        assert_eq!(id("there is no set '%serbuu'"), "rules/kf-02.toml:3:8: tidak ada himpunan '%serbuu'");
        assert_eq!(
            id("the rule 'KF-02-a' has 2 different flagged examples; it needs 3"),
            "rules/kf-02.toml:3:8: aturan 'KF-02-a' punya 2 contoh flagged yang berbeda; perlu 3"
        );
        let told = id("the rule 'KF-02-a' raises its clean example: kata 'ini': biasa");
        assert!(told.ends_with("menandai contoh clean-nya: kata 'ini': biasa"), "{told}");
        let told = id("unknown language 'xx' (one of jv, mad)");
        assert!(told.ends_with("bahasa 'xx' tidak dikenal (pilihan: jv, mad)"), "{told}");
        assert!(id("missing field `why`").contains("why"));
        assert!(id("words of a parser").ends_with(": words of a parser"));
    }

    /// The folder of mistakes that a keeper makes, each met in one run: none may be told in English.
    #[test]
    fn what_a_keeper_mistakes_is_told_in_indonesian() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("rules")).unwrap();
        std::fs::create_dir_all(folder.path().join("sets")).unwrap();
        let rule = |id: &str, when: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\ntitle = \"Uji\"\ncategory = \"KF-02\"\nwhen = '{when}'\nwhy = \"Uji\"\nsince = \"2026-11-22\"\nflagged = []\nclean = []\n"
            )
        };
        let whens = [
            "%tidak_ada AND serbu",
            "serbu",
            "serbu NEAR/99 kantor",
            "(serbu AND kantor",
            "serbu AND",
            "serbu kantor",
            "serbu and kantor",
            "NOT serbu",
            "\"serbu",
            "bio serbu",
            "serbu AFTER/3 kantor",
            "serbu AND )",
        ];
        let rules: Vec<String> =
            whens.iter().enumerate().map(|(n, when)| rule(&format!("KF-02-uji-{n}"), when)).collect();
        std::fs::write(folder.path().join("rules/uji.toml"), rules.concat()).unwrap();
        let sets = "[[set]]\nname = \"Besar\"\nwhy = \"\"\nroots = [\"dua kata\"]\nwords = [\"tak\"]\n[set.lang]\nxx = [\"a\"]\n";
        std::fs::write(folder.path().join("sets/uji.toml"), sets).unwrap();
        let faults = lexicons::Lexicon::load(Some(folder.path())).unwrap_err();
        assert!(faults.len() >= whens.len(), "{faults:?}");
        for fault in faults {
            let message = message(&fault.message, Lang::Id);
            assert_ne!(message, fault.message, "{fault}");
        }
    }
}
