//! What the pages show of an incident: its posts, its messages, its history, the page of an answer.

use jiff::Timestamp;
use serde::Serialize;
use stream::{Category, Clue, Finding, RegionCode, Severity, Signal, Zone};

use super::{
    Action, Answer, Beside, Certainty, Event, Incident, IncidentId, Kinship, Near, Office, Scene, Status,
    Unknown,
};
use crate::Reason;
use crate::message::Doubt;
use crate::route::told::Told;

/// Everything the page of one incident shows.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentView {
    /// The incident.
    pub incident: Incident,
    /// What is not sure of its place.
    pub doubt: Doubt,
    /// On how many rules the post of it rests that rests on most.
    pub rests: i64,
    /// Until when a person has to decide, as in [`IncidentRow::next_clock`].
    pub decide_by: Option<Timestamp>,
    /// Its posts with their signals, by event time; copies of one text stand together.
    pub posts: Vec<PostView>,
    /// Open incidents that may be one with this, the nearest first: *mungkin sama*.
    pub maybe_same: Vec<MaybeSame>,
    /// Other incidents at the same place within one session, open or over, the nearest in time first.
    pub related: Vec<Related>,
    /// Who would be told if it were confirmed as it stands, and who not, with reasons.
    pub told_after_confirmation: Told,
    /// Who is to be told without confirmation or was told already, and who not, with reasons.
    pub told_now: Told,
    /// Whether an office has answered *aman* that is not complained of: the word of one that is quiets nobody (SG-14).
    pub aman: bool,
    /// What was sent to whom, and what they answered.
    pub notifications: Vec<NotificationView>,
    /// What happened, oldest first.
    pub history: Vec<HistoryLine>,
    /// Clocks that run.
    pub clocks: Vec<ClockView>,
    /// What can be done with it now.
    pub actions: Vec<Action>,
}

impl IncidentView {
    /// The proposed severity, where posts raised it above the confirmed one after a person had last confirmed it. Who
    /// confirmed less than was proposed has seen that, and is not told of it again.
    pub fn graver_since(&self) -> Option<Severity> {
        let last = |kind: Event| self.history.iter().rposition(|line| line.kind == kind.as_str());
        self.incident.above_decided().filter(|_| last(Event::Raised) > last(Event::Confirmed))
    }

    /// Whether what Bawaslu released (KF-14) went to anybody.
    pub fn forwarded(&self) -> bool {
        let released = |sent: &NotificationView| sent.reason == Reason::Released.as_str();
        self.notifications.iter().any(|sent| sent.counts() && released(sent))
    }
}

/// An open incident that may be one with another, and why it is thought so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaybeSame {
    /// The incident.
    #[serde(flatten)]
    pub incident: Incident,
    /// How its place lies to the place of the other.
    pub near: Near,
    /// How its category is like that of the other.
    pub kinship: Kinship,
    /// Seconds between the events of the two; 0 when their times overlap.
    pub apart_s: i64,
}

/// Another incident at the same place at the same time: its own matter, which may be one event with this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The incident.
    #[serde(flatten)]
    pub incident: Incident,
    /// How its place lies to the place of the other.
    pub near: Near,
    /// Seconds between the events of the two; 0 when their times overlap.
    pub apart_s: i64,
}

/// One post of an incident.
#[derive(Clone, Debug, Serialize)]
pub struct PostView {
    /// The finding that holds for this post: text, signals, hits, cleared hits, place clues.
    pub finding: Finding,
    /// The category it stands under here: in what a person merged, not always the incident's own.
    pub category: Category,
    /// How often the same text came (×N); 1 for a single post.
    pub copies: i64,
    /// The author's token (SG-03), never the handle; none where the post names nobody.
    pub author: Option<String>,
    /// The area its reporter is registered for, where the matter lies outside of it.
    pub outside: Option<RegionCode>,
    /// The clues of this incident's signal.
    pub clues: Vec<Clue>,
    /// Whether the kept bytes still fit their hash (SG-07).
    pub intact: bool,
    /// SHA-256 of the bytes as they came.
    pub sha256: String,
}

impl PostView {
    /// The signal that this post stands here for.
    pub fn signal(&self) -> Option<&Signal> {
        self.finding.signals.iter().find(|signal| signal.category == self.category)
    }
}

/// A message to one office, with its delivery and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationView {
    /// Its id.
    pub id: String,
    /// Its number (`KTG-12-3`), which stands where machines read it; people read the number of the matter.
    pub number: String,
    /// The incident.
    pub incident: IncidentId,
    /// The office; `None` when the desk itself was paged.
    pub office: Option<Office>,
    /// The channel's name.
    pub channel: String,
    /// The severity it was sent at.
    pub severity: Severity,
    /// Why it was sent, as a code of `alerts.reason.*`.
    pub reason: String,
    /// What goes with the reason: of a climb the lines that are silent (see [`crate::message::silence`]).
    pub remark: String,
    /// The number of another matter at the same place that the office had heard of.
    pub beside: Option<String>,
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
    /// What the last attempt ran into, [`UNREACHABLE`] or [`CALLED_OFF`].
    pub error: Option<String>,
    /// The answer of the office.
    pub answer: Option<Answer>,
    /// When it answered.
    pub answered_at: Option<Timestamp>,
    /// The message as sent.
    pub body: String,
}

/// What stands as the error of a message whose address the roster did not name any more when it was to leave.
pub const UNREACHABLE: &str = "unreachable";

/// And of one that was taken back before it left, since its matter was not its office's any more: nobody heard it.
pub const CALLED_OFF: &str = "called_off";

impl NotificationView {
    /// Where it stands, as a code of `alerts.state.*`: of what failed because the roster names its address no more, that.
    pub fn stands(&self) -> &str {
        let unreachable = self.state == "failed" && self.error.as_deref() == Some(UNREACHABLE);
        if unreachable { UNREACHABLE } else { &self.state }
    }

    /// Why it was sent, as a code of `alerts.reason.*`; of an AWAS that waits for its second person that it does.
    pub fn because(&self) -> &str {
        Reason::parse(&self.reason).map_or(&self.reason, |reason| reason.because(&self.remark))
    }

    /// The gravest severity that its office heard of by it, as what holds or as what is proposed.
    pub fn gravest(&self) -> Severity {
        let head = self.body.lines().find_map(|line| line.strip_prefix('[')?.split_once(']'));
        let named = head.into_iter().flat_map(|(level, _)| level.split([' ', ',']));
        named.filter_map(Severity::parse).fold(self.severity, Severity::max)
    }

    /// Whether it tells its office: it left or will leave, neither failed nor taken back.
    pub fn counts(&self) -> bool {
        !matches!(self.state.as_str(), "failed" | "moot")
    }
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
    /// What happens when it is due, as a code of `alerts.clock.*`; of an AWAS that waits for its second person `second`.
    pub kind: String,
    /// When.
    pub due: Timestamp,
}

/// What an answer page shows: category, certainty, place, time, sources, what is not known. No text, no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerPage {
    /// The number of the matter, as the message says it.
    pub number: String,
    /// The office asked.
    pub office: Office,
    /// Category of the matter; `None` when only "an item waits" may be said (KF-14).
    pub category: Option<Category>,
    /// The severity in force: the one told, until a person decides on another.
    pub severity: Severity,
    /// A graver severity that waits for a decision.
    pub proposed: Option<Severity>,
    /// Why this office was told.
    pub reason: Reason,
    /// What went with the reason then, as in [`NotificationView::remark`].
    pub remark: String,
    /// Where it is, as deep as may be said; as corrected by now.
    pub place: Option<RegionCode>,
    /// The villages in it that posts name, the office's own first.
    pub scenes: Vec<Scene>,
    /// What is not sure of the place, as the message says it.
    pub doubt: Doubt,
    /// When it was seen last, shown in the zone of the place.
    pub at: Timestamp,
    /// How sure it is by now.
    pub certainty: Certainty,
    /// From how many independent sources it comes by now.
    pub sources: i64,
    /// Those are the most of one of its villages.
    pub each: bool,
    /// How many of the posts behind them name no village.
    pub wide: i64,
    /// What is not known yet.
    pub unknown: Unknown,
    /// The answer given, if any.
    pub answer: Option<Answer>,
    /// It was given through another link of the office: its other channel, or another message of the matter.
    pub elsewhere: bool,
    /// The message by which the office had heard of another matter at the same place.
    pub beside: Option<Beside>,
    /// When it was given, shown in the zone of the place.
    pub answered_at: Option<Timestamp>,
    /// Zone of the place.
    pub zone: Zone,
    /// A person has confirmed the matter, and the answer given holds for the level confirmed.
    pub holds: bool,
    /// Whether an answer is still taken.
    pub open: bool,
    /// How it ended, once it has; `None` where the page is withheld.
    pub ended: Option<Ended>,
    /// The office is complained of by now (SG-14): the page takes its answer and shows nothing that its message did
    /// not; place and sources are left out.
    pub withheld: bool,
}

/// How a matter ended, for an office that was told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// `ditolak` when the desk turned it down; else it is over.
    pub status: Status,
    /// When, shown in the zone of the place.
    pub at: Option<Timestamp>,
}
