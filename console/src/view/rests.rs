//! On how many rules a finding rests, in words and dots: no percentage, no colour alone.

use lexicons::Lang;

/// More than so many are shown as so many.
const MOST: usize = 4;

/// On how many rules a finding rests, as a page shows it.
pub(crate) struct Rests {
    /// As many dots as rules, the rest empty: a shape that shows in a glance.
    pub(crate) dots: String,
    /// How many, in words.
    pub(crate) words: &'static str,
    /// What that means for the reader.
    pub(crate) meaning: &'static str,
}

impl Rests {
    /// For a finding on `rules` different rules; nothing for one on none (only a person sets such).
    pub(crate) fn of(lang: Lang, rules: i64) -> Option<Rests> {
        let shown = usize::try_from(rules).ok()?.min(MOST);
        let key = |table: &str| lang.get(&format!("console.rests.{table}_{shown}"));
        (rules > 0).then(|| Rests {
            dots: "●".repeat(shown) + &"○".repeat(MOST - shown),
            words: key("words"),
            meaning: key("meaning"),
        })
    }

    /// All that a page may show, from the least.
    pub(crate) fn ladder(lang: Lang) -> Vec<Rests> {
        (1..=MOST).filter_map(|rules| Rests::of(lang, i64::try_from(rules).ok()?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
