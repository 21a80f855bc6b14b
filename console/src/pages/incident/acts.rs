//! What can be done on the page of an incident, and the reasons offered for it.

use alerts::{Action, Apart, IncidentView};
use stream::Queue;

use super::page::IncidentPage;
use crate::access::Need;
use crate::shell::Caller;
use crate::view::incident::releasable;
use crate::view::telling::Mood;

/// What can be done now.
pub(super) struct Acts {
    pub(super) confirm: bool,
    pub(super) reject: bool,
    pub(super) handle: bool,
    pub(super) finish: bool,
    pub(super) merge: bool,
    pub(super) place: bool,
    /// Some of its posts can be taken out: there are others.
    pub(super) part: bool,
    pub(super) release: bool,
}

/// What `caller` can do with it now.
pub(super) fn acts(caller: &Caller, view: &IncidentView) -> Acts {
    let neutral = view.incident.queue == Queue::Netralitas;
    let may = caller.may(if neutral { Need::DecideNeutrality } else { Need::DecideConflict });
    let can = |action| may && view.actions.contains(&action);
    Acts {
        confirm: can(Action::Confirm) || (may && view.incident.awas_waits_for_second.is_some()),
        reject: can(Action::Reject),
        handle: can(Action::Handle),
        finish: can(Action::Finish),
        merge: can(Action::Merge),
        place: may && view.incident.status.is_open(),
        part: may && view.incident.status.is_open() && view.posts.len() > 1,
        release: may && releasable(view),
    }
}

impl IncidentPage {
    /// Reasons that are offered to whoever turns it down, as its desk has them.
    pub(super) fn reasons(&self) -> [&'static str; 5] {
        let codes = match self.neutral {
            true => ["official", "duty", "old", "checked", "other_place"],
            false => ["figure", "old", "checked", "other_place", "lawful"],
        };
        codes.map(|code| self.s.lang.get(&format!("console.reason.{code}")))
    }

    /// Whether something could not be delivered: that is not folded away.
    pub(super) fn undelivered(&self) -> bool {
        self.sent.iter().any(|group| group.mood == Mood::Failed)
    }

    /// Why a post may not belong here, as codes and words.
    pub(super) fn reasons_apart(&self) -> Vec<(&'static str, &'static str)> {
        let queue = if self.neutral { Queue::Netralitas } else { Queue::Konflik };
        let said = |why: &Apart| (why.as_str(), self.s.lang.get(&format!("alerts.apart.{why}")));
        Apart::offered(queue).iter().map(said).collect()
    }
}
