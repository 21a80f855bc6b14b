//! The life of an incident: one table, nothing else changes a status.

use crate::{Action, Status};

/// The status after `action`, or `None` where it is not possible.
pub fn next(status: Status, action: Action) -> Option<Status> {
    use Status::{Baru, Digabung, Dikonfirmasi, Ditangani, Ditolak, Selesai};
    match (status, action) {
        (Baru | Dikonfirmasi, Action::Confirm) => Some(Dikonfirmasi),
        // A second person may raise the severity of what is already being handled.
        (Ditangani, Action::Confirm) => Some(Ditangani),
        (Dikonfirmasi, Action::Handle) => Some(Ditangani),
        (Ditangani, Action::Finish) => Some(Selesai),
        (Baru, Action::Reject) => Some(Ditolak),
        (Baru | Dikonfirmasi | Ditangani | Selesai | Ditolak, Action::Merge) => Some(Digabung),
        _ => None,
    }
}

/// The status of what new judgements have emptied: no person has done that, and what a person had decided is not emptied.
pub(crate) fn emptied(status: Status) -> Option<Status> {
    (status == Status::Baru).then_some(Status::Ditarik)
}

/// Everything that can be done in `status`, in the order of the buttons.
pub fn possible(status: Status) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|action| next(status, *action).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_goes_from_new_to_finished_and_a_rejected_one_stays_so() {
        let path = [Action::Confirm, Action::Handle, Action::Finish];
        let end = path.iter().try_fold(Status::Baru, |status, action| next(status, *action));
        assert_eq!(end, Some(Status::Selesai));
        assert_eq!(next(Status::Baru, Action::Reject), Some(Status::Ditolak));
        assert_eq!(possible(Status::Ditolak), [Action::Merge]);
        assert_eq!(
            next(Status::Dikonfirmasi, Action::Reject),
            None,
            "what is confirmed is finished, not rejected"
        );
    }

    #[test]
    fn nothing_leads_back_to_new_and_merged_is_the_end() {
        for status in Status::ALL {
            for action in Action::ALL {
                assert_ne!(next(*status, *action), Some(Status::Baru));
            }
        }
        assert!(possible(Status::Digabung).is_empty());
        assert!(possible(Status::Ditarik).is_empty());
    }
}
