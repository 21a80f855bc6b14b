//! A match that stands: what severity, subject, accused and tags of a signal are told from.

use lexicons::{Match, Rule};
use stream::Part;

/// A match of a rule that no guard cleared.
pub(crate) struct Held<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) part: Part,
    pub(crate) found: Match,
}
