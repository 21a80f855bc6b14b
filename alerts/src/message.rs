//! What a notification says: the template of domain.md 3.3. Never the post's text but its name for a place that several
//! bear or no list has,
//! never a name of a person.

mod offices;
mod place;

use jiff::Timestamp;
use lexicons::{Lang, gazetteer::Gazetteer};
use stream::{Category, Queue, RegionCode, Severity, Zone};

use crate::reason::SECOND;
use crate::{Answer, Beside, DeskContact, Incident, Reason};

pub(crate) use offices::still_silent;
pub use offices::{given, silence};
pub use place::{Doubt, village, villages, with_villages};
pub(crate) use place::{sayable, sayable_scenes};

/// What a message says besides its matter and its reason.
#[derive(Clone, Copy, Debug, Default)]
pub struct Along<'a> {
    /// The message by which the office heard of another matter there.
    pub beside: Option<&'a Beside>,
    /// What is not sure of the place.
    pub doubt: Option<&'a Doubt>,
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
    /// since it was written, both say the same. `beside` is the message about another matter there.
    pub fn subject(
        &self,
        reason: Reason,
        remark: &str,
        beside: Option<&Beside>,
        body: &str,
        number: &str,
    ) -> String {
        let said = self.lang.get(&format!("alerts.subject.{}", reason.said(remark)));
        let beside = beside.map(|beside| self.beside("subject", beside));
        let head = body.lines().find(|line| line.starts_with('[')).and_then(|line| line.split_once("] "));
        let head = head.map(|(head, _)| format!("{head}]"));
        let parts = [head.as_deref(), beside.as_deref(), Some(said), Some(of_matter(number))];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The level of `incident` as it is told at `severity`, in the words of the console: what a person has confirmed
    /// holds; until then WASPADA holds and what lies above it is named as proposed, whoever or whatever clock brings it
    /// out (domain.md 2.3), as is an AWAS that waits for its second person.
    fn level(&self, incident: &Incident, severity: Severity) -> String {
        let (holds, proposed) = match incident.effective {
            Some(holds) if incident.awas_waits_for_second.is_some() => (holds, Severity::Awas),
            Some(holds) => (holds.max(Severity::Waspada), holds),
            None => (Severity::Waspada, incident.proposed.max(severity)),
        };
        if proposed <= holds {
            return holds.to_string();
        }
        let values = [("severity", holds.as_str()), ("proposed", proposed.as_str())];
        self.lang.fill("alerts.message.proposed", &values)
    }

    /// The message about `incident` at `severity`, without its answer link. `note` goes with the reason: of a climb the
    /// silent offices, of a correction the place, of a page about an answer the
    /// office and its answer, of calm the place, of an update the answer that holds, of news the codes of the facts, of a further post, and
    /// of a page about it, the codes of the villages that it names; behind `|` what others have answered.
    pub fn body(
        &self,
        incident: &Incident,
        reason: Reason,
        severity: Severity,
        note: &str,
        Along { beside, doubt }: Along<'_>,
    ) -> String {
        let place = incident.place.as_ref().map(|place| sayable(incident.category, place));
        let said = match &place {
            Some(place) => with_villages(self.lang, place, self.place(place), sayable_scenes(incident)),
            None => self.lang.get("alerts.message.no_place").to_owned(),
        };
        let said = doubt.map_or(said.clone(), |doubt| doubt.said(self.lang, place.as_ref(), said));
        let level = self.level(incident, severity);
        let (note, answers) = note.split_once('|').unwrap_or((note, ""));
        let answers = match offices::so_far(self.lang, answers) {
            none if none.is_empty() => none,
            some => self.lang.fill("alerts.message.so_far", &[("answers", &some)]),
        };
        let note = match reason {
            Reason::Climb => silence(self.lang, note),
            Reason::Further | Reason::FurtherPage | Reason::Calm => villages(note),
            Reason::Answered => given(self.lang, note),
            Reason::News => facts(self.lang, note),
            Reason::Update => self.lang.get(&format!("alerts.answer.{note}")).to_owned(),
            _ => note.to_owned(),
        };
        // Whether anybody has heard of it but the desk.
        let untold = match (incident.told_at, &incident.place) {
            (Some(_), _) => "",
            (None, Some(_)) => self.lang.get("alerts.message.untold"),
            (None, None) => self.lang.get("alerts.message.untold_nowhere"),
        };
        let certainty = incident.certainty_told(Some(reason)).said(incident.queue);
        // It goes out because the second person has not decided in time: whoever has heard of the first hears that.
        let certainty = match reason.said(&note) {
            SECOND => self.lang.get("alerts.message.still_second"),
            _ => self.lang.get(&format!("alerts.certainty.{certainty}")),
        };
        let each = incident.category != Category::Kf14 && incident.of_several(Some(reason));
        let wide = match incident.wide_told(Some(reason)) {
            0 => String::new(),
            wide => self.lang.fill("alerts.message.wide", &[("n", &wide.to_string())]),
        };
        let beside = beside.map(|beside| self.beside("message", beside));
        // What one of two persons has confirmed is told like what is confirmed; its certainty says the rest.
        let form = match (reason.said(&note), incident.queue) {
            (SECOND, _) => Reason::Confirmed.as_str(),
            // Who did not go on with it: of what is for Bawaslu no analyst decides.
            ("rejected", Queue::Netralitas) => "rejected_bawaslu",
            (said, _) => said,
        };
        let text = self.lang.fill(
            &format!("alerts.message.{form}"),
            &[
                ("level", &level),
                ("beside", beside.as_deref().unwrap_or_default()),
                ("category", incident.category.as_str()),
                ("what", self.lang.get(&format!("alerts.category.{}", incident.category))),
                ("place", &said),
                ("time", &when(incident.last_event, incident.zone)),
                ("sources", &counted(self.lang, incident.sources, each)),
                ("wide", &wide),
                ("certainty", certainty),
                ("unknown", self.lang.get(&format!("alerts.unknown.{}", incident.unknown()))),
                ("note", &note),
                ("answers", &answers),
                ("untold", untold),
                ("number", &incident.id.to_string()),
            ],
        );
        match &self.banner {
            Some(banner) => format!("{banner}\n{text}"),
            None => text,
        }
    }

    /// The words of `table` that point at `beside`.
    fn beside(&self, table: &str, beside: &Beside) -> String {
        self.lang.fill(&format!("alerts.{table}.{}", beside.key()), &[("number", &beside.number)])
    }

    /// A region as people write it, with its code.
    pub fn place(&self, place: &RegionCode) -> String {
        format!("{} ({place})", Gazetteer::in_use().full_name(place))
    }

    /// The line that leads the desk to the matter behind `link`.
    pub fn open(&self, link: &str) -> String {
        self.lang.fill("alerts.message.open", &[("link", link)])
    }

    /// The line that asks for an answer through `link`, with the answers as its page offers them.
    pub fn ask(&self, link: &str) -> String {
        let word = |answer: Answer| self.lang.get(&format!("alerts.answer.{answer}"));
        let answers = Answer::OFFERED.map(word).join(" · ");
        self.lang.fill("alerts.message.link", &[("answers", &answers), ("link", link)])
    }

    /// The line that says how the people of the desk are reached.
    pub fn desk(&self, contact: &DeskContact) -> String {
        let values = [("name", contact.name(self.lang)), ("phone", contact.phone.as_str())];
        self.lang.fill("alerts.message.desk", &values)
    }
}

/// The number of the matter in that of a message: `KTG-12` of `KTG-12-3`. People read the matter's alone; which message
/// it is stands where machines need it.
pub(crate) fn of_matter(number: &str) -> &str {
    number.match_indices('-').nth(1).map_or(number, |(at, _)| &number[..at])
}

/// The number of independent sources in words; of several villages, whose sources bear out nothing of the next one, the
/// most of one.
pub fn counted(lang: Lang, sources: i64, each: bool) -> String {
    let sources = sources.to_string();
    if each { lang.fill("alerts.message.sources_each", &[("n", &sources)]) } else { sources }
}

/// The facts with these codes, in words: `korban, api`.
pub fn facts(lang: Lang, codes: &str) -> String {
    let words = codes.split(' ').map(|code| crate::account::named(lang, "alerts.fact", code));
    words.collect::<Vec<_>>().join(", ")
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
mod tests;
