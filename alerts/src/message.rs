//! What a notification says: the template of domain.md 3.3. Never the post's text, never a name.

use jiff::Timestamp;
use lexicons::{Lang, gazetteer::Gazetteer};
use stream::{Category, RegionCode, Severity, Zone, closed_set};

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

/// Builds messages: the language, the names of regions, and whether this is a made-up run.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The language of the officers.
    pub lang: Lang,
    /// Names of regions.
    pub gazetteer: &'static Gazetteer,
    /// A banner before each message (`SIMULASI – DATA REKAAN`).
    pub banner: Option<String>,
}

impl Writer {
    /// The subject line of a message; `effective` is what a person has confirmed by now.
    pub fn subject(
        &self,
        reason: Reason,
        severity: Severity,
        effective: Option<Severity>,
        category: Category,
        number: &str,
    ) -> String {
        let head = match reason {
            Reason::ItemWaits => "[KF-14]".to_owned(),
            _ => format!("[{}][{category}]", self.level(reason, severity, effective)),
        };
        format!("{head} {} {number}", self.lang.get(&format!("alerts.subject.{reason}")))
    }

    /// A severity as it is told: above WASPADA, and whenever a clock ran out, a proposal until a person confirms it
    /// (domain.md 2.3).
    fn level(&self, reason: Reason, severity: Severity, effective: Option<Severity>) -> String {
        let open = severity > Severity::Waspada || reason == Reason::Unconfirmed;
        if open && effective.is_none_or(|effective| effective < severity) {
            self.lang.fill("alerts.message.unverified", &[("severity", severity.as_str())])
        } else {
            severity.to_string()
        }
    }

    /// The message about `incident` at `severity`, without its answer link.
    pub fn body(
        &self,
        incident: &Incident,
        reason: Reason,
        severity: Severity,
        number: &str,
        note: &str,
    ) -> String {
        let place = incident.place.as_ref().map(|place| sayable(incident.category, place));
        let mut level = self.level(reason, severity, incident.effective);
        if incident.effective.is_none() && incident.proposed > severity && reason != Reason::Unconfirmed {
            let values = [("severity", severity.as_str()), ("proposed", incident.proposed.as_str())];
            level = self.lang.fill("alerts.message.proposed", &values);
        }
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
                ("note", note),
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
        format!("{} ({place})", self.gazetteer.full_name(place))
    }

    /// The line that asks for an answer through `link`.
    pub fn ask(&self, link: &str) -> String {
        self.lang.fill("alerts.message.link", &[("link", link)])
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

    #[test]
    fn no_word_to_an_office_takes_a_proposal_for_a_decision() {
        let writer = Writer { lang: Lang::Id, gazetteer: Gazetteer::builtin(), banner: None };
        let said = |reason, severity, effective| {
            writer.subject(reason, severity, effective, Category::Kf04, "KTG-1-1")
        };
        for reason in [Reason::Unconfirmed, Reason::Climb, Reason::Repeat, Reason::Page] {
            let open = said(reason, Severity::Awas, None);
            assert!(open.starts_with("[AWAS, usulan][KF-04]"), "{open}");
            assert!(said(reason, Severity::Awas, Some(Severity::Siaga)).starts_with("[AWAS, usulan]"));
            assert!(said(reason, Severity::Awas, Some(Severity::Awas)).starts_with("[AWAS][KF-04]"));
        }
        assert!(said(Reason::AtOnce, Severity::Waspada, None).starts_with("[WASPADA][KF-04]"));
    }

    #[test]
    fn times_are_shown_in_the_zone_of_the_place() {
        let at: Timestamp = "2024-11-27T06:05:00Z".parse().unwrap();
        assert_eq!(when(at, Zone::Wib), "27/11 13.05 WIB");
        assert_eq!(when(at, Zone::Wit), "27/11 15.05 WIT");
    }
}
