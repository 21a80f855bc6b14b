//! Reading the CSV of a roster: checked whole, every fault told at once.

use std::collections::BTreeSet;
use std::path::Path;

use stream::{RegionCode, Role};

use super::{Contact, Roster, RosterFault, Wrong};
use crate::Office;
use crate::channels::Kind;
use crate::route::offices::{sits_at, village_head};

/// The role that pages the desk itself; no office of domain.md 3.1.
const DESK: &str = "MEJA";
/// The columns of the file. `holder` is a note of whoever keeps it, often a name: nothing asks for it, so it is not
/// kept in memory.
const COLUMNS: [&str; 6] = ["role", "region", "holder", "stand_in", "channel", "address"];

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
}

#[cfg(test)]
mod tests {
    use lexicons::Lang;

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
