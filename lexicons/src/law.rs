//! `law.toml`: the laws that a finding may cite, with their verification mark and regime, and the rows of the joint decree.

use std::collections::BTreeSet;

use serde::Deserialize;
use stream::{Act, SubjectClass};
use toml::Spanned;

use crate::fault::{Fault, line_column};
use crate::said::{self, Said};
use crate::slang::toml_fault;

/// Which election a law belongs to; the two are never mixed (domain.md 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Regime {
    /// Election of heads of region.
    Pilkada,
    /// General election.
    Pemilu,
    /// Both, or neither: duties of office that hold always.
    Umum,
}

impl Regime {
    /// The regime as written.
    pub fn as_str(self) -> &'static str {
        match self {
            Regime::Pilkada => "pilkada",
            Regime::Pemilu => "pemilu",
            Regime::Umum => "umum",
        }
    }
}

/// How well a reference is checked (domain.md, marks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Mark {
    /// Read in a source.
    V,
    /// Read in two independent sources.
    V2,
    /// From memory: to be checked before it is relied on.
    M,
}

impl Mark {
    /// The mark as written.
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::V => "V",
            Mark::V2 => "V2",
            Mark::M => "M",
        }
    }
}

/// One law.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Its name in rules (`uu-1-2015-182a`).
    pub id: String,
    /// How it is cited, Indonesian.
    pub cite: String,
    /// What it says for us, Indonesian.
    pub says: String,
    /// How well it is checked.
    pub mark: Mark,
    /// Which election it belongs to.
    pub regime: Regime,
    /// The classes whose own law it is; empty for laws that bind anyone.
    #[serde(default)]
    pub binds: Vec<SubjectClass>,
}

/// A row of the joint decree of five agencies: binds ASN only.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `KE-01` … `KE-07` (ethics), `PD-01` … `PD-12` (discipline), `PP-1` … `PP-4` (PP 94/2021 art. 5 n).
    pub code: String,
    /// The act.
    pub act: Act,
    /// Holds before the candidates are determined.
    pub before: bool,
    /// Holds after it.
    pub after: bool,
    /// What it forbids, Indonesian.
    pub says: String,
    /// Sanction class (`SM`, `HDS`, `HDB`, `PTDH`).
    pub sanction: String,
    /// How well it is checked.
    pub mark: Mark,
}

/// All laws and rows.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    laws: Vec<Law>,
    rows: Vec<Row>,
    ids: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    law: Vec<Spanned<Law>>,
    row: Vec<Spanned<Row>>,
}

impl Laws {
    pub(crate) fn load(name: &str, source: &str, faults: &mut Vec<Fault>) -> Laws {
        let file: File = match toml::from_str(source) {
            Ok(file) => file,
            Err(error) => {
                faults.push(toml_fault(name, source, &error));
                return Laws::default();
            }
        };
        let mut fault = |at: usize, said: Said| {
            let (line, _) = line_column(source, at);
            faults.push(Fault::new(name, line, 0, said));
        };
        let laws = file.law.iter().map(|law| (law.span().start, &law.get_ref().id));
        let rows = file.row.iter().map(|row| (row.span().start, &row.get_ref().code));
        let mut ids = BTreeSet::new();
        for (at, id) in laws.chain(rows) {
            if !ids.insert(id.clone()) {
                fault(at, said::here_twice(id));
            }
        }
        for row in file.row.iter().filter(|row| !row.get_ref().before && !row.get_ref().after) {
            fault(row.span().start, said::empty_row(&row.get_ref().code));
        }
        let laws = file.law.into_iter().map(Spanned::into_inner).collect();
        Laws { laws, rows: file.row.into_iter().map(Spanned::into_inner).collect(), ids }
    }

    pub(crate) fn ids(&self) -> &BTreeSet<String> {
        &self.ids
    }

    /// The law with this id.
    pub fn get(&self, id: &str) -> Option<&Law> {
        self.laws.iter().find(|law| law.id == id)
    }

    /// Every law.
    pub fn all(&self) -> &[Law] {
        &self.laws
    }

    /// The laws of `regime` (and those that hold always) that bind this class.
    pub fn binding(&self, class: SubjectClass, regime: Regime) -> impl Iterator<Item = &Law> {
        let fits = move |law: &&Law| law.regime == regime || law.regime == Regime::Umum;
        self.laws.iter().filter(move |law| law.binds.contains(&class)).filter(fits)
    }

    /// The rows of the joint decree for an act of this class. `determined`: whether the candidates were determined;
    /// unknown shows the rows of both. Empty for every class that is no ASN.
    pub fn rows(&self, class: SubjectClass, act: Act, determined: Option<bool>) -> Vec<&Row> {
        if !class.is_asn() {
            return Vec::new();
        }
        let holds = |row: &&Row| match determined {
            None => true,
            Some(true) => row.after,
            Some(false) => row.before,
        };
        self.rows.iter().filter(|row| row.act == act).filter(holds).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::plain;

    #[test]
    fn rows_of_the_joint_decree_bind_civil_servants_and_nobody_else() {
        let lexicon = plain();
        for class in SubjectClass::ALL {
            for act in Act::ALL {
                let rows = lexicon.laws().rows(*class, *act, None);
                assert_eq!(rows.is_empty(), !class.is_asn(), "{class} {act}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_law_is_told_by_the_line_where_it_begins() {
        let law = "[[law]]\nid = \"a\"\ncite = \"A\"\nsays = \"a\"\nmark = \"V\"\nregime = \"umum\"\n\n";
        let row = "# baris\n[[row]]\ncode = \"KE-01\"\nact = \"FOTO\"\nbefore = false\nafter = false\n\
                   says = \"x\"\nsanction = \"SM\"\nmark = \"V\"\n";
        let mut faults = Vec::new();
        Laws::load("law.toml", &format!("{law}{law}{row}"), &mut faults);
        let told: Vec<String> = faults.iter().map(Fault::to_string).collect();
        assert_eq!(
            told,
            [
                "law.toml:8: 'a' stands here twice",
                "law.toml:16: the row 'KE-01' holds neither before nor after"
            ]
        );
    }

    #[test]
    fn the_stage_decides_between_ethics_and_discipline() {
        let lexicon = plain();
        let codes = |determined| -> Vec<String> {
            let rows = lexicon.laws().rows(SubjectClass::Pns, Act::Foto, determined);
            rows.iter().map(|row| row.code.clone()).collect()
        };
        assert_eq!(codes(Some(false)), ["KE-05"]);
        assert_eq!(codes(Some(true)), ["PD-07"]);
        assert_eq!(codes(None), ["KE-05", "PD-07"]);
    }

    #[test]
    fn every_class_has_a_law_of_its_own_and_regimes_do_not_mix() {
        let lexicon = plain();
        for class in SubjectClass::ALL {
            let laws: Vec<_> = lexicon.laws().binding(*class, Regime::Pilkada).collect();
            assert!(!laws.is_empty(), "{class}");
            assert!(laws.iter().all(|law| law.regime != Regime::Pemilu), "{class}");
        }
    }
}
