//! Tests of the operator language.

use super::*;

#[test]
fn a_mistake_is_told_at_its_column() {
    for (source, at) in [
        ("%a NEAR %b", 3),
        ("%a AND (%b OR %c", 7),
        ("%a and %b", 3),
        ("%a %b", 3),
        ("\"x", 0),
        ("%a AND", 6),
    ] {
        let (found, message) = parse(source).unwrap_err();
        assert_eq!(found, at, "{source}: {message}");
    }
}
