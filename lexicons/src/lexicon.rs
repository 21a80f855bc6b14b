//! The lexicon: sets, rules, guards, slang, laws, calendar and contests in one, loaded with every fault found at once.

mod assemble;
mod examples;
mod grown;

pub(crate) use assemble::{land, told};
pub use examples::Example;

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::anchors::Anchors;
use crate::calendar::Calendar;
use crate::contests::{self, Contests};
use crate::fault::Fault;
use crate::fold::{Folded, Lexis, fold};
use crate::gazetteer::Gazetteer;
use crate::law::Laws;
use crate::narrow::Narrow;
use crate::range::Range;
use crate::reading::{Reading, Terms};
use crate::rule::{Class, Guard, Known, Needs, Rule};
use crate::set_bits::SetId;
use crate::severity::{self, Element};
use crate::sources::Sources;
use crate::sums::Sums;
use crate::texts::Lang;
use crate::weights::Weights;

/// Everything the classifier knows of words; immutable, shared, replaced whole on reload.
#[derive(Clone, Debug)]
pub struct Lexicon {
    lexis: Lexis,
    terms: Terms,
    set_names: Vec<String>,
    by_name: FxHashMap<String, SetId>,
    /// How often a word of each set stands in a thousand everyday texts.
    common: Vec<u32>,
    rules: Vec<Rule>,
    guards: Vec<Guard>,
    elements: Vec<Element>,
    anchors: Anchors,
    /// By guard: what it cannot hold without.
    guard_needs: Needs,
    /// By rule: the guards that may clear it.
    clearers: Vec<Vec<usize>>,
    laws: Laws,
    calendar: Calendar,
    contests: Contests,
    /// The areas with names of the folder's own; none where it says nothing of them.
    land: Option<Arc<Gazetteer>>,
    second_reader: Weights,
    sums: Sums,
    narrow: Narrow,
    /// By class: the sets whose terms are of it.
    naming: [Vec<SetId>; Class::ALL.len()],
    /// By word: the classes that code fills of which something may begin with it, as bits.
    begins: Vec<u8>,
    /// The sets that wake the second reader.
    gate: Vec<SetId>,
    hash: String,
}

impl Lexicon {
    /// The lexicon embedded in the binary.
    ///
    /// # Panics
    /// When the embedded data has a fault: the tests of this crate and `kentongan check` find that before any release.
    pub fn builtin() -> Arc<Lexicon> {
        // Its rules were checked by the tests; only what cannot be read at all is met here.
        static BUILTIN: LazyLock<Arc<Lexicon>> =
            LazyLock::new(|| match Lexicon::read_all(&Sources::embedded(), Vec::new()) {
                Ok(lexicon) => Arc::new(lexicon),
                Err(faults) => {
                    let faults: Vec<String> = faults.iter().map(Fault::to_string).collect();
                    panic!("the embedded lexicon has faults:\n{}", faults.join("\n"));
                }
            });
        BUILTIN.clone()
    }

    /// A hash over all its files, 16 hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The word forms that the sets hold, each once.
    pub fn forms(&self) -> Vec<&str> {
        self.lexis.forms().collect()
    }

    /// The vocabulary.
    pub fn lexis(&self) -> &Lexis {
        &self.lexis
    }

    /// Folds `text` without looking for terms.
    pub fn fold(&self, text: &str, out: &mut Folded) {
        fold(&self.lexis, text, out);
    }

    /// Folds `text` and finds every term in it. Allocates nothing once `out` has grown to its texts.
    pub fn read(&self, text: &str, out: &mut Reading) {
        fold(&self.lexis, text, &mut out.folded);
        self.terms.find(out);
    }

    /// The set with this name.
    pub fn set(&self, name: &str) -> Option<SetId> {
        self.by_name.get(name).copied()
    }

    /// The name of a set; a set of one term is named by it (`"baku hantam"`, `~serbu`).
    pub fn set_name(&self, set: SetId) -> &str {
        self.set_names.get(set.index()).map_or("", String::as_str)
    }

    /// Every rule, by id, retired ones included.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Every guard, in the order of the file.
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }

    /// What raises or lowers a severity, in the order of asking.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// What people read at a severity's step, by its code; none where no element is told by it.
    pub fn step_shown(&self, code: &str, lang: Lang) -> Option<&str> {
        severity::shown(&self.elements, code, lang)
    }

    /// The guards that may clear a rule, by index, in the order of the file.
    pub fn clearers(&self, rule: usize) -> &[usize] {
        &self.clearers[rule]
    }

    /// The laws that findings refer to.
    pub fn laws(&self) -> &Laws {
        &self.laws
    }

    /// The stages and days of elections.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The areas: the built-in ones, with the names that the folder lays over them.
    pub fn land(&self) -> &Gazetteer {
        self.land.as_deref().unwrap_or_else(|| Gazetteer::builtin())
    }

    /// Lets the whole program go by the areas of this lexicon ([`Gazetteer::in_use`]): at the start, and whenever
    /// another lexicon takes its place.
    pub fn adopt_land(&self) {
        Gazetteer::adopt(self.land.clone());
    }

    /// The second reader's weights; empty when there is none.
    pub fn second_reader(&self) -> &Weights {
        &self.second_reader
    }

    /// What the second reader makes of each word by itself.
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// The sets that tell most of what a term is.
    pub fn narrow(&self) -> &Narrow {
        &self.narrow
    }

    /// Whether what was read is of the second reader's business.
    pub fn wakes_second_reader(&self, reading: &Reading) -> bool {
        self.gate.iter().any(|set| reading.has(*set))
    }

    /// Who runs against whom where.
    pub fn contests(&self) -> &Contests {
        &self.contests
    }

    /// Which rules each term wakes.
    pub(crate) fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// Whether no set must be present for the rule to hold.
    pub(crate) fn wakes_always(&self, rule: &Rule) -> bool {
        self.rules.iter().position(|other| other.id == rule.id).is_some_and(|at| self.anchors.is_always(at))
    }

    /// Whether a guard, by index, has what it needs.
    #[inline]
    pub(crate) fn may_guard(&self, guard: usize, known: &impl Known) -> bool {
        self.guard_needs.met(guard, known)
    }

    /// By word: the classes that code fills of which something may begin with it, as bits.
    pub(crate) fn begins(&self) -> &[u8] {
        &self.begins
    }

    /// Whether the folder's words may name something of a class that code fills: its own set, or the pairs of contests.
    pub(crate) fn may_name(&self, class: Class, reading: &Reading) -> bool {
        self.naming[class as usize].iter().any(|set| reading.has(*set))
    }

    /// Adds the tokens that name a pair of a contest: its names always, its slogans and nicknames beside another cue.
    pub(crate) fn pairs(&self, reading: &Reading, out: &mut Vec<Range>) {
        let all =
            |name| self.set(name).map(|set| reading.hits_of(set).collect::<Vec<Range>>()).unwrap_or_default();
        out.extend(all(contests::NAMES));
        if !out.is_empty() || !all(contests::CUES).is_empty() {
            out.extend(all(contests::WORDS));
        }
    }
}
