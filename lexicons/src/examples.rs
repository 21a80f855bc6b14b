//! How many example sentences show what a rule finds and what it leaves.

use std::collections::BTreeSet;

use crate::rule::Sentence;
use crate::said::{self, Said};

/// Fewest example sentences of each kind.
const EXAMPLES: usize = 3;

/// Tells when the rule `id` has too few examples.
pub(crate) fn enough(id: &str, flagged: &[Sentence], clean: &[Sentence], fault: &mut impl FnMut(Said)) {
    for (what, texts) in [("flagged", flagged), ("clean", clean)] {
        let different: BTreeSet<&str> = texts.iter().map(|sentence| sentence.text.trim()).collect();
        if different.len() < EXAMPLES {
            fault(said::few_examples(&id, &different.len(), what, &EXAMPLES));
        }
    }
}
