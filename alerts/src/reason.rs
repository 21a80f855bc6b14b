//! Why a notification is sent, and whether it asks for an answer.

use stream::closed_set;

use crate::Certainty;

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
        /// Further posts tell of a grave fact that is new: whoever was told of the AWAS hears of it, and is asked nothing.
        News = "news",
        /// A further post names a village of a matter that was decided: its offices are told, and that nobody has looked
        /// at it there.
        Further = "further_village",
        /// The lines below did not answer in time.
        Climb = "climb",
        /// The office did not answer in time.
        Repeat = "repeat",
        /// Its place was corrected.
        Correction = "correction",
        /// Its place was corrected, of an item that was released to Bawaslu (KF-14): it is asked nothing.
        Noted = "noted",
        /// Its place was corrected, and the office is not concerned any more: it is asked nothing.
        Away = "away",
        /// It was turned down.
        Rejected = "rejected",
        /// An item waits on Bawaslu's desk (KF-14).
        ItemWaits = "item_waits",
        /// Bawaslu released it (KF-14).
        Released = "released",
        /// The desk is paged: a proposal of SIAGA or AWAS waits for a decision.
        Page = "page",
        /// The desk is paged again: nobody has decided yet.
        PageAgain = "page_again",
        /// The desk is paged: an office answered that all is quiet, or that it is not its area.
        Answered = "answered",
        /// The desk is paged: a registered reporter says that all is calm there.
        Calm = "calm",
        /// The desk is paged: a further post names a village that its decision did not take in.
        FurtherPage = "further_page",
        /// Several messages in one, because of the budget.
        Digest = "digest",
    }
}

/// The remark of what goes out while one confirmation stands and the second is awaited.
pub(crate) const SECOND: &str = "second";

/// The remark of what goes to an office that knows of an item of Bawaslu's only that it waits (KF-14).
pub(crate) const WAITS: &str = "waits";

impl Reason {
    /// Its code in `alerts.subject.*`: of a matter that one of two persons has confirmed nobody says that it is not
    /// verified, and whoever knows only that an item waits hears only where it does, or that it does no more.
    pub fn said(self, remark: &str) -> &'static str {
        match (self, remark) {
            (Reason::Unconfirmed, SECOND) => SECOND,
            (Reason::Correction | Reason::Noted, WAITS) => "item_moved",
            (Reason::Away, WAITS) => "item_away",
            (Reason::Rejected, WAITS) => "item_over",
            _ => self.as_str(),
        }
    }

    /// Whether it says of an item of Bawaslu's no more than that it waits, or where it does, or that it does no more.
    pub(crate) fn hides(self, remark: &str) -> bool {
        self == Reason::ItemWaits || remark == WAITS
    }

    /// Its code in `alerts.reason.*`: what is told at once says which of the two let it, a registered reporter or the
    /// sources, where the remark holds that certainty.
    pub fn because(self, remark: &str) -> &'static str {
        match (self, Certainty::parse(remark)) {
            (Reason::AtOnce, Some(Certainty::Reporter | Certainty::ReporterOfSome)) => "at_once_reporter",
            (Reason::AtOnce, Some(Certainty::TwoSources)) => "at_once_sources",
            _ => self.said(remark),
        }
    }

    /// Whether it tells an office of a matter, which it may not have heard of.
    pub(crate) fn opens(self) -> bool {
        matches!(
            self,
            Reason::AtOnce | Reason::Unconfirmed | Reason::Confirmed | Reason::Further | Reason::Climb
        )
    }

    /// Whether it is for the desk itself.
    pub(crate) fn pages(self) -> bool {
        matches!(
            self,
            Reason::Page | Reason::PageAgain | Reason::Answered | Reason::Calm | Reason::FurtherPage
        )
    }

    /// Whether the office is asked for an answer.
    pub fn asks(self, remark: &str) -> bool {
        !self.hides(remark)
            && matches!(
                self,
                Reason::AtOnce
                    | Reason::Unconfirmed
                    | Reason::Confirmed
                    | Reason::Further
                    | Reason::Climb
                    | Reason::Repeat
                    | Reason::Correction
            )
    }
}
