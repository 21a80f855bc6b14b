//! What may be wrong with a roster, and where.

use lexicons::Lang;
use stream::{Role, closed_set, nearest};

use crate::channels::Kind;

/// Stands for a value that may be somebody's name, number or address.
pub const HIDDEN: &str = "•••";

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

    /// Every value that its column may hold, where that is a closed set.
    pub fn choices(&self) -> Vec<&'static str> {
        match self.wrong {
            Wrong::Role => Role::ALL.iter().map(|role| role.as_str()).chain(["MEJA"]).collect(),
            Wrong::Channel => Kind::ALL.iter().map(|kind| kind.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The one of them that was probably meant.
    pub fn near(&self) -> Option<&'static str> {
        let upper = self.wrong == Wrong::Role;
        let folded = if upper { self.value.to_uppercase() } else { self.value.to_lowercase() };
        nearest(&folded, self.choices())
    }

    /// The same without a value that may be somebody's name, number (a telephone's may be read as a village's code) or
    /// address, as one in the wrong column is: for readers
    /// who need not hold the file.
    #[must_use]
    pub fn shown(&self) -> RosterFault {
        let shows = match self.wrong {
            Wrong::Role | Wrong::Channel => self.near().is_some(),
            Wrong::Region | Wrong::NoSuchRegion | Wrong::Level | Wrong::UnknownColumn | Wrong::StandIn => {
                false
            }
            // Names and numbers of ours, what the system says of a file.
            _ => true,
        };
        let value = if shows || self.value.is_empty() { &self.value } else { HIDDEN };
        RosterFault { value: value.to_owned(), ..self.clone() }
    }
}

/// Why a changed roster is not gone by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A fault in its file.
    Fault(RosterFault),
    /// It uses a channel that is not set up.
    ChannelMissing(Kind),
}

impl Refused {
    /// For people who look at a page: line, field, what is wrong, and what was probably meant, nothing of a person.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Refused::ChannelMissing(kind) => {
                lang.fill("cli.setup.channel_missing", &[("channel", kind.as_str())])
            }
            Refused::Fault(fault) => {
                let near = fault.near().map(|near| lang.fill("cli.config.near", &[("near", near)]));
                // Where the file lies on the machine is nothing to a reader of the page.
                let file = fault.file.rsplit('/').next().unwrap_or_default().to_owned();
                let told = RosterFault { file, ..fault.shown() }.text(lang);
                [told].into_iter().chain(near).collect::<Vec<_>>().join(". ")
            }
        }
    }
}
