//! The villages that the posts of one incident name: each is told of by its own sources, and has its own offices.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stream::{Queue, RegionCode};

use super::{Certainty, Incident};
use crate::Reason;

/// A place inside the place of an incident that some of its posts name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// The place, as deep as the posts tell it: of an incident of a kecamatan a village.
    pub place: RegionCode,
    /// How many posts may tell of it: those that name it, and those that name no village.
    pub posts: i64,
    /// How many of those name no village; none in what was stored before this was.
    #[serde(default)]
    pub wide: i64,
    /// How many independent sources those are.
    pub sources: i64,
    /// Whether a registered reporter is among them.
    pub reporter: bool,
    /// When the last of them happened; none in what was stored before this was.
    #[serde(default)]
    pub last: Option<Timestamp>,
    /// It was named after a person had decided: nobody has looked at it yet. Not stored: it follows from the decision.
    #[serde(default)]
    pub later: bool,
}

impl Scene {
    /// Whether its offices are told without waiting for the desk.
    pub fn is_ready(&self) -> bool {
        self.sources >= 2 || self.reporter
    }
}

impl Incident {
    /// Whether it is told of as of several villages: its sources are the most that tell of one, and a reporter spoke of one.
    /// Not to the office of one of them, nor of a village that is named later (`reason`): those hear of that village.
    pub fn of_several(&self, reason: Option<Reason>) -> bool {
        let own = |scene: &Scene| Some(&scene.place) == self.place.as_ref();
        let further = reason == Some(Reason::Further) && self.scenes.first().is_some_and(|scene| scene.later);
        self.scenes.len() > 1 && !further && !self.scenes.iter().any(own)
    }

    /// How many of the posts behind its sources, as it is told for `reason` or shown to the desk, name no village: those count
    /// for every village of their kecamatan. None for KF-14, of which no village is said.
    pub fn wide_told(&self, reason: Option<Reason>) -> i64 {
        let told = match self.of_several(reason) {
            true => self.scenes.iter().map(|scene| scene.wide).max(),
            false => self.scenes.first().map(|scene| scene.wide),
        };
        told.filter(|_| self.queue == Queue::Konflik).unwrap_or(0)
    }

    /// How sure it is as it is told for `reason`, or shown to the desk: what a registered reporter said of one village
    /// vouches for no other.
    pub fn certainty_told(&self, reason: Option<Reason>) -> Certainty {
        let some = |scene: &Scene| !scene.reporter;
        match self.certainty() {
            Certainty::Reporter
                if self.queue == Queue::Konflik
                    && self.of_several(reason)
                    && self.scenes.iter().any(some) =>
            {
                Certainty::ReporterOfSome
            }
            certainty => certainty,
        }
    }
}

/// Whether `inner` is a part of `outer`, not `outer` itself.
pub(crate) fn lies_inside(inner: &RegionCode, outer: &RegionCode) -> bool {
    inner != outer && outer.contains(inner)
}
