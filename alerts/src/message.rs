//! What a notification says: the template of domain.md 3.3. Never the post's text, never a name.

use jiff::Timestamp;
use lexicons::{Lang, gazetteer::Gazetteer};
use stream::{RegionCode, Severity, Zone, closed_set};

use crate::Incident;
use crate::explain::sayable;

closed_set! {
    /// Why a notification is sent; texts are `alerts.reason.*`.
    Reason {
        /// Two independent sources or a registered reporter: told without waiting for the desk.
        AtOnce = "at_once",
        /// Nobody decided in time: told as *belum terverifikasi*.
        Unconfirmed = "unconfirmed",
        /// An analyst confirmed it.
        Confirmed = "confirmed",
        /// An analyst confirmed what the office has answered already: its answer holds.
        Update = "update",
        /// The lines below did not answer in time.
        Climb = "climb",
        /// The office did not answer in time.
        Repeat = "repeat",
        /// Place or severity were corrected.
        Correction = "correction",
        /// It was turned down.
        Rejected = "rejected",
        /// An item waits on Bawaslu's desk (KF-14).
        ItemWaits = "item_waits",
        /// Bawaslu released it (KF-14).
        Released = "released",
        /// The desk is paged: a proposal of SIAGA or AWAS waits for a decision.
        Page = "page",
        /// Several messages in one, because of the budget.
        Digest = "digest",
    }
}

impl Reason {
    /// Whether the office is asked for an answer.
    pub fn asks(self) -> bool {
        matches!(
            self,
            Reason::AtOnce
                | Reason::Unconfirmed
                | Reason::Confirmed
                | Reason::Climb
                | Reason::Repeat
                | Reason::Correction
        )
    }
}

/// Builds messages: the language, and whether this is a made-up run.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The language of the officers.
    pub lang: Lang,
    /// A banner before each message (`SIMULASI – DATA REKAAN`).
    pub banner: Option<String>,
}

impl Writer {
    /// The subject line of the message `body`, with the head that the message begins with: whatever was decided
    /// since it was written, both say the same.
    pub fn subject(&self, reason: Reason, body: &str, number: &str) -> String {
        let said = self.lang.get(&format!("alerts.subject.{reason}"));
        match body.lines().find(|line| line.starts_with('[')).and_then(|line| line.split_once("] ")) {
            Some((head, _)) => format!("{head}] {said} {number}"),
            None => format!("{said} {number}"),
        }
    }

    /// The level of `incident` as it is told at `severity`: what a person has confirmed holds, and an AWAS that waits
    /// for its second person is named as proposed beside it. Until then a level above WASPADA, and whatever a clock
    /// brings out, is a proposal (domain.md 2.3).
    fn level(&self, incident: &Incident, reason: Reason, severity: Severity) -> String {
        let proposed = |holds: Severity, proposed: Severity| {
            let values = [("severity", holds.as_str()), ("proposed", proposed.as_str())];
            self.lang.fill("alerts.message.proposed", &values)
        };
        let open = severity > Severity::Waspada || reason == Reason::Unconfirmed;
        match incident.effective {
            // Its confirmation at SIAGA speaks of SIAGA alone.
            Some(holds)
                if incident.awas_waits_for_second.is_some()
                    && !matches!(reason, Reason::Confirmed | Reason::Update) =>
            {
                proposed(holds, Severity::Awas)
            }
            Some(holds) => holds.max(Severity::Waspada).to_string(),
            None if incident.proposed > severity && reason != Reason::Unconfirmed => {
                proposed(severity, incident.proposed)
            }
            None if open => self.lang.fill("alerts.message.unverified", &[("severity", severity.as_str())]),
            None => severity.to_string(),
        }
    }

    /// The message about `incident` at `severity`, without its answer link. `note` goes with the reason: of a climb the
    /// silent lines, of a correction the place, of an update the answer that holds.
    pub fn body(
        &self,
        incident: &Incident,
        reason: Reason,
        severity: Severity,
        number: &str,
        note: &str,
    ) -> String {
        let place = incident.place.as_ref().map(|place| sayable(incident.category, place));
        let level = self.level(incident, reason, severity);
        let note = match reason {
            Reason::Climb => silence(self.lang, note),
            Reason::Update => self.lang.get(&format!("alerts.answer.{note}")).to_owned(),
            _ => note.to_owned(),
        };
        let certainty = incident.certainty();
        let text = self.lang.fill(
            &format!("alerts.message.{reason}"),
            &[
                ("level", &level),
                ("category", incident.category.as_str()),
                ("what", self.lang.get(&format!("alerts.category.{}", incident.category))),
                (
                    "place",
                    &place.as_ref().map_or_else(
                        || self.lang.get("alerts.message.no_place").to_owned(),
                        |place| self.place(place),
                    ),
                ),
                ("time", &when(incident.last_event, incident.zone)),
                ("sources", &incident.sources.to_string()),
                ("certainty", self.lang.get(&format!("alerts.certainty.{certainty}"))),
                ("unknown", self.lang.get(&format!("alerts.unknown.{}", incident.unknown()))),
                ("note", &note),
                ("number", number),
            ],
        );
        match &self.banner {
            Some(banner) => format!("{banner}\n{text}"),
            None => text,
        }
    }

    /// A region as people write it, with its code.
    pub fn place(&self, place: &RegionCode) -> String {
        format!("{} ({place})", Gazetteer::in_use().full_name(place))
    }

    /// The line that leads the desk to the matter behind `link`.
    pub fn open(&self, link: &str) -> String {
        self.lang.fill("alerts.message.open", &[("link", link)])
    }

    /// The line that asks for an answer through `link`.
    pub fn ask(&self, link: &str) -> String {
        self.lang.fill("alerts.message.link", &[("link", link)])
    }
}

/// Whose silence makes a matter climb, in words; `remark` as the outbox keeps it: the codes of the silent lines, or `+`
/// and a line that hears of it for the first time.
pub fn silence(lang: Lang, remark: &str) -> String {
    let name = |line: &str| crate::account::named(lang, "alerts.line", line);
    match remark.strip_prefix('+') {
        Some(line) => lang.fill("alerts.message.unasked", &[("line", &name(line))]),
        None if remark.is_empty() => lang.get("alerts.why.climb").to_owned(),
        None => {
            let lines: Vec<String> = remark.split(' ').map(name).collect();
            lang.fill("alerts.message.silent", &[("lines", &lines.join(", "))])
        }
    }
}

/// Day, time and zone as they are written in Indonesia: `27/11 14.05 WIB`.
pub fn when(at: Timestamp, zone: Zone) -> String {
    let local = zone.civil(at);
    format!(
        "{:02}/{:02} {:02}.{:02} {}",
        local.day(),
        local.month(),
        local.hour(),
        local.minute(),
        zone.name()
    )
}

#[cfg(test)]
mod tests {
    use stream::Category;

    use super::*;
    use crate::channels::Kind;
    use crate::explain::Why;
    use crate::model::{Action, Answer, Certainty, Event, Status, Timer, Unknown};
    use crate::roster::Wrong;

    #[test]
    fn every_code_has_its_text() {
        let mut keys: Vec<String> = Vec::new();
        let mut all = |area: &str, codes: Vec<&'static str>| {
            keys.extend(codes.iter().map(|code| format!("alerts.{area}.{code}")));
        };
        all("category", Category::ALL.iter().map(|code| code.as_str()).collect());
        all("severity", Severity::ALL.iter().map(|code| code.as_str()).collect());
        all("role", stream::Role::ALL.iter().map(|code| code.as_str()).collect());
        all("status", Status::ALL.iter().map(|code| code.as_str()).collect());
        all("action", Action::ALL.iter().map(|code| code.as_str()).collect());
        all("answer", Answer::ALL.iter().map(|code| code.as_str()).collect());
        all("certainty", Certainty::ALL.iter().map(|code| code.as_str()).collect());
        all("unknown", Unknown::ALL.iter().map(|code| code.as_str()).collect());
        all("why", Why::ALL.iter().map(|code| code.as_str()).collect());
        all("history", Event::ALL.iter().map(|code| code.as_str()).collect());
        all("clock", Timer::ALL.iter().map(|code| code.as_str()).collect());
        all("roster", Wrong::ALL.iter().map(|code| code.as_str()).collect());
        for area in ["message", "subject", "reason"] {
            all(area, Reason::ALL.iter().map(|code| code.as_str()).collect());
        }
        for lang in [Lang::Id, Lang::En] {
            for key in &keys {
                assert!(lang.texts().has(key), "{key} in {}", lang.code());
            }
        }
        assert_eq!(Kind::ALL.len(), 3);
    }

    #[test]
    fn no_message_accuses_anybody() {
        let banned = ["terbukti", "pelaku", "tersangka", "melanggar", "perpetrator", "suspect", "guilty"];
        for lang in [Lang::Id, Lang::En] {
            for key in lang.texts().keys().filter(|key| key.starts_with("alerts.")) {
                let text = lang.get(key).to_lowercase();
                assert!(!banned.iter().any(|word| text.contains(word)), "{key}: {text}");
            }
        }
    }

    /// An incident of KF-04 that is proposed as AWAS, in the hands of nobody.
    fn proposal() -> Incident {
        let at: Timestamp = "2024-11-27T06:05:00Z".parse().unwrap();
        Incident {
            id: crate::IncidentId(1),
            queue: stream::Queue::Konflik,
            category: Category::Kf04,
            place: RegionCode::parse("62.10.02").ok(),
            zone: Zone::Wib,
            status: Status::Baru,
            proposed: Severity::Awas,
            effective: None,
            awas_waits_for_second: None,
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

    #[test]
    fn no_word_to_an_office_takes_a_proposal_for_a_decision() {
        let writer = Writer { lang: Lang::Id, banner: Some("LATIHAN".into()) };
        let heads = |incident: &Incident, reason, severity, head: &str| {
            let body = writer.body(incident, reason, severity, "KTG-1-1", "tni");
            assert!(body.starts_with(&format!("LATIHAN\n{head}[KF-04] ")), "{body}");
            let subject = writer.subject(reason, &body, "KTG-1-1");
            assert!(subject.starts_with(&format!("{head}[KF-04] ")), "{subject}");
            body
        };
        let open = proposal();
        let decided =
            |effective| Incident { status: Status::Dikonfirmasi, effective: Some(effective), ..proposal() };
        let half = Incident { awas_waits_for_second: Some("ana".into()), ..decided(Severity::Siaga) };
        for reason in [Reason::Unconfirmed, Reason::Climb, Reason::Repeat] {
            heads(&open, reason, Severity::Awas, "[AWAS, usulan]");
            let body = heads(&half, reason, Severity::Awas, "[SIAGA, usulan AWAS]");
            assert!(body.contains("menunggu orang kedua"), "{body}");
            heads(&decided(Severity::Siaga), reason, Severity::Awas, "[SIAGA]");
            heads(&decided(Severity::Awas), reason, Severity::Awas, "[AWAS]");
        }
        heads(&open, Reason::AtOnce, Severity::Waspada, "[WASPADA, usulan AWAS]");
        let mild = Incident { proposed: Severity::Waspada, ..proposal() };
        heads(&mild, Reason::AtOnce, Severity::Waspada, "[WASPADA]");
    }

    #[test]
    fn a_climb_names_the_lines_that_are_silent() {
        assert_eq!(silence(Lang::Id, "polri tni"), "belum ada jawaban dari jalur Polri, TNI");
        assert!(silence(Lang::Id, "+tni").starts_with("jalur TNI baru diberi tahu"));
        for lang in [Lang::Id, Lang::En] {
            for line in crate::route::offices::Line::ALL {
                assert!(lang.texts().has(&format!("alerts.line.{line}")), "{line} in {}", lang.code());
            }
        }
    }

    #[test]
    fn times_are_shown_in_the_zone_of_the_place() {
        let at: Timestamp = "2024-11-27T06:05:00Z".parse().unwrap();
        assert_eq!(when(at, Zone::Wib), "27/11 13.05 WIB");
        assert_eq!(when(at, Zone::Wit), "27/11 15.05 WIT");
    }
}
