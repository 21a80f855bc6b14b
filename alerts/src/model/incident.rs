//! An incident as it stands: its number, its life, its line in the queue.

use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stream::{Category, Level, Queue, RegionCode, Severity, Zone};

use super::{Backing, Certainty, Office, Scene, Status, Unknown};
use crate::Reason;

/// Which incident it is; written `KTG-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub i64);

impl IncidentId {
    /// Reads `KTG-12` or `12`.
    pub fn parse(text: &str) -> Option<IncidentId> {
        text.strip_prefix("KTG-").unwrap_or(text).parse().ok().map(IncidentId)
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KTG-{}", self.0)
    }
}

/// An incident: signals on one matter in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// Whose desk it stands on.
    pub queue: Queue,
    /// Its category.
    pub category: Category,
    /// The deepest region that holds all its signals; `None` until a person sets one.
    pub place: Option<RegionCode>,
    /// The villages that its posts name inside that place, in code order; none where they name one place, where it is
    /// known to a kabupaten at most, and where a person set the place.
    pub scenes: Vec<Scene>,
    /// The zone its times are shown in.
    pub zone: Zone,
    /// Where it stands in its life.
    pub status: Status,
    /// The highest severity of its signals.
    pub proposed: Severity,
    /// What a person confirmed.
    pub effective: Option<Severity>,
    /// Who confirmed AWAS first, while a second person is awaited.
    pub awas_waits_for_second: Option<String>,
    /// What the AWAS that was confirmed stands on; none below it, and of what was confirmed before this was kept.
    pub backing: Option<Backing>,
    /// The earliest event time of its signals.
    pub first_event: Timestamp,
    /// The latest event time of its signals.
    pub last_event: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// Old posts only: tells nobody.
    pub archived: bool,
    /// How many posts it holds.
    pub posts: i64,
    /// How many independent sources tell of one place at most: the next village bears out nothing.
    pub sources: i64,
    /// Whether a registered reporter is among them.
    pub reporter: bool,
    /// When an office was first told.
    pub told_at: Option<Timestamp>,
    /// An office said it is not its area: a person has to look at the place.
    pub returned: bool,
    /// Bawaslu released it (KF-14).
    pub released: bool,
    /// The incident that took this one in.
    pub merged_into: Option<IncidentId>,
    /// The finished incident on the same matter that came before.
    pub follows: Option<IncidentId>,
    /// Why it was turned down, or how it ended.
    pub closing_note: Option<String>,
}

impl Incident {
    /// An incident as its first post makes it: of what happened `at`, proposed at `severity`, nowhere yet, and in the hands
    /// of nobody.
    pub fn begun(id: IncidentId, category: Category, severity: Severity, at: Timestamp) -> Incident {
        Incident {
            id,
            queue: category.queue(),
            category,
            place: None,
            scenes: Vec::new(),
            zone: Zone::default(),
            status: Status::Baru,
            proposed: severity,
            effective: None,
            awas_waits_for_second: None,
            backing: None,
            first_event: at,
            last_event: at,
            created_at: at,
            archived: false,
            posts: 1,
            sources: 1,
            reporter: false,
            told_at: None,
            returned: false,
            released: false,
            merged_into: None,
            follows: None,
            closing_note: None,
        }
    }

    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        if self.status == Status::Ditolak {
            Certainty::Rejected
        } else if self.status == Status::Ditarik {
            Certainty::Withdrawn
        } else if self.awas_waits_for_second.is_some() {
            Certainty::OneOfTwo
        } else if let Some(effective) = self.effective {
            match self.backing.filter(|_| effective == Severity::Awas) {
                Some(Backing::TwoPersons) => Certainty::ByTwo,
                Some(Backing::CallBack) => Certainty::ByCall,
                None => Certainty::Confirmed,
            }
        } else if self.reporter {
            Certainty::Reporter
        } else if self.sources >= 2 {
            Certainty::TwoSources
        } else {
            Certainty::Unverified
        }
    }

    /// What is not known of it yet.
    pub fn unknown(&self) -> Unknown {
        let village = self.place.as_ref().is_some_and(|place| place.level() == Level::Desa);
        let village = village || !self.scenes.is_empty();
        match (self.certainty().is_decided(), village) {
            (true, true) => Unknown::Course,
            (true, false) => Unknown::Spot,
            (false, true) => Unknown::Truth,
            (false, false) => Unknown::TruthAndSpot,
        }
    }

    /// The places it is known to lie in: the villages that its posts name, and the region that holds them.
    pub(crate) fn places(&self) -> Vec<&RegionCode> {
        self.scenes.iter().map(|scene| &scene.place).chain(&self.place).collect()
    }

    /// The matter as an office in `region` hears of it for `reason`: a village's office hears of its own village as the
    /// place, told of by that village's own sources and when they last did; of a village that was named after a person
    /// had decided nobody has confirmed anything.
    pub fn seen_from(&self, region: &RegionCode, reason: Reason) -> Incident {
        let mut seen = self.clone();
        let own = |scene: &Scene| scene.place == *region;
        // Whoever hears of a further village for an office that is not held hears of that village.
        let further =
            |scene: &Scene| reason == Reason::Further && scene.later && region.contains(&scene.place);
        let found = self.scenes.iter().position(own).or_else(|| self.scenes.iter().position(further));
        let Some(scene) = found.map(|at| seen.scenes.remove(at)) else { return seen };
        (seen.sources, seen.reporter) = (scene.sources, scene.reporter);
        seen.last_event = scene.last.unwrap_or(seen.last_event);
        if scene.place == *region {
            seen.place = Some(scene.place.clone());
        }
        if scene.later {
            let half = seen.awas_waits_for_second.take().is_some();
            seen.proposed = if half { Severity::Awas } else { self.severity() };
            seen.effective = None;
        }
        seen.scenes.insert(0, scene);
        seen
    }

    /// How a decision on it presses.
    pub fn urgency(&self) -> Urgency {
        if self.awas_waits_for_second.is_some() && self.status.is_open() {
            return Urgency::Second;
        }
        match self.proposed {
            _ if self.effective.is_some() || self.status != Status::Baru => Urgency::Other,
            Severity::Awas => Urgency::Awas,
            Severity::Siaga => Urgency::Siaga,
            Severity::Waspada | Severity::Normal => Urgency::Other,
        }
    }

    /// The proposed severity where it is above the one that a person has settled on, whichever came first.
    pub(crate) fn above_decided(&self) -> Option<Severity> {
        let settled = self.awas_waits_for_second.is_none() && self.status.is_open();
        let above = self.effective.is_some_and(|effective| self.proposed > effective);
        (settled && above).then_some(self.proposed)
    }

    /// The severity that counts now: the confirmed one, else the proposed one.
    pub fn severity(&self) -> Severity {
        self.effective.unwrap_or(self.proposed)
    }
}

/// How a decision presses, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// An AWAS that one of two persons has confirmed.
    Second,
    /// A proposal of AWAS.
    Awas,
    /// A proposal of SIAGA.
    Siaga,
    /// Whatever does not come before the others.
    Other,
}

/// A line of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentRow {
    /// The incident.
    pub incident: Incident,
    /// The words around the first hit of its gravest post, for the reader of the queue.
    pub excerpt: String,
    /// The hits of the signal that stand in `excerpt`, in bytes of it.
    pub excerpt_marks: Vec<Range<usize>>,
    /// On how many rules the post of it rests that rests on most.
    pub rests: i64,
    /// A post names a place that several bear, and nobody has set one: choosing between them would settle where it lies.
    pub choose_place: bool,
    /// Until when a person has to decide, also when that has passed; `None` for what waits for no decision.
    pub next_clock: Option<Timestamp>,
    /// Posts that came after a person's decision are graver than what it was taken on.
    pub graver: bool,
    /// Offices told so far; one whose every message failed is not.
    pub told: i64,
    /// Offices that answered.
    pub answered: i64,
}

/// Which incidents of a queue.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// Of this queue; both the actor may read when `None`.
    pub queue: Option<Queue>,
    /// In this status; all open ones when `None`.
    pub status: Option<Status>,
    /// Of this category.
    pub category: Option<Category>,
    /// Proposed or effective at least this.
    pub severity: Option<Severity>,
    /// In this region.
    pub region: Option<RegionCode>,
    /// With finished, rejected and merged ones too.
    pub closed: bool,
    /// Old posts too.
    pub archived: bool,
    /// At most so many (0 = 100).
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// What a person did by setting the place of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceSet {
    /// What became of the incident.
    pub placed: Placed,
    /// The offices that a message went to because of it.
    pub told: Vec<Office>,
}

/// What became of an incident whose place a person set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It stands there, and has taken in those of its group that stood there at its time.
    Here {
        /// Whom it took in.
        taken: Vec<IncidentId>,
    },
    /// An older one of its group stood there already and took it in.
    Into(IncidentId),
}

/// What became of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// It holds at this severity.
    At(Severity),
    /// It holds at SIAGA; AWAS waits for a second person or a call-back.
    WaitsForSecond,
}
