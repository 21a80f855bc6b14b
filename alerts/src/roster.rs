//! The roster: who holds an office now, who stands in, and through which channels. A CSV, checked whole at load.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lexicons::Lang;
use stream::{RegionCode, Role, closed_set};

use crate::Office;
use crate::channels::Kind;
use crate::route::matter::Holders;
use crate::route::offices::{sits_at, village_head};

/// The role that pages the desk itself; no office of domain.md 3.1.
const DESK: &str = "MEJA";
/// The columns of the file. `holder` is a note of whoever keeps it, often a name: nothing asks for it, so it is not
/// kept in memory.
const COLUMNS: [&str; 6] = ["role", "region", "holder", "stand_in", "channel", "address"];

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

closed_set! {
    /// What is wrong with a line of the roster; texts are `alerts.roster.*`.
    Wrong {
        /// The file cannot be read.
        Unreadable = "unreadable",
        /// The header lacks a column.
        Column = "column",
        /// The header has a column that is none of ours.
        UnknownColumn = "unknown_column",
        /// The line has another number of fields.
        Fields = "fields",
        /// No such role.
        Role = "role",
        /// No such region code.
        Region = "region",
        /// The gazetteer has no such region.
        NoSuchRegion = "no_such_region",
        /// The role does not sit at this level.
        Level = "level",
        /// A kelurahan has a lurah, a desa a kades.
        Village = "village",
        /// `stand_in` is neither `ya`, `tidak` nor empty.
        StandIn = "stand_in",
        /// No such channel.
        Channel = "channel",
        /// The address is empty or none of this channel.
        Address = "address",
        /// The same line stands above.
        Twice = "twice",
    }
}

/// A fault in the roster, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterFault {
    /// The file.
    pub file: String,
    /// Its line, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// The column's name, empty when the whole line is meant.
    pub column: &'static str,
    /// What is wrong.
    pub wrong: Wrong,
    /// What stands there; empty for addresses, which are not shown.
    pub value: String,
}

impl RosterFault {
    /// The fault as a line for people: file, line, column, what is wrong.
    pub fn text(&self, lang: Lang) -> String {
        let what = lang.fill(&format!("alerts.roster.{}", self.wrong), &[("value", &self.value)]);
        match self.column {
            "" if self.line == 0 => format!("{}: {what}", self.file),
            "" => format!("{}:{}: {what}", self.file, self.line),
            column => format!("{}:{}: {column}: {what}", self.file, self.line),
        }
    }
}

/// Who is reached how. One address may serve many offices: a Babinsa may have four villages.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    offices: BTreeMap<Office, Entry>,
    desk: BTreeMap<Option<RegionCode>, Vec<Contact>>,
    incumbents: BTreeSet<RegionCode>,
}

/// The holder of an office and who stands in.
#[derive(Clone, Debug, Default)]
struct Entry {
    holder: Vec<Contact>,
    stand_in: Vec<Contact>,
}

impl Roster {
    /// Reads the file at `path`; `known` says whether a region exists.
    ///
    /// # Errors
    /// Every fault of the file at once, in the order of its lines.
    pub fn load(path: &Path, known: impl Fn(&RegionCode) -> bool) -> Result<Roster, Vec<RosterFault>> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Roster::parse(&file, &text, known),
            Err(error) => Err(vec![RosterFault {
                file,
                line: 0,
                column: "",
                wrong: Wrong::Unreadable,
                value: error.to_string(),
            }]),
        }
    }

    /// Reads the text of a roster; see [`Roster::load`].
    ///
    /// # Errors
    /// Every fault at once.
    pub fn parse(
        file: &str,
        text: &str,
        known: impl Fn(&RegionCode) -> bool,
    ) -> Result<Roster, Vec<RosterFault>> {
        // As a spreadsheet of this country saves it: a mark in front, semicolons between.
        let text = text.trim_start_matches('\u{feff}');
        let head = text.lines().next().unwrap_or_default();
        let between = if head.contains(';') && !head.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(between)
            .flexible(true)
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let mut faults = Vec::new();
        let fault = |line, column, wrong, value: &str| RosterFault {
            file: file.to_owned(),
            line,
            column,
            wrong,
            value: value.to_owned(),
        };
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return Err(vec![fault(1, "", Wrong::Unreadable, &error.to_string())]),
        };
        let mut at = [usize::MAX; COLUMNS.len()];
        for (index, column) in COLUMNS.into_iter().enumerate() {
            match header.iter().position(|name| name == column) {
                Some(position) => at[index] = position,
                None => faults.push(fault(1, column, Wrong::Column, column)),
            }
        }
        for name in header.iter().filter(|name| !COLUMNS.contains(name)) {
            faults.push(fault(1, "", Wrong::UnknownColumn, name));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut roster = Roster::default();
        let mut seen = BTreeSet::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    faults.push(fault(line, "", Wrong::Unreadable, ""));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != header.len() {
                faults.push(fault(line, "", Wrong::Fields, &record.len().to_string()));
                continue;
            }
            let fields = at.map(|position| record.get(position).unwrap_or_default());
            if !seen.insert(fields.map(str::to_owned)) {
                faults.push(fault(line, "", Wrong::Twice, ""));
                continue;
            }
            roster
                .line(fields, &known, |column, wrong, value| faults.push(fault(line, column, wrong, value)));
        }
        if faults.is_empty() { Ok(roster) } else { Err(faults) }
    }

    /// Takes one line; every field is looked at, so that its faults come out together.
    fn line(
        &mut self,
        [role, region, _, stand_in, channel, address]: [&str; 6],
        known: impl Fn(&RegionCode) -> bool,
        mut fault: impl FnMut(&'static str, Wrong, &str),
    ) {
        let is_desk = role == DESK;
        let parsed_role = Role::parse(role);
        if parsed_role.is_none() && !is_desk {
            fault("role", Wrong::Role, role);
        }
        let parsed_region = RegionCode::parse(region).ok();
        match (&parsed_region, parsed_role) {
            (None, _) if is_desk && region.is_empty() => {}
            (None, _) => fault("region", Wrong::Region, region),
            (Some(code), _) if !known(code) => fault("region", Wrong::NoSuchRegion, region),
            (Some(code), Some(role)) if !sits_at(role, code.level()) => fault("region", Wrong::Level, region),
            (Some(code), Some(role @ (Role::Kades | Role::Lurah))) if village_head(code) != role => {
                fault("role", Wrong::Village, role.as_str());
            }
            _ => {}
        }
        let stands_in = match stand_in {
            "" | "tidak" | "no" => false,
            "ya" | "yes" => true,
            other => {
                fault("stand_in", Wrong::StandIn, other);
                false
            }
        };
        let Some(channel) = Kind::parse(channel) else {
            fault("channel", Wrong::Channel, channel);
            return;
        };
        if !channel.takes(address) {
            fault("address", Wrong::Address, "");
            return;
        }
        let contact = Contact { channel, address: address.to_owned() };
        if is_desk {
            self.desk.entry(parsed_region).or_default().push(contact);
        } else if let (Some(role), Some(region)) = (parsed_role, parsed_region) {
            let entry = self.offices.entry(Office::new(role, region)).or_default();
            if stands_in { entry.stand_in.push(contact) } else { entry.holder.push(contact) }
        }
    }

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
    use super::*;

    const HEADER: &str = "role,region,holder,stand_in,channel,address\n";

    fn parse(lines: &str) -> Result<Roster, Vec<RosterFault>> {
        Roster::parse("roster.csv", &format!("{HEADER}{lines}"), |code| code.as_str() != "99")
    }

    #[test]
    fn a_roster_with_the_mark_and_semicolons_of_a_spreadsheet_is_read() {
        let lines = "\u{feff}role;region;holder;stand_in;channel;address\nMEJA;;;;file;meja\nKADES;62.10.01.2003;;;file;kades\n";
        let roster = Roster::parse("roster.csv", lines, |_| true).unwrap();
        assert_eq!(roster.offices().count(), 1);
        let wrong = Roster::parse("roster.csv", &lines.replace("KADES", "KADESS"), |_| true).unwrap_err();
        assert_eq!((wrong.len(), wrong[0].line), (1, 3));
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_line() {
        let faults = parse(
            "KADESS,62.10,,,file,x\n\
             KADES,62.1,,mungkin,file,x\n\
             BHABIN,62.10.02,,,telegram,@x\n\
             KADES,35.77.01.1001,,,file,x\n\
             KAPOLSEK,62.10.02,,,email,not-an-address\n\
             CAMAT,62.10.02\n",
        )
        .unwrap_err();
        let told: Vec<(u64, Wrong)> = faults.iter().map(|fault| (fault.line, fault.wrong)).collect();
        assert_eq!(
            told,
            [
                (2, Wrong::Role),
                (3, Wrong::Region),
                (3, Wrong::StandIn),
                (4, Wrong::Level),
                (4, Wrong::Channel),
                (5, Wrong::Village),
                (6, Wrong::Address),
                (7, Wrong::Fields),
            ]
        );
        assert_eq!(faults[0].text(Lang::Id), "roster.csv:2: role: tidak ada peran 'KADESS'");
        assert!(faults.iter().all(|fault| !fault.text(Lang::En).contains("not-an-address")));
    }

    #[test]
    fn who_stands_in_is_reached_instead_and_one_address_serves_many_villages() {
        let roster = parse(
            "BABINSA,62.10.02.2001,,,file,babinsa-a\n\
             BABINSA,62.10.02.2002,,,file,babinsa-a\n\
             CAMAT,62.10.02,,,file,camat\n\
             CAMAT,62.10.02,,ya,file,plt-camat\n\
             MEJA,62.10,,,file,meja\n",
        )
        .unwrap();
        let camat = Office::new(Role::Camat, RegionCode::parse("62.10.02").unwrap());
        assert_eq!(roster.contacts(&camat)[0].address, "plt-camat");
        assert_eq!(roster.all_contacts(&camat).count(), 2);
        assert_eq!(roster.offices().count(), 3);
        assert_eq!(roster.desk(RegionCode::parse("62.10.02.2001").ok().as_ref())[0].address, "meja");
        assert!(roster.desk(None).is_empty());
    }

    #[test]
    fn what_is_noted_of_a_holder_is_not_kept() {
        let roster = parse("CAMAT,62.10.02,Ibu Rekaan,,file,camat\n").unwrap();
        assert_eq!(roster.offices().count(), 1);
        assert!(!format!("{roster:?}").contains("Rekaan"));
    }

    #[test]
    fn the_example_roster_is_whole() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/roster.example.csv");
        let roster = Roster::load(&path, |_| true).unwrap();
        assert!(roster.offices().count() > 40);
    }
}
