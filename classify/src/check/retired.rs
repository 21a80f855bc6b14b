//! Built-in examples that rest on a rule which a folder has retired: they say nothing of that folder.

use lexicons::severity::Element;
use lexicons::{Guard, Lexicon, Sentence};
use stream::Post;

use crate::judge::judge_by_rules as judge;

/// Whether the example of `guard` that `post` was made of is excused: it is built in, and rests on a retired rule.
pub(super) fn excuses_guard(lexicon: &Lexicon, guard: &Guard, example: &Sentence, post: &Post) -> bool {
    let builtin = Lexicon::builtin();
    let own = builtin.guards().iter().find(|own| own.name == guard.name);
    let mut own = own.into_iter().flat_map(|own| own.keeps.iter().chain(&own.clears_examples));
    own.any(|sentence| sentence.text == example.text) && bears(lexicon, post)
}

/// The same of an example of `element`.
pub(super) fn excuses_element(lexicon: &Lexicon, element: &Element, example: &Sentence, post: &Post) -> bool {
    let builtin = Lexicon::builtin();
    let own = builtin.elements().iter().find(|own| own.id == element.id);
    let mut own = own.into_iter().flat_map(|own| own.reaches.iter().chain(&own.keeps));
    own.any(|sentence| sentence.text == example.text) && bears(lexicon, post)
}

/// Whether of the built-in lexicon a rule holds in `post` that `lexicon` has retired: a built-in example that fails now
/// rested on it, and no keeper can mend that by data.
fn bears(lexicon: &Lexicon, post: &Post) -> bool {
    let Some(found) = judge(&Lexicon::builtin(), post) else { return false };
    let hits = found.signals.iter().flat_map(|signal| &signal.hits);
    let mut rules = hits.chain(found.cleared.iter().map(|cleared| &cleared.hit)).map(|hit| &hit.rule);
    rules.any(|id| lexicon.rules().iter().any(|rule| rule.id == *id && rule.retired.is_some()))
}

#[cfg(test)]
mod tests {
    use lexicons::Lang;

    use super::*;
    use crate::check;

    #[test]
    fn a_rule_that_a_folder_retires_makes_no_faults_of_built_in_examples_that_rest_on_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("rules")).unwrap();
        let retired = "id = \"KF-02-bawa-senjata\"\nretired = \"2026-11-23\"";
        let rules = include_str!("../../../lexicons/rules/kf-02.toml");
        assert!(rules.contains("id = \"KF-02-bawa-senjata\""));
        let rules = rules.replacen("id = \"KF-02-bawa-senjata\"", retired, 1);
        std::fs::write(folder.path().join("rules/kf-02.toml"), rules).unwrap();
        assert_eq!(check(&Lexicon::load(Some(folder.path())).unwrap()), []);
        // An example of one's own that rests on it is one to mend.
        let own = "\n[[guard]]\nname = \"uji\"\nscope = \"text\"\nclears = \"all\"\nwhen = \"bukanlahik\"\nwhy = \"Uji\"\n\
                   keeps = [\"KF-02: itu bukan hoaks, nanti malam massa serbu kantor KPU bawa parang\"]\n\
                   clears_examples = [\"bukanlahik kantor KPU kita bakar nanti malam\"]\n";
        let guards = format!("{}{own}", include_str!("../../../lexicons/guards.toml"));
        std::fs::write(folder.path().join("guards.toml"), guards).unwrap();
        let faults = check(&Lexicon::load(Some(folder.path())).unwrap());
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        assert!(fault.text(Lang::Id).contains("penjaga 'uji' tidak menyisakan KF-02"), "{fault}");
    }
}
