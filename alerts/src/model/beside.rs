//! The message by which an office has heard of another matter that may be one event with this, and what they share.

use serde::Serialize;
use stream::{Level, RegionCode};

use crate::message::of_matter;

/// A message about another matter nearby.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// The number of its matter.
    pub number: String,
    /// Whether both lie in one village; else one of them is known to their kecamatan only.
    pub one_village: bool,
}

/// Stands behind the number of what shares the kecamatan alone.
const KECAMATAN: &str = "@kecamatan";

impl Beside {
    /// Message `number` about a matter at `other`, beside one at `place`.
    pub(crate) fn at(number: &str, place: &RegionCode, other: &RegionCode) -> Beside {
        let number = of_matter(number).to_owned();
        Beside { number, one_village: place == other && place.level() == Level::Desa }
    }

    /// As the outbox keeps it.
    pub(crate) fn code(&self) -> String {
        format!("{}{}", self.number, if self.one_village { "" } else { KECAMATAN })
    }

    /// What the outbox keeps as `code`.
    pub(crate) fn read(code: &str) -> Beside {
        let number = code.strip_suffix(KECAMATAN);
        Beside { number: of_matter(number.unwrap_or(code)).to_owned(), one_village: number.is_none() }
    }

    /// What both share, as a key of `alerts.message.*`, `alerts.subject.*` and `console.fact.*`.
    pub fn key(&self) -> &'static str {
        if self.one_village { "beside_desa" } else { "beside_kecamatan" }
    }
}
