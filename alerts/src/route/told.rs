//! Who is told and who is not, each with the reason: what routing returns and pages show.

use serde::Serialize;
use stream::closed_set;

use crate::Office;

/// Who is told and who is not, each with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Offices that are told.
    pub told: Vec<Because>,
    /// Offices that the routing considered and left out.
    pub not_told: Vec<Because>,
    /// Offices that would be told by now and were not, though others were: they came into the roster or the plan since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_yet: Vec<Because>,
    /// Offices that hear of what is proposed once its time to decide is over: of what is told at once nobody hears more than
    /// WASPADA before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<Because>,
    /// Offices that nobody holds; the one in `instead` is told, if any.
    pub gaps: Vec<Vacant>,
    /// Why nobody at all is told, as a code of `alerts.why.*`.
    pub nobody: Option<String>,
    /// When this happens, as a code of `alerts.when.*` (`at_once`, `unless_decided`, `on_confirmation`, `on_release`, `never`,
    /// `already`).
    pub when: String,
    /// For `unless_decided`, and for who is `overdue`: after so many minutes.
    pub after_minutes: Option<i64>,
}

/// An office and the reason it is told or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The office.
    pub office: Office,
    /// The reason.
    pub why: Why,
    /// Of a climb: whose silence brought it to the office, as [`crate::message::silence`] reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<String>,
}

/// An office without holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vacant {
    /// The office.
    pub office: Office,
    /// Who is told instead, one level up.
    pub instead: Option<Office>,
}

closed_set! {
    /// Why an office is told or left out; texts are `alerts.why.*`.
    Why {
        /// Told first of this category (domain.md 2.4).
        First = "first",
        /// The place is not known deep enough for the office below.
        OneLevelUp = "one_level_up",
        /// Several villages of its area are named, and their own offices are one level below.
        SeveralVillages = "several_villages",
        /// The place is known to the kabupaten or kota only.
        KabupatenOnly = "kabupaten_only",
        /// The place is known to the province only.
        ProvinsiOnly = "provinsi_only",
        /// Nobody holds the office below.
        ForVacant = "for_vacant",
        /// The offices below must not hear of it (SG-14).
        AboveAccused = "above_accused",
        /// The office below is the head's of the region, who is a candidate or has one in the family.
        AboveIncumbent = "above_incumbent",
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
        /// The rules on who receives such a matter want it so, for a reason that is not the reader's to know (SG-18).
        Rules = "rules",
        /// The head of the region, or a relative, is a candidate.
        Incumbent = "incumbent",
        /// Nobody holds it.
        Vacant = "vacant",
    }
}

impl Told {
    /// `office` has been told; of a climb because of those who are `silent`.
    pub(crate) fn hear(&mut self, office: &Office, why: Why, silent: Option<String>) {
        self.leave_in(office);
        match self.told.iter_mut().find(|because| because.office == *office) {
            // Who heard that an item waits, and then got it by a release, has more than heard.
            Some(because) if why == Why::Released => because.why = why,
            Some(_) => {}
            None => self.told.push(Because { office: office.clone(), why, silent }),
        }
        if self.when == "never" {
            "already".clone_into(&mut self.when);
        }
        // What was turned down tells nobody any more; for the rest somebody has been told.
        self.nobody.take_if(|why| why != "rejected");
    }

    /// `office` is neither left out nor without holder, nor told only later.
    pub(crate) fn leave_in(&mut self, office: &Office) {
        self.not_told.retain(|because| because.office != *office);
        self.gaps.retain(|gap| gap.office != *office);
        self.overdue.retain(|because| because.office != *office);
    }
}
