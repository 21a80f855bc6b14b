//! On how many rules a finding rests, in words and dots: no percentage, no colour alone.

use std::collections::BTreeMap;

use lexicons::Lang;
use stream::{Signal, Span};

/// More than so many are shown as so many.
const MOST: usize = 4;

/// On how many rules a finding rests, as a page shows it.
pub(crate) struct Rests {
    /// As many dots as rules, the rest empty: a shape that shows in a glance.
    pub(crate) dots: String,
    /// How many, in words.
    pub(crate) words: &'static str,
    /// What that means for the reader.
    pub(crate) meaning: String,
}

/// Whether rules that recognise one post each have words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// No two rules share a word.
    Own,
    /// Some share words with another.
    Some,
    /// All hang together by words that they share.
    Shared,
    /// What is shown tells the number of rules alone.
    Unknown,
}

impl Words {
    fn key(self) -> &'static str {
        match self {
            Words::Own => "own",
            Words::Some => "some",
            Words::Shared => "shared",
            Words::Unknown => "unknown",
        }
    }

    /// Of the rules of `signal`.
    fn of(signal: &Signal) -> Words {
        let mut rules: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for hit in &signal.hits {
            rules.entry(&hit.rule).or_default().extend(&hit.spans);
        }
        let all = rules.len();
        // Rules that share a word fall together, whichever rule they share it through.
        let mut apart: Vec<Vec<Span>> = Vec::new();
        for spans in rules.into_values() {
            let (mut together, others): (Vec<_>, Vec<_>) =
                apart.into_iter().partition(|other| share(other, &spans));
            together.push(spans);
            apart = others;
            apart.push(together.concat());
        }
        match apart.len() {
            parts if parts == all => Words::Own,
            1 => Words::Shared,
            _ => Words::Some,
        }
    }
}

/// Whether some word stands in both.
fn share(one: &[Span], other: &[Span]) -> bool {
    let both = |a: &Span, b: &Span| a.part == b.part && a.start < b.end && b.start < a.end;
    one.iter().any(|a| other.iter().any(|b| both(a, b)))
}

impl Rests {
    /// For a finding on `rules` different rules; nothing for one on none (only a person sets such).
    pub(crate) fn of(lang: Lang, rules: i64) -> Option<Rests> {
        Rests::on(lang, rules, Words::Unknown)
    }

    /// For `signal`, whose marked words tell whether its rules each have their own.
    pub(crate) fn of_signal(lang: Lang, signal: &Signal) -> Option<Rests> {
        Rests::on(lang, alerts::rules_under(signal), Words::of(signal))
    }

    fn on(lang: Lang, rules: i64, words: Words) -> Option<Rests> {
        let shown = usize::try_from(rules).ok()?.min(MOST);
        let key = |table: &str| format!("console.rests.{table}_{shown}");
        (rules > 0).then(|| Rests {
            dots: "●".repeat(shown) + &"○".repeat(MOST - shown),
            words: lang.get(&key("words")),
            meaning: lang.fill(
                &key("meaning"),
                &[("words", lang.get(&format!("console.rests.from_{}", words.key())))],
            ),
        })
    }

    /// All that a page may show, from the least.
    pub(crate) fn ladder(lang: Lang) -> Vec<Rests> {
        (1..=MOST).filter_map(|rules| Rests::of(lang, i64::try_from(rules).ok()?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use stream::{Category, Hit, Part, Severity};

    use super::*;
    use crate::fixture;

    #[test]
    fn of_rules_that_rest_on_the_same_words_nobody_says_that_each_stands_alone() {
        let incident = fixture::incident(1, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        let mut view = fixture::view(incident, "serbu kantor KPU di Kurun", "serbu kantor", "Kurun");
        let signal = &mut view.posts[0].finding.signals[0];
        let hit = |rule: &str, spans: &[(u32, u32)]| Hit {
            rule: rule.to_owned(),
            spans: spans
                .iter()
                .map(|(start, end)| Span { part: Part::Text, start: *start, end: *end })
                .collect(),
        };
        let mut meaning = |hits: &[Hit]| {
            signal.hits = hits.to_vec();
            Rests::of_signal(Lang::Id, signal).map(|rests| rests.meaning).unwrap_or_default()
        };
        let (storm, office) = (hit("a", &[(0, 5)]), hit("b", &[(6, 16)]));
        let (both, place) = (hit("c", &[(0, 5), (6, 12)]), hit("d", &[(20, 25)]));
        let own = "masing-masing dari kata yang berbeda";
        assert!(meaning(&[storm.clone(), office.clone()]).contains(own));
        let shared = meaning(&[storm.clone(), both.clone(), office]);
        assert!(shared.starts_with("Tiga aturan mengenalinya, tetapi saling berbagi kata"), "{shared}");
        let some = meaning(&[storm.clone(), both, place]);
        assert!(some.starts_with("Tiga aturan mengenalinya, sebagian saling berbagi kata"), "{some}");
        assert!(!meaning(&[storm]).contains("berbagi"), "one rule has nobody to share with");
        let number = Rests::of(Lang::Id, 2).map(|rests| rests.meaning).unwrap_or_default();
        assert!(number.contains("bisa saling berbagi kata") && !number.contains("sendiri"), "{number}");
    }

    #[test]
    fn more_rules_are_more_dots_and_other_words_and_no_number_of_percent() {
        let shown: Vec<Rests> = (1..=6).filter_map(|rules| Rests::of(Lang::Id, rules)).collect();
        assert_eq!(shown[0].dots, "●○○○");
        assert_eq!((shown[0].words, shown[1].words), ("satu petunjuk", "dua petunjuk"));
        assert_eq!((&*shown[5].dots, shown[5].words), (&*shown[3].dots, shown[3].words));
        assert!(shown.iter().all(|rests| !rests.meaning.contains('%') && !rests.meaning.is_empty()));
        assert!(Rests::of(Lang::Id, 0).is_none());
    }
}
