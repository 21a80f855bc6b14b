//! What routing knows: the matter, and of the land who holds which office.

use std::collections::BTreeSet;

use stream::{Category, RegionCode, Role, Severity};

use super::accused::{Complained, kept_out};
use super::first::named_by_tag;
use super::offices::lists;
use super::told::Why;
use crate::{Office, Scene};

/// What the router knows of a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its category.
    pub category: Category,
    /// The severity it is told at.
    pub severity: Severity,
    /// Where it lies, as deep as sure.
    pub place: Option<RegionCode>,
    /// The villages in it whose offices are to be told.
    pub scenes: Vec<Scene>,
    /// Its posts name several villages in it, whether or not the offices of each are to be told: the place is as wide as
    /// it is because of them, not because nobody knows it deeper.
    pub several: bool,
    /// Offices that it complains of.
    pub accused: Vec<Complained>,
    /// Tags of domain.md 2.4.
    pub tags: BTreeSet<String>,
    /// Offices that have heard of it already.
    pub heard: BTreeSet<Office>,
}

impl Matter {
    /// As it is told without waiting for the desk: of the villages that two sources or a reporter tell of, and never
    /// higher than WASPADA without a person.
    pub fn at_once(mut self) -> Matter {
        self.scenes.retain(Scene::is_ready);
        Matter { severity: Severity::Waspada, ..self }
    }

    /// Whether `role` may hear of it at some severity: its row in domain.md 3.1 lists the category, or 2.4 names it for
    /// matters with this tag.
    pub fn is_for(&self, role: Role) -> bool {
        lists(role, self.category) || named_by_tag(role, self.category, &self.tags)
    }

    /// Why `office` must not hear of it, or hear no more of it, because of whom it complains of (SG-14).
    ///
    /// A complaint that comes later silences the office complained of and its chain. Whoever merely sits at its
    /// level, on another pillar, and has heard of the matter already, goes on hearing of it.
    pub fn bars(&self, office: &Office) -> Option<Why> {
        kept_out(office, &self.accused, self.place.as_ref())
            .filter(|why| *why != Why::AccusedLevel || !self.heard.contains(office))
    }
}

/// What routing needs to know of the land: who holds offices, and where the head of the region runs.
pub trait Holders {
    /// Whether somebody is registered for `office`.
    fn holds(&self, office: &Office) -> bool;

    /// Whether in the regency `region` the head of the region or a relative is a candidate, or the Pj is the subject.
    fn incumbent_runs(&self, region: &RegionCode) -> bool;
}
