//! The villages that the posts of one incident name: each is told of by its own sources, and has its own offices.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stream::RegionCode;

/// A place inside the place of an incident that some of its posts name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// The place, as deep as the posts tell it: of an incident of a kecamatan a village.
    pub place: RegionCode,
    /// How many posts may tell of it: those that name it, and those that name no village.
    pub posts: i64,
    /// How many independent sources those are.
    pub sources: i64,
    /// Whether a registered reporter is among them.
    pub reporter: bool,
    /// When the last of them happened; none in what was stored before this was.
    #[serde(default)]
    pub last: Option<Timestamp>,
    /// It was named after a person had decided: nobody has looked at it yet. Not stored: it follows from the decision.
    #[serde(default)]
    pub later: bool,
}

impl Scene {
    /// Whether its offices are told without waiting for the desk.
    pub fn is_ready(&self) -> bool {
        self.sources >= 2 || self.reporter
    }
}

/// Whether `inner` is a part of `outer`, not `outer` itself.
pub(crate) fn lies_inside(inner: &RegionCode, outer: &RegionCode) -> bool {
    inner != outer && outer.contains(inner)
}
