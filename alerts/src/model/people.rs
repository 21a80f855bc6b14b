//! Who is told and who works at the desk: offices, and actors with what they may see and do.

use std::fmt;

use serde::{Deserialize, Serialize};
use stream::{Queue, RegionCode, Role};

use super::DeskRole;

/// An office: a role in a region. Routing ends here, never in a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Office {
    /// The role.
    pub role: Role,
    /// Its region.
    pub region: RegionCode,
}

impl Office {
    /// The office of `role` in `region`.
    pub fn new(role: Role, region: RegionCode) -> Office {
        Office { role, region }
    }

    /// Whether a matter in `place` lies in its area, or around it.
    pub fn concerns(&self, place: &RegionCode) -> bool {
        self.region.contains(place) || place.contains(&self.region)
    }
}

impl fmt::Display for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.role, self.region)
    }
}

/// Who does something at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account's name: stands in history and audit.
    pub name: String,
    /// The role.
    pub role: DeskRole,
    /// The regions it may see; empty means all.
    pub regions: Vec<RegionCode>,
}

impl Actor {
    /// Whether the actor's regions hold `place`.
    pub fn covers(&self, place: &RegionCode) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|region| region.contains(place))
    }

    /// Whether a matter of `queue` in `place` is the actor's to look at, whatever the role: what lies in the actor's
    /// regions, and what is known to lie nowhere yet. A place around one of the regions is no more than that to an
    /// analyst, who may be the one to narrow it. The condition of the queue's lines says the same in SQL.
    pub fn may_lie(&self, queue: Queue, place: Option<&RegionCode>) -> bool {
        let Some(place) = place else { return true };
        let around = queue == Queue::Konflik && self.regions.iter().any(|region| place.contains(region));
        around || self.covers(place)
    }

    /// Whether the actor may read matters of `queue`: KF-14 is Bawaslu's alone (SG-18).
    pub fn reads(&self, queue: Queue) -> bool {
        match queue {
            Queue::Netralitas => self.role == DeskRole::Bawaslu,
            Queue::Konflik => matches!(self.role, DeskRole::Admin | DeskRole::Analis),
        }
    }

    /// Whether the actor may see and change matters of `queue` that are known to lie in `place`.
    pub fn acts(&self, queue: Queue, place: Option<&RegionCode>) -> bool {
        self.reads(queue) && self.may_lie(queue, place)
    }

    /// Whether the actor may turn telling off and on.
    pub fn switches(&self) -> bool {
        matches!(self.role, DeskRole::Admin | DeskRole::Ops)
    }
}
