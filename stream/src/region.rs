//! Kemendagri area codes: which village lies in which district, regency and province.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Kemendagri *kode wilayah*: `PP`, `PP.KK`, `PP.KK.CC` or `PP.KK.CC.DDDD`
/// (province, kabupaten/kota, kecamatan, desa/kelurahan).
///
/// Invariant: one to four parts of 2, 2, 2 and 4 digits; only [`RegionCode::parse`] makes one.
/// That a code exists is the gazetteer's knowledge, not this type's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

/// How deep a region lies in the tree of areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// *Provinsi*: `62`.
    Provinsi,
    /// *Kabupaten* or *kota*: `62.10`.
    Kabupaten,
    /// *Kecamatan* (in Papua *distrik*): `62.10.02`.
    Kecamatan,
    /// *Desa* or *kelurahan*: `62.10.02.1012`.
    Desa,
}

/// A string that is no area code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no area code (expected 62, 62.10, 62.10.02 or 62.10.02.1012)")]
pub struct BadRegionCode(pub String);

impl RegionCode {
    /// Reads a code with dots (`62.10.02`); digits alone (`621002`) are read too.
    ///
    /// # Errors
    /// [`BadRegionCode`] when the parts are not of 2, 2, 2 and 4 digits.
    pub fn parse(text: &str) -> Result<Self, BadRegionCode> {
        let bad = || BadRegionCode(text.to_owned());
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let dotted = match digits.len() {
            2 => digits,
            4 => format!("{}.{}", &digits[..2], &digits[2..]),
            6 => format!("{}.{}.{}", &digits[..2], &digits[2..4], &digits[4..]),
            10 => format!("{}.{}.{}.{}", &digits[..2], &digits[2..4], &digits[4..6], &digits[6..]),
            _ => return Err(bad()),
        };
        if text.contains('.') && text != dotted {
            return Err(bad());
        }
        Ok(RegionCode(dotted))
    }

    /// The code with its dots.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How deep this region lies.
    pub fn level(&self) -> Level {
        match self.0.len() {
            2 => Level::Provinsi,
            5 => Level::Kabupaten,
            8 => Level::Kecamatan,
            _ => Level::Desa,
        }
    }

    /// The region around this one; a province has none.
    pub fn parent(&self) -> Option<RegionCode> {
        let (parent, _) = self.0.rsplit_once('.')?;
        Some(RegionCode(parent.to_owned()))
    }

    /// This region cut to `level`; itself when it is not that deep.
    #[must_use]
    pub fn cut(&self, level: Level) -> RegionCode {
        let len = match level {
            Level::Provinsi => 2,
            Level::Kabupaten => 5,
            Level::Kecamatan => 8,
            Level::Desa => 13,
        };
        RegionCode(self.0[..self.0.len().min(len)].to_owned())
    }

    /// Whether `other` is this region or lies in it.
    pub fn contains(&self, other: &RegionCode) -> bool {
        other.0.starts_with(&self.0) && matches!(other.0.as_bytes().get(self.0.len()), None | Some(b'.'))
    }

    /// The deepest region that holds both, if they share a province.
    pub fn common(&self, other: &RegionCode) -> Option<RegionCode> {
        let mut here = Some(self.clone());
        while let Some(code) = here {
            if code.contains(other) {
                return Some(code);
            }
            here = code.parent();
        }
        None
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = BadRegionCode;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        RegionCode::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> String {
        code.0
    }
}

impl std::str::FromStr for RegionCode {
    type Err = BadRegionCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        RegionCode::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn a_village_climbs_to_its_province() {
        let mut climb = vec![code("62.10.02.1012")];
        while let Some(parent) = climb.last().unwrap().parent() {
            climb.push(parent);
        }
        let climb: Vec<_> = climb.iter().map(RegionCode::as_str).collect();
        assert_eq!(climb, ["62.10.02.1012", "62.10.02", "62.10", "62"]);
    }

    #[test]
    fn digits_alone_are_read_and_other_strings_are_refused() {
        assert_eq!(code("6210021012"), code("62.10.02.1012"));
        for bad in ["", "6", "62.1", "62.10.2", "62..10", "6210.02", "ab", "62.10.02.101"] {
            assert!(RegionCode::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_region_holds_its_own_and_no_namesake_by_prefix() {
        assert!(code("35.19").contains(&code("35.19.08.2011")));
        assert!(!code("35.19").contains(&code("35.77")));
        assert_eq!(code("35.19.08").common(&code("35.77.01")), Some(code("35")));
        assert_eq!(code("35.19").common(&code("62.10")), None);
        assert_eq!(code("35.19.08.2011").cut(Level::Kecamatan), code("35.19.08"));
    }
}
