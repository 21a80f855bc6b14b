//! What an analyst works on: incidents, their life and everything shown of them.

use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stream::{Category, Clue, Finding, Level, Queue, RegionCode, Role, Severity, Zone, closed_set};

use crate::explain::Told;
use crate::message::Reason;

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

closed_set! {
    /// Where an incident stands in its life.
    Status {
        /// New: nobody has looked at it.
        Baru = "baru",
        /// A person confirmed it.
        Dikonfirmasi = "dikonfirmasi",
        /// Somebody is on it.
        Ditangani = "ditangani",
        /// Over.
        Selesai = "selesai",
        /// A person turned it down, with a reason.
        Ditolak = "ditolak",
        /// Taken into another incident.
        Digabung = "digabung",
    }
}

impl Status {
    /// Whether it takes further posts and changes.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Baru | Status::Dikonfirmasi | Status::Ditangani)
    }
}

closed_set! {
    /// What is done to an incident.
    Action {
        /// A person says it holds.
        Confirm = "confirm",
        /// Somebody takes it in hand: a person at the desk, or an office that is on its way.
        Handle = "handle",
        /// It is over.
        Finish = "finish",
        /// It does not hold.
        Reject = "reject",
        /// It is taken into another one.
        Merge = "merge",
    }
}

closed_set! {
    /// How sure a matter is, as messages say it.
    Certainty {
        /// One source, looked at by nobody.
        Unverified = "unverified",
        /// Two independent sources, looked at by nobody.
        TwoSources = "two_sources",
        /// A registered reporter vouches for it.
        Reporter = "reporter",
        /// An analyst confirmed it.
        Confirmed = "confirmed",
    }
}

closed_set! {
    /// What is not known yet of a matter, said in every message; texts are `alerts.unknown.*`.
    Unknown {
        /// How it goes on.
        Course = "course",
        /// Where exactly, and how it goes on.
        Spot = "spot",
        /// Whether it is true.
        Truth = "truth",
        /// Whether it is true, and where exactly.
        TruthAndSpot = "truth_and_spot",
    }
}

closed_set! {
    /// What an office answers.
    Answer {
        /// Knows of it.
        Tahu = "tahu",
        /// Is on the way.
        Menuju = "menuju",
        /// All quiet, or not true.
        Aman = "aman",
        /// Not its area: the matter goes back to the desk.
        BukanWilayah = "bukan_wilayah",
    }
}

closed_set! {
    /// Who works at the desk.
    DeskRole {
        /// Runs the installation; reads and acts as an analyst does.
        Admin = "admin",
        /// Works on the conflict queue.
        Analis = "analis",
        /// Works on KF-14; the only role that sees it.
        Bawaslu = "bawaslu",
        /// Watches the machine: sources, health, switches.
        Ops = "ops",
    }
}

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
    /// Whether the actor's regions hold `place`; a matter without place is open to every analyst.
    pub fn covers(&self, place: Option<&RegionCode>) -> bool {
        let Some(place) = place else { return true };
        self.regions.is_empty() || self.regions.iter().any(|region| region.contains(place))
    }

    /// Whether the actor may read matters of `queue`: KF-14 is Bawaslu's alone (SG-18).
    pub fn reads(&self, queue: Queue) -> bool {
        match queue {
            Queue::Netralitas => self.role == DeskRole::Bawaslu,
            Queue::Konflik => matches!(self.role, DeskRole::Admin | DeskRole::Analis),
        }
    }

    /// Whether the actor may change matters of `queue` that lie in `place`.
    pub fn acts(&self, queue: Queue, place: Option<&RegionCode>) -> bool {
        self.reads(queue) && self.covers(place)
    }

    /// Whether the actor may turn telling off and on.
    pub fn switches(&self) -> bool {
        matches!(self.role, DeskRole::Admin | DeskRole::Ops)
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
    /// How many independent sources these come from.
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
    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        if self.effective.is_some() {
            Certainty::Confirmed
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
        match (self.certainty() == Certainty::Confirmed, village) {
            (true, true) => Unknown::Course,
            (true, false) => Unknown::Spot,
            (false, true) => Unknown::Truth,
            (false, false) => Unknown::TruthAndSpot,
        }
    }

    /// The severity that counts now: the confirmed one, else the proposed one.
    pub fn severity(&self) -> Severity {
        self.effective.unwrap_or(self.proposed)
    }
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
    /// Until when a person has to decide, also when that has passed; `None` for what waits for no decision.
    pub next_clock: Option<Timestamp>,
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

/// Everything the page of one incident shows.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentView {
    /// The incident.
    pub incident: Incident,
    /// Its posts with their signals, by event time; copies of one text stand together.
    pub posts: Vec<PostView>,
    /// Coarser or deeper incidents of the same category nearby: *mungkin sama*.
    pub maybe_same: Vec<Incident>,
    /// Who would be told if it were confirmed as it stands, and who not, with reasons.
    pub told_after_confirmation: Told,
    /// Who is to be told without confirmation, and who not, with reasons.
    pub told_now: Told,
    /// What was sent to whom, and what they answered.
    pub notifications: Vec<NotificationView>,
    /// What happened, oldest first.
    pub history: Vec<HistoryLine>,
    /// Clocks that run.
    pub clocks: Vec<ClockView>,
    /// What can be done with it now.
    pub actions: Vec<Action>,
}

/// One post of an incident.
#[derive(Clone, Debug, Serialize)]
pub struct PostView {
    /// The finding that holds for this post: text, signals, hits, cleared hits, place clues.
    pub finding: Finding,
    /// How often the same text came (×N); 1 for a single post.
    pub copies: i64,
    /// The author's token (SG-03), never the handle.
    pub author: String,
    /// The clues of this incident's signal.
    pub clues: Vec<Clue>,
    /// Whether the kept bytes still fit their hash (SG-07).
    pub intact: bool,
    /// SHA-256 of the bytes as they came.
    pub sha256: String,
}

/// A message to one office, with its delivery and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationView {
    /// Its id.
    pub id: String,
    /// Its number, as the message carries it (`KTG-12-3`).
    pub number: String,
    /// The incident.
    pub incident: IncidentId,
    /// The office; `None` when the desk itself was paged.
    pub office: Option<Office>,
    /// The channel's name.
    pub channel: String,
    /// Why it was sent, as a code of `alerts.reason.*`.
    pub reason: String,
    /// The step of the climb, 0 for the first.
    pub step: i64,
    /// Where it stands: `pending`, `sending`, `sent`, `failed`, `digest`, `digested`, `held`, `moot`.
    pub state: String,
    /// Attempts made.
    pub attempts: i64,
    /// Attempts that repeat one cut by a crash (*ulangan*).
    pub repeats: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it left.
    pub sent_at: Option<Timestamp>,
    /// What the last attempt ran into.
    pub error: Option<String>,
    /// The answer of the office.
    pub answer: Option<Answer>,
    /// When it answered.
    pub answered_at: Option<Timestamp>,
    /// The message as sent.
    pub body: String,
}

/// One line of an incident's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryLine {
    /// When.
    pub at: Timestamp,
    /// Who: an account, an office or `sistem`.
    pub actor: String,
    /// What, as a code of `alerts.history.*`.
    pub kind: String,
    /// Its details, for the text's `{detail}`.
    pub detail: String,
}

/// A clock that runs on an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// What happens when it is due, as a code of `alerts.clock.*`.
    pub kind: String,
    /// When.
    pub due: Timestamp,
}

/// What became of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// It holds at this severity.
    At(Severity),
    /// It holds at SIAGA; AWAS waits for a second person or a call-back.
    WaitsForSecond,
}

/// What an answer page shows: category, certainty, place, time, sources, what is not known. No text, no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerPage {
    /// The notification's number.
    pub number: String,
    /// The office asked.
    pub office: Office,
    /// Category of the matter; `None` when only "an item waits" may be said (KF-14).
    pub category: Option<Category>,
    /// Severity as told.
    pub severity: Severity,
    /// A graver severity that waits for a decision.
    pub proposed: Option<Severity>,
    /// Why this office was told.
    pub reason: Reason,
    /// Where it is, as deep as may be said; as corrected by now.
    pub place: Option<RegionCode>,
    /// When it was seen last, shown in the zone of the place.
    pub at: Timestamp,
    /// How sure it is by now.
    pub certainty: Certainty,
    /// From how many independent sources it comes by now.
    pub sources: i64,
    /// What is not known yet.
    pub unknown: Unknown,
    /// The answer given, if any.
    pub answer: Option<Answer>,
    /// When it was given, shown in the zone of the place.
    pub answered_at: Option<Timestamp>,
    /// Zone of the place.
    pub zone: Zone,
    /// Whether an answer is still taken.
    pub open: bool,
    /// The office is complained of by now (SG-14): the page takes its answer and shows nothing that its message did
    /// not; place and sources are left out.
    pub withheld: bool,
}

/// What `/-/ready`, the health page and the banner need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Who holds the lease.
    pub holder: Option<String>,
    /// The lease's epoch.
    pub epoch: i64,
    /// Open incidents, without archived ones.
    pub open: i64,
    /// Messages waiting to leave.
    pub waiting: i64,
    /// Messages that failed for good.
    pub failed: i64,
    /// Clocks overdue by more than a minute.
    pub overdue: i64,
    /// Offices the routing needed and nobody holds.
    pub gaps: i64,
    /// Offices that the roster has somebody for; 0 means that nobody can be told of anything.
    pub offices: i64,
    /// Kill switches that are on.
    pub switches: Vec<Switch>,
}

/// A kill switch that is on (SG-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// `region:62.10` or `channel:email`.
    pub scope: String,
    /// Who turned it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An office the routing needed and nobody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The office.
    pub office: Office,
    /// How often it was needed.
    pub times: i64,
    /// When last.
    pub last: Timestamp,
}

/// One row of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Its number, without holes.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What (`confirm`, `reject`, `reveal`, `export` …).
    pub action: String,
    /// On what.
    pub subject: String,
    /// Details.
    pub detail: String,
    /// Hash over this row and the hash before it.
    pub hash: String,
}

/// Whether the audit's chain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum AuditCheck {
    /// All rows fit, so many.
    Whole(i64),
    /// The first row that does not fit.
    BrokenAt(i64),
}

closed_set! {
    /// What happened to an incident; texts are `alerts.history.*`.
    Event {
        /// It was made.
        Made = "made",
        /// A post was judged anew after somebody was told.
        Rejudged = "rejudged",
        /// New judgements took all its posts away.
        Withdrawn = "withdrawn",
        /// What remained of it fell apart.
        Split = "split",
        /// It was taken into another one.
        Merged = "merged",
        /// It took another one in.
        Absorbed = "absorbed",
        /// A person confirmed it.
        Confirmed = "confirmed",
        /// AWAS waits for a second person.
        WaitsForSecond = "waits_for_second",
        /// A person called back.
        CalledBack = "called_back",
        /// A person turned it down.
        Rejected = "rejected",
        /// Somebody is on it.
        Handled = "handled",
        /// It is over.
        Finished = "finished",
        /// A person set its place.
        Place = "place",
        /// Offices were told.
        Told = "told",
        /// Nobody could be told.
        NotTold = "not_told",
        /// An office answered.
        Answered = "answered",
        /// An office said it is not its area.
        Returned = "returned",
        /// Bawaslu released it.
        Released = "released",
        /// An author was revealed.
        Revealed = "revealed",
    }
}

closed_set! {
    /// A clock that runs on an incident; texts are `alerts.clock.*`.
    Timer {
        /// Nobody has decided: it goes out as not verified.
        Unconfirmed = "unconfirmed",
        /// Silent lines climb.
        Climb = "climb",
        /// Silent offices are told once more.
        Repeat = "repeat",
    }
}
