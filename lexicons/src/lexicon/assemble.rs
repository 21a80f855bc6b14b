//! Putting the lexicon together from its files, every fault found at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Lexicon;
use crate::anchors::Anchors;
use crate::calendar::Calendar;
use crate::contests::{self, Contests};
use crate::fault::Fault;
use crate::gazetteer::Gazetteer;
use crate::law::Laws;
use crate::left_out::LeftOut;
use crate::narrow::Narrow;
use crate::rule::{self, Class, Field, Need, Needs, begins_by_word};
use crate::rules_file;
use crate::said::Said;
use crate::sets::Sets;
use crate::slang;
use crate::sources::Sources;
use crate::sums::Sums;
use crate::weights::{self, Weights};

impl Lexicon {
    /// The lexicon of `sources`; its rules are not judged.
    pub(crate) fn read_all(sources: &Sources, faults: Vec<Fault>) -> Result<Lexicon, Vec<Fault>> {
        Lexicon::read_without(sources, faults, None)
    }

    /// The lexicon of `sources` with one of its parts taken away.
    pub(crate) fn read_without(
        sources: &Sources,
        faults: Vec<Fault>,
        left_out: Option<&LeftOut>,
    ) -> Result<Lexicon, Vec<Fault>> {
        let (lexicon, faults) = Lexicon::assemble(sources, faults, left_out);
        told(lexicon, faults)
    }

    /// The lexicon of `sources` as far as it can be read, and what is wrong with it.
    pub(crate) fn assemble(
        sources: &Sources,
        mut faults: Vec<Fault>,
        left_out: Option<&LeftOut>,
    ) -> (Lexicon, Vec<Fault>) {
        let file = |name| {
            if left_out.is_some_and(|part| part.file() == Some(name)) { "" } else { sources.file(name) }
        };
        let mut slang = slang::load(file("slang.toml"), &mut faults);
        let laws = Laws::load("law.toml", sources.file("law.toml"), &mut faults);
        let calendar = Calendar::load("calendar.toml", sources.file("calendar.toml"), &mut faults);
        let contests = Contests::load("contests.toml", file("contests.toml"), &mut faults);
        let second_reader = Weights::load(weights::FILE, file(weights::FILE), &mut faults);
        let land = land(sources, &mut faults);
        let mut sets = Sets::load(sources.folder("sets"), &slang, &mut faults);
        let mut guards =
            rules_file::guards("guards.toml", sources.file("guards.toml"), &mut sets, &mut faults);
        let names: BTreeSet<&str> = guards.iter().map(|guard| guard.name.as_str()).collect();
        let known = rules_file::Known { laws: laws.ids(), guards: &names };
        let mut rules = rules_file::rules(sources.folder("rules"), &mut sets, &known, &mut faults);
        let elements = rules_file::elements(sources.file(rules_file::ELEMENTS), &mut sets, &mut faults);
        contests.add_terms(&mut sets);
        if let Some(part) = left_out {
            guards.retain(|guard| !part.holds_guard(&guard.name));
            rules.retain(|rule| !part.holds_rule(&rule.id));
        }
        if left_out == Some(&LeftOut::Morphology) {
            sets.keep_roots_only();
        }
        let finished = sets.finish(&mut slang);
        let anchors = Anchors::new(&rules, finished.terms.kinds(), &finished.common);
        let mut guard_needs = Needs::default();
        for guard in &guards {
            guard_needs.add(&[Need::of(&guard.when, Field::Body, &finished.common)]);
        }
        let clearers = rule::clearers(&rules, &guards);
        slang.lexis.finish();
        let naming = Class::ALL.map(|class| {
            let pairs = [contests::NAMES, contests::WORDS].into_iter().filter(|_| class == Class::Paslon);
            let names = std::iter::once(class.name()).chain(pairs);
            names.filter_map(|name| finished.by_name.get(name).copied()).collect()
        });
        let begins = begins_by_word(&slang.lexis);
        let gate = second_reader.gate.iter().filter_map(|set| finished.by_name.get(set).copied()).collect();
        let narrow = Narrow::new(finished.terms.kinds(), &finished.names);
        let sums = Sums::new(&second_reader, &slang.lexis, finished.terms.kinds(), &finished.names);
        let lexicon = Lexicon {
            lexis: slang.lexis,
            terms: finished.terms,
            set_names: finished.names,
            by_name: finished.by_name,
            common: finished.common,
            rules,
            guards,
            elements,
            anchors,
            guard_needs,
            clearers,
            laws,
            calendar,
            contests,
            land,
            second_reader,
            sums,
            narrow,
            naming,
            begins,
            gate,
            hash: sources.hash(),
        };
        (lexicon, faults)
    }
}

/// The areas of `sources`; none where it says nothing of them.
pub(crate) fn land(sources: &Sources, faults: &mut Vec<Fault>) -> Option<Arc<Gazetteer>> {
    let own = || Arc::new(Gazetteer::laid_over(sources.folder("regions"), faults));
    sources.differs("regions").then(own)
}

/// The lexicon, or its faults, each once and in order.
pub(crate) fn told(lexicon: Lexicon, mut faults: Vec<Fault>) -> Result<Lexicon, Vec<Fault>> {
    // A file of sets that cannot be read leaves every rule that names one of them without it: only the cause is told.
    let unread = |fault: &Fault| fault.file.starts_with("sets/") && matches!(fault.said, Said::Parser(_));
    if faults.iter().any(unread) {
        faults.retain(|fault| !["no_set", "no_percent_set"].iter().any(|key| fault.said.is_text(key)));
    }
    faults.sort();
    faults.dedup();
    if faults.is_empty() { Ok(lexicon) } else { Err(faults) }
}
