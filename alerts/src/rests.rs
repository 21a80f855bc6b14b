//! On how many rules what stands in the queue rests: the best sign of how far to trust it.

use std::collections::BTreeSet;

use stream::Signal;

/// The rules under an incident, in SQL: those of its post that rests on most. A further post, however grave, takes
/// nothing from what bears the matter out already.
pub(crate) const OF_INCIDENT: &str =
    "(SELECT COALESCE(MAX(rules), 0) FROM signals WHERE incident = incidents.id)";

/// On how many different rules `signal` rests.
pub fn rules_under(signal: &Signal) -> i64 {
    let rules: BTreeSet<&str> = signal.hits.iter().map(|hit| hit.rule.as_str()).collect();
    i64::try_from(rules.len()).unwrap_or(i64::MAX)
}
