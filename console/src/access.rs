//! Who may do what: the one matrix of roles and needs that every route is checked against (SG-18).

use alerts::{Actor, DeskRole};
use stream::RegionCode;

/// What a route needs of whoever calls it. Each route names exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Nothing: the login page, assets, health.
    Nothing,
    /// A session, of whatever role.
    SignedIn,
    /// To see incidents of the analysts' queue.
    SeeConflict,
    /// To confirm, reject, place, finish and merge them.
    DecideConflict,
    /// To see KF-14: pages, API and search.
    SeeNeutrality,
    /// To release, confirm and reject KF-14.
    DecideNeutrality,
    /// To read incidents of whichever queue is the caller's own.
    SeeIncidents,
    /// To search the archive.
    Search,
    /// To see sources, groups and their health.
    SeeSources,
    /// To turn telling off and on (SG-17).
    Switch,
    /// To see and manage accounts.
    ManagePeople,
}

impl Need {
    /// Every need, in order.
    pub const ALL: &'static [Need] = &[
        Need::Nothing,
        Need::SignedIn,
        Need::SeeConflict,
        Need::DecideConflict,
        Need::SeeNeutrality,
        Need::DecideNeutrality,
        Need::SeeIncidents,
        Need::Search,
        Need::SeeSources,
        Need::Switch,
        Need::ManagePeople,
    ];

    /// The matrix: the roles that satisfy this need. It agrees with [`Actor::reads`], which the desk checks
    /// once more at the data; a test holds the two together.
    pub fn roles(self) -> &'static [DeskRole] {
        use DeskRole::{Admin, Analis, Bawaslu, Ops};
        match self {
            Need::Nothing | Need::SignedIn => DeskRole::ALL,
            Need::SeeConflict | Need::DecideConflict => &[Admin, Analis],
            Need::SeeNeutrality | Need::DecideNeutrality => &[Bawaslu],
            Need::SeeIncidents | Need::Search => &[Admin, Analis, Bawaslu],
            Need::SeeSources => &[Admin, Analis, Ops],
            Need::Switch => &[Admin, Ops],
            Need::ManagePeople => &[Admin],
        }
    }

    /// Whether a stranger, without session or token, may pass.
    pub fn open(self) -> bool {
        self == Need::Nothing
    }
}

/// What an account may: one role, in some regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What the account is for.
    pub role: DeskRole,
    /// The regions it sees, each with all that lies in it; none means the whole country.
    pub regions: Vec<RegionCode>,
}

impl Grant {
    /// Whether the role satisfies `need`.
    pub fn allows(&self, need: Need) -> bool {
        need.roles().contains(&self.role)
    }

    /// The desk's view of who holds this, under `name`.
    pub fn actor(&self, name: &str) -> Actor {
        Actor { name: name.to_owned(), role: self.role, regions: self.regions.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stream::Queue;

    #[test]
    fn only_bawaslu_ever_sees_or_decides_a_neutrality_finding() {
        for need in [Need::SeeNeutrality, Need::DecideNeutrality] {
            assert_eq!(need.roles(), [DeskRole::Bawaslu]);
        }
    }

    #[test]
    fn no_role_holds_every_need() {
        for role in DeskRole::ALL {
            assert!(Need::ALL.iter().any(|need| !need.roles().contains(role)), "{role}");
        }
    }

    #[test]
    fn the_pages_matrix_and_the_desk_agree_on_who_reads_which_queue() {
        for role in DeskRole::ALL {
            let grant = Grant { role: *role, regions: Vec::new() };
            let actor = grant.actor("rekaan");
            assert_eq!(grant.allows(Need::SeeConflict), actor.reads(Queue::Konflik), "{role}");
            assert_eq!(grant.allows(Need::SeeNeutrality), actor.reads(Queue::Netralitas), "{role}");
        }
    }
}
