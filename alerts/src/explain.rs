//! Who would be told of a matter, now and after confirmation, and why: what `explain` and the incident page show.

use std::collections::BTreeSet;

use lexicons::Lang;
use serde::Serialize;
use stream::{Category, Finding, RegionCode, Severity, Signal, closed_set};

use crate::clocks::{self, Policy, Unconfirmed};
use crate::group::sure_place;
use crate::message::Reason;
use crate::route::accused::complained_of;
use crate::route::plan::{Holders, Matter, RELEASED_AT_LEAST, first_step, nobody, released};
use crate::{Certainty, NotificationView, Office};

/// Who is told and who is not, each with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Offices that are told.
    pub told: Vec<Because>,
    /// Offices that the routing considered and left out.
    pub not_told: Vec<Because>,
    /// Offices that nobody holds; the one in `instead` is told, if any.
    pub gaps: Vec<Vacant>,
    /// Why nobody at all is told, as a code of `alerts.why.*`.
    pub nobody: Option<String>,
    /// When this happens, as a code of `alerts.when.*` (`at_once`, `unless_decided`, `on_confirmation`, `on_release`, `never`,
    /// `already`).
    pub when: String,
    /// For `unless_decided`: after so many minutes.
    pub after_minutes: Option<i64>,
}

/// An office and the reason it is told or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The office.
    pub office: Office,
    /// The reason.
    pub why: Why,
}

/// An office without holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vacant {
    /// The office.
    pub office: Office,
    /// Who is told instead, one level up.
    pub instead: Option<Office>,
}

/// Who is told of one matter now, and who after confirmation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NowAndThen {
    /// Without anybody's confirmation.
    pub now: Told,
    /// Once an analyst has confirmed it as it stands (KF-14: once Bawaslu has released it).
    pub after_confirmation: Told,
}

impl NowAndThen {
    /// The same with what went out: whoever got a message of this matter has been told, whatever step brought it.
    pub(crate) fn with_sent(mut self, sent: &[NotificationView]) -> NowAndThen {
        for sent in sent.iter().filter(|sent| sent.counts()) {
            let Some(office) = &sent.office else { continue };
            let why = match Reason::parse(&sent.reason) {
                Some(Reason::Climb) => Why::Climb,
                Some(Reason::ItemWaits) => Why::ItemWaits,
                Some(Reason::Released) => Why::Released,
                _ => Why::Heard,
            };
            self.now.hear(office, why);
            self.after_confirmation.leave_in(office);
        }
        self
    }
}

impl Told {
    /// `office` has been told.
    fn hear(&mut self, office: &Office, why: Why) {
        self.leave_in(office);
        match self.told.iter_mut().find(|because| because.office == *office) {
            // Who heard that an item waits, and then got it by a release, has more than heard.
            Some(because) if why == Why::Released => because.why = why,
            Some(_) => {}
            None => self.told.push(Because { office: office.clone(), why }),
        }
        if self.when == "never" {
            "already".clone_into(&mut self.when);
        }
        // What was turned down tells nobody any more; for the rest somebody has been told.
        self.nobody.take_if(|why| why != "rejected");
    }

    /// `office` is neither left out nor without holder.
    fn leave_in(&mut self, office: &Office) {
        self.not_told.retain(|because| because.office != *office);
        self.gaps.retain(|gap| gap.office != *office);
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
    Matter {
        category: signal.category,
        severity: signal.severity,
        place: sure_place(&signal.place),
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
    let at = |severity: Severity| first_step(&Matter { severity, ..matter.clone() }, holders);
    if matter.category == Category::Kf14 {
        return Told { when: "at_once".to_owned(), ..at(matter.severity) };
    }
    match certainty {
        Certainty::Rejected => never("rejected"),
        Certainty::Confirmed | Certainty::OneOfTwo => {
            Told { when: "at_once".to_owned(), ..at(matter.severity) }
        }
        // Never higher than WASPADA without a person.
        Certainty::Reporter | Certainty::TwoSources => {
            Told { when: "at_once".to_owned(), ..at(Severity::Waspada) }
        }
        Certainty::Unverified if policy.unconfirmed == Unconfirmed::Hold => never("held"),
        Certainty::Unverified => Told {
            when: "unless_decided".to_owned(),
            after_minutes: clocks::decision(matter.severity)
                .map(|clock| (clock.as_secs() / 60).cast_signed()),
            ..at(matter.severity)
        },
    }
}

/// A wait of so many minutes in words: whole hours as hours.
pub fn span(lang: Lang, minutes: i64) -> String {
    let (unit, n) =
        if minutes >= 60 && minutes % 60 == 0 { ("hours", minutes / 60) } else { ("minutes", minutes) };
    lang.fill(&format!("alerts.span.{unit}"), &[("n", &n.to_string())])
}

/// The place of a matter cut to what may be said of it: KF-14 says the kecamatan at most.
pub(crate) fn sayable(category: Category, place: &RegionCode) -> RegionCode {
    if category == Category::Kf14 { place.cut(stream::Level::Kecamatan) } else { place.clone() }
}

closed_set! {
    /// Why an office is told or left out; texts are `alerts.why.*`.
    Why {
        /// Told first of this category (domain.md 2.4).
        First = "first",
        /// The place is not known deep enough for the office below.
        OneLevelUp = "one_level_up",
        /// The place is known to the kabupaten or kota only.
        KabupatenOnly = "kabupaten_only",
        /// The place is known to the province only.
        ProvinsiOnly = "provinsi_only",
        /// Nobody holds the office below.
        ForVacant = "for_vacant",
        /// The offices below must not hear of it (SG-14).
        AboveAccused = "above_accused",
        /// The line has not answered in time.
        Climb = "climb",
        /// Coordinates all categories.
        Coordinator = "coordinator",
        /// Hears only that an item waits on Bawaslu's desk (KF-14).
        ItemWaits = "item_waits",
        /// Released by a Bawaslu officer (KF-14).
        Released = "released",
        /// It got a message of this matter before.
        Heard = "heard",
        /// Its row in domain.md 3.1 does not list this category.
        DoesNotReceive = "does_not_receive",
        /// It receives from a higher severity on.
        SeverityTooLow = "severity_too_low",
        /// It is the office complained of.
        Accused = "accused",
        /// It stands in the chain of the office complained of.
        AccusedChain = "accused_chain",
        /// It sits beside or below the office complained of.
        AccusedLevel = "accused_level",
        /// The head of the region, or a relative, is a candidate.
        Incumbent = "incumbent",
        /// Nobody holds it.
        Vacant = "vacant",
    }
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
            accused: Vec::new(),
            tags: BTreeSet::new(),
            heard: BTreeSet::new(),
        };
        let seen = told_of(&item, Certainty::Unverified, &Everyone, &Policy::default()).after_confirmation;
        let told: Vec<(Role, Why)> = seen.told.iter().map(|told| (told.office.role, told.why)).collect();
        assert_eq!((told, seen.nobody), (vec![(Role::Bawaslu, Why::Released)], None));
    }
}
