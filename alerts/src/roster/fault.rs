//! What may be wrong with a roster, and where.

use lexicons::Lang;
use stream::closed_set;

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
