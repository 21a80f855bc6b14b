//! Who would be told of a matter, now and after confirmation, and why: what `explain` and the incident page show.

use std::collections::BTreeSet;

use lexicons::Lang;
use serde::Serialize;
use stream::{Category, Finding, RegionCode, Severity, Signal};

use crate::clocks::{self, Policy, Unconfirmed};
use crate::group::{sure_place, villages};
use crate::message::still_silent;
use crate::route::accused::{Complained, complained_of, kept_out};
use crate::route::matter::{Holders, Matter};
use crate::route::plan::{RELEASED_AT_LEAST, first_step, nobody, released};
use crate::{Answer, Certainty, Incident, NotificationView, Office, Reason, Scene};

pub use crate::route::told::{Because, Told, Vacant, Why};

/// Who is told of one matter now, and who after confirmation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NowAndThen {
    /// Without anybody's confirmation.
    pub now: Told,
    /// Once an analyst has confirmed it as it stands (KF-14: once Bawaslu has released it).
    pub after_confirmation: Told,
}

impl NowAndThen {
    /// The same with what went out of `incident`: whoever got a message of it has been told, whatever step brought it, and
    /// once somebody was told nobody else has been.
    pub(crate) fn with_sent(mut self, incident: &Incident, sent: &[NotificationView]) -> NowAndThen {
        if incident.told_at.is_some() {
            let got = |because: &Because| {
                let mut own = sent.iter().filter(|sent| sent.counts());
                own.any(|sent| sent.office.as_ref() == Some(&because.office))
            };
            let (told, not_yet) = std::mem::take(&mut self.now.told).into_iter().partition(got);
            self.now.told = told;
            self.now.not_yet = if incident.status.is_open() { not_yet } else { Vec::new() };
        }
        // Of several offices of one role that a remark does not tell apart, all.
        let spoke = |role: &str, region: Option<&RegionCode>| {
            let office = |it: &NotificationView| it.office.clone().filter(|_| it.counts());
            let asked = sent.iter().filter_map(office).filter(|it| it.role.as_str() == role);
            let mut asked = asked.filter(|it| region.is_none_or(|region| it.region == *region)).peekable();
            let said = |own: &Office| {
                let own = |it: &&NotificationView| it.office.as_ref() == Some(own);
                sent.iter().filter(own).any(|it| it.answer.is_some_and(|it| it != Answer::BukanWilayah))
            };
            asked.peek().is_some() && asked.all(|own| said(&own))
        };
        for sent in sent.iter().filter(|sent| sent.counts()) {
            let Some(office) = &sent.office else { continue };
            let why = match Reason::parse(&sent.reason) {
                Some(Reason::Climb) => Why::Climb,
                Some(reason) if reason.hides(&sent.remark) => Why::ItemWaits,
                Some(Reason::Released) => Why::Released,
                _ => Why::Heard,
            };
            self.now.hear(office, why, (why == Why::Climb).then(|| still_silent(&sent.remark, spoke)));
            self.after_confirmation.leave_in(office);
        }
        self
    }

    /// The same for a reader who sees no complaint but `seen`: where another one keeps an office out, or leads past it
    /// to a higher one, the reason names no complaint.
    pub(crate) fn for_reader_of(mut self, matter: &Matter, seen: &[Complained]) -> NowAndThen {
        let is_hidden = |because: &Because| match because.why {
            Why::Accused | Why::AccusedChain | Why::AccusedLevel => {
                kept_out(&because.office, seen, matter.place.as_ref()).is_none()
            }
            Why::AboveAccused => seen.is_empty(),
            _ => false,
        };
        for told in [&mut self.now, &mut self.after_confirmation] {
            let all = told.told.iter_mut().chain(&mut told.not_told).chain(&mut told.overdue);
            all.filter(|because| is_hidden(because)).for_each(|because| because.why = Why::Rules);
        }
        self
    }
}

/// Who would be told of `signal`, one of `finding`, if it came alone.
pub fn told<H: Holders>(finding: &Finding, signal: &Signal, holders: &H, policy: &Policy) -> NowAndThen {
    let certainty =
        if finding.post.verified_reporter() { Certainty::Reporter } else { Certainty::Unverified };
    told_of(&matter_of(finding, signal), certainty, holders, policy)
}

/// The matter that `signal`, one of `finding`, is a sign of.
pub fn matter_of(finding: &Finding, signal: &Signal) -> Matter {
    let scene = |place| Scene {
        place,
        posts: 1,
        wide: 0,
        sources: 1,
        reporter: finding.post.verified_reporter(),
        last: Some(signal.event_time),
        later: false,
    };
    let scenes: Vec<Scene> = villages(&signal.place).into_iter().map(scene).collect();
    Matter {
        category: signal.category,
        severity: signal.severity,
        place: sure_place(&signal.place),
        several: scenes.len() > 1,
        scenes,
        accused: complained_of(finding),
        tags: signal.tags.iter().cloned().collect(),
        heard: BTreeSet::new(),
    }
}

/// Who would be told of `matter` at `certainty`.
pub fn told_of<H: Holders>(
    matter: &Matter,
    certainty: Certainty,
    holders: &H,
    policy: &Policy,
) -> NowAndThen {
    // What is for Bawaslu leaves on a release, never on a confirmation (SG-02).
    let (mut after, when) = match matter.category {
        Category::Kf14 => {
            let severity = matter.severity.max(RELEASED_AT_LEAST);
            (released(&Matter { severity, ..matter.clone() }, holders), "on_release")
        }
        _ => (first_step(matter, holders), "on_confirmation"),
    };
    when.clone_into(&mut after.when);
    NowAndThen { now: told_now(matter, certainty, holders, policy), after_confirmation: after }
}

fn told_now<H: Holders>(matter: &Matter, certainty: Certainty, holders: &H, policy: &Policy) -> Told {
    let never = |why: &str| Told { when: "never".to_owned(), ..nobody(why) };
    if matter.severity == Severity::Normal {
        return never("normal");
    }
    if matter.place.is_none() {
        return never("no_place");
    }
    let minutes = clocks::decision(matter.severity).map(|clock| (clock.as_secs() / 60).cast_signed());
    let at = |severity: Severity| first_step(&Matter { severity, ..matter.clone() }, holders);
    if matter.category == Category::Kf14 {
        return Told { when: "at_once".to_owned(), ..at(matter.severity) };
    }
    match certainty {
        Certainty::Rejected => never("rejected"),
        Certainty::Withdrawn => never("withdrawn"),
        Certainty::Confirmed | Certainty::ByTwo | Certainty::ByCall | Certainty::OneOfTwo => {
            Told { when: "at_once".to_owned(), ..at(matter.severity) }
        }
        // Never higher than WASPADA without a person.
        Certainty::Reporter | Certainty::ReporterOfSome | Certainty::TwoSources => {
            let now = Told { when: "at_once".to_owned(), ..first_step(&matter.clone().at_once(), holders) };
            match policy.unconfirmed {
                Unconfirmed::Tell => with_overdue(now, at(matter.severity), minutes),
                Unconfirmed::Hold => now,
            }
        }
        Certainty::Unverified if policy.unconfirmed == Unconfirmed::Hold => never("held"),
        Certainty::Unverified => {
            Told { when: "unless_decided".to_owned(), after_minutes: minutes, ..at(matter.severity) }
        }
    }
}

/// `now` with those who hear `late`, when `minutes` have passed without a decision, and not before.
fn with_overdue(mut now: Told, late: Told, minutes: Option<i64>) -> Told {
    let hears = |because: &Because| now.told.iter().any(|told| told.office == because.office);
    let overdue: Vec<Because> = late.told.into_iter().filter(|because| !hears(because)).collect();
    for because in &overdue {
        now.leave_in(&because.office);
    }
    let after_minutes = minutes.filter(|_| !overdue.is_empty());
    Told { overdue, after_minutes, ..now }
}

/// A wait of so many minutes in words: whole hours as hours.
pub fn span(lang: Lang, minutes: i64) -> String {
    let (unit, n) =
        if minutes >= 60 && minutes % 60 == 0 { ("hours", minutes / 60) } else { ("minutes", minutes) };
    lang.fill(&format!("alerts.span.{unit}"), &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Everyone;
    use stream::Role;

    #[test]
    fn what_bawaslu_would_be_told_on_a_release_is_what_a_release_tells_it_also_of_a_normal_item() {
        let place = RegionCode::parse("62.10.02").ok();
        let item = Matter {
            category: Category::Kf14,
            severity: Severity::Normal,
            place,
            scenes: Vec::new(),
            several: false,
            accused: Vec::new(),
            tags: BTreeSet::new(),
            heard: BTreeSet::new(),
        };
        let seen = told_of(&item, Certainty::Unverified, &Everyone, &Policy::default()).after_confirmation;
        let told: Vec<(Role, Why)> = seen.told.iter().map(|told| (told.office.role, told.why)).collect();
        assert_eq!((told, seen.nobody), (vec![(Role::Bawaslu, Why::Released)], None));
    }

    #[test]
    fn however_many_tell_of_a_fire_whoever_hears_when_nobody_decides_in_time_is_named_before_a_confirmation()
    {
        let fire = Matter {
            category: Category::Kf04,
            severity: Severity::Siaga,
            place: RegionCode::parse("35.19.08.2011").ok(),
            scenes: Vec::new(),
            several: false,
            accused: Vec::new(),
            tags: BTreeSet::new(),
            heard: BTreeSet::new(),
        };
        let hold = Policy { unconfirmed: Unconfirmed::Hold, ..Policy::default() };
        let now = |certainty, policy: &Policy| told_of(&fire, certainty, &Everyone, policy).now;
        let has = |list: &[Because]| list.iter().any(|because| because.office.role == Role::Kapolres);
        let one = now(Certainty::Unverified, &Policy::default());
        assert!(has(&one.told) && one.overdue.is_empty() && one.after_minutes == Some(30));
        for certainty in [Certainty::TwoSources, Certainty::Reporter] {
            let two = now(certainty, &Policy::default());
            assert!(!has(&two.told) && has(&two.overdue) && !has(&two.not_told), "{two:?}");
            assert_eq!(two.after_minutes, Some(30));
            let held = now(certainty, &hold);
            assert!(held.overdue.is_empty() && has(&held.not_told), "{held:?}");
        }
    }
}
