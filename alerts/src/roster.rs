//! The roster: who holds an office now, who stands in, and through which channels.

mod fault;
mod in_use;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stream::RegionCode;

use crate::Office;
use crate::channels::Kind;
use crate::route::matter::Holders;

pub use fault::{HIDDEN, Refused, RosterFault, Wrong};
pub(crate) use in_use::InUse;

/// One way to reach an office. Addresses are never logged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    /// The channel.
    pub channel: Kind,
    /// The address in that channel: a folder name, an e-mail address, a URL.
    pub address: String,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contact({})", self.channel)
    }
}

/// Who is reached how. One address may serve many offices: a Babinsa may have four villages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    offices: BTreeMap<Office, Entry>,
    desk: BTreeMap<Option<RegionCode>, Vec<Contact>>,
    incumbents: BTreeSet<RegionCode>,
}

/// The holder of an office and who stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    holder: Vec<Contact>,
    stand_in: Vec<Contact>,
}

impl Roster {
    /// The regencies where the incumbent rule of domain.md 3.3 holds.
    #[must_use]
    pub fn with_incumbents(mut self, regions: &[RegionCode]) -> Roster {
        self.incumbents = regions.iter().cloned().collect();
        self
    }

    /// How to reach `office` now: who stands in, while somebody does.
    pub fn contacts(&self, office: &Office) -> &[Contact] {
        match self.offices.get(office) {
            Some(entry) if !entry.stand_in.is_empty() => &entry.stand_in,
            Some(entry) => &entry.holder,
            None => &[],
        }
    }

    /// Every contact of `office`, holder and stand-in: who is complained of is reached by neither.
    pub fn all_contacts(&self, office: &Office) -> impl Iterator<Item = &Contact> {
        self.offices.get(office).into_iter().flat_map(|entry| entry.holder.iter().chain(&entry.stand_in))
    }

    /// How to page the desk for a matter in `place`: the desk of the narrowest region around it.
    pub fn desk(&self, place: Option<&RegionCode>) -> &[Contact] {
        let mut at = place.cloned();
        while let Some(region) = at {
            if let Some(contacts) = self.desk.get(&Some(region.clone())) {
                return contacts;
            }
            at = region.parent();
        }
        self.desk.get(&None).map_or(&[], Vec::as_slice)
    }

    /// Every office with a contact.
    pub fn offices(&self) -> impl Iterator<Item = &Office> {
        self.offices.keys()
    }

    /// The channels that any line uses.
    pub fn channels(&self) -> BTreeSet<Kind> {
        let offices = self.offices.values().flat_map(|entry| entry.holder.iter().chain(&entry.stand_in));
        offices.chain(self.desk.values().flatten()).map(|contact| contact.channel).collect()
    }
}

impl Holders for Roster {
    fn holds(&self, office: &Office) -> bool {
        !self.contacts(office).is_empty()
    }

    fn incumbent_runs(&self, region: &RegionCode) -> bool {
        self.incumbents.contains(region)
    }
}

/// The roster in use is handed out shared.
impl<H: Holders> Holders for Arc<H> {
    fn holds(&self, office: &Office) -> bool {
        (**self).holds(office)
    }

    fn incumbent_runs(&self, region: &RegionCode) -> bool {
        (**self).incumbent_runs(region)
    }
}

/// A land where every office is held: for explaining without a roster.
#[derive(Clone, Copy, Debug)]
pub struct Everyone;

impl Holders for Everyone {
    fn holds(&self, _: &Office) -> bool {
        true
    }

    fn incumbent_runs(&self, _: &RegionCode) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use stream::Role;

    use super::*;

    #[test]
    fn who_stands_in_is_reached_instead_and_one_address_serves_many_villages() {
        let roster = Roster::parse(
            "roster.csv",
            "role,region,holder,stand_in,channel,address\n\
             BABINSA,62.10.02.2001,,,file,babinsa-a\n\
             BABINSA,62.10.02.2002,,,file,babinsa-a\n\
             CAMAT,62.10.02,,,file,camat\n\
             CAMAT,62.10.02,,ya,file,plt-camat\n\
             MEJA,62.10,,,file,meja\n",
            |_| true,
        )
        .unwrap();
        let camat = Office::new(Role::Camat, RegionCode::parse("62.10.02").unwrap());
        assert_eq!(roster.contacts(&camat)[0].address, "plt-camat");
        assert_eq!(roster.all_contacts(&camat).count(), 2);
        assert_eq!(roster.offices().count(), 3);
        assert_eq!(roster.desk(RegionCode::parse("62.10.02.2001").ok().as_ref())[0].address, "meja");
        assert!(roster.desk(None).is_empty());
    }
}
