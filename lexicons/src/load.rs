//! Loading a lexicon: from its folder, checked or with a part taken away.

use std::path::Path;

use crate::fault::Fault;
use crate::gazetteer::Gazetteer;
use crate::left_out::LeftOut;
use crate::lexicon::{Lexicon, land, told};
use crate::lint;
use crate::sources::Sources;

impl Lexicon {
    /// The embedded lexicon, overlaid by the files of `dir` (same layout) where it is given.
    ///
    /// # Errors
    /// Every fault at once; the same data is always refused again.
    pub fn load(dir: Option<&Path>) -> Result<Lexicon, Vec<Fault>> {
        let (sources, faults) = sources(dir);
        Lexicon::from_sources(&sources, faults)
    }

    /// The lexicon of `sources`, read and checked.
    pub(crate) fn from_sources(sources: &Sources, faults: Vec<Fault>) -> Result<Lexicon, Vec<Fault>> {
        let (lexicon, mut faults) = Lexicon::assemble(sources, faults, None);
        // What is wrong with vocabulary would make good rules look wrong.
        if faults.iter().all(|fault| fault.file.starts_with("rules/")) {
            lint::run(&lexicon, &mut faults);
        }
        told(lexicon, faults)
    }

    /// As [`Lexicon::load`], with one part taken away; the examples of rules are not tried, since some must fail.
    ///
    /// # Errors
    /// Every fault at once; the same data is always refused again.
    pub fn load_without(dir: Option<&Path>, part: &LeftOut) -> Result<Lexicon, Vec<Fault>> {
        let (sources, faults) = sources(dir);
        Lexicon::read_without(&sources, faults, Some(part))
    }
}

/// Lets the whole program go by the areas of the folder `dir` where nothing else of it is asked for. What is wrong with
/// them is told where the folder is read as a lexicon.
pub fn adopt_areas(dir: &Path) {
    let (sources, mut faults) = sources(Some(dir));
    Gazetteer::adopt(land(&sources, &mut faults));
}

/// The embedded files, overlaid by those of `dir`, and what is wrong with these.
fn sources(dir: Option<&Path>) -> (Sources, Vec<Fault>) {
    let mut faults = Vec::new();
    let sources = match dir {
        Some(dir) => Sources::overlaid(dir, &mut faults),
        None => Sources::embedded(),
    };
    (sources, faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Reading;

    fn has(lexicon: &Lexicon, set: &str, text: &str) -> bool {
        let mut reading = Reading::default();
        lexicon.read(text, &mut reading);
        lexicon.set(set).is_some_and(|set| reading.has(set))
    }

    #[test]
    fn each_part_can_be_taken_away() {
        let whole = Lexicon::builtin();
        let without = |part| Lexicon::load_without(None, &part).expect("it loads");
        assert!(without(LeftOut::Rules).rules().is_empty());
        assert!(without(LeftOut::Guards).guards().is_empty());
        let guard = whole.guards()[0].name.clone();
        let one = without(LeftOut::Guard(guard.clone()));
        assert_eq!(one.guards().len(), whole.guards().len() - 1);
        assert!(one.guards().iter().all(|other| other.name != guard));
        assert!(without(LeftOut::SecondReader).second_reader().is_empty());
        let text = "gudangnya mau disuluti";
        assert!(has(&whole, "burn_v", text));
        assert!(!has(&without(LeftOut::Morphology), "burn_v", text));
    }
}
