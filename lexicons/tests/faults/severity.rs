//! What is wrong in a keeper's `severity.toml`.

use std::collections::BTreeSet;

use lexicons::{Fault, Lang};

use super::{faults, keys};

fn element(id: &str, rest: &str) -> String {
    format!("[[element]]\nid = \"{id}\"\nwhy = \"x\"\n{rest}\n")
}

const SHOWN: &str = "shown = { id = \"a\", en = \"b\" }\ncategories = [\"KF-12\"]\n";

#[test]
fn what_a_keeper_mistakes_in_severity_is_told_with_its_place() {
    let elements = element("a", &format!("{SHOWN}level = \"SIAGA\"\nwhen = '%tidak_ada'"))
        + &element("a", &format!("{SHOWN}level = \"NORMAL\"\nup = \"one\"\nwhen = 'parang'"))
        + &element("b", &format!("{SHOWN}up = \"AWAS\"\nwhen = 'parang AND'"))
        + &element("c", &format!("{SHOWN}down = \"AWAS\"\nwhen = 'parang'\nwith = ['%juga_tidak']"))
        + &element("d", &format!("{SHOWN}told_as = \"e\"\nlevel = \"GAWAT\"\nwhen = 'parang'"))
        + &element("e", "told_as = \"nihil\"\ncategories = [\"KF-99\"]\nup = \"one\"\non = \"besok\"")
        + &element(
            "f",
            "shown = { id = \"a\", en = \"b\" }\nup = \"one\"\nor_placed = true\nfloor = \"WASPADA\"",
        )
        + &element(
            "g",
            &format!("{SHOWN}up = \"one\"\nwhen = 'parang'\nnot_behind = {{ set = \"nihil\", words = 99 }}"),
        )
        + &element("h", &format!("{SHOWN}up = \"one\"\nwhen = 'parang'\nopens = \"tiada\""));
    let faults = faults(&[("severity.toml", &elements)]);
    let wanted = [
        (7, 9, "no_percent_set"),
        (9, 6, "element_does"),
        (9, 6, "element_twice"),
        (21, 6, "element_ceiling"),
        (22, 19, "term_at_end"),
        (28, 8, "element_nowhere"),
        (30, 10, "no_percent_set"),
        (32, 6, "element_words"),
        (36, 11, "no_element"),
        (37, 9, "unknown"),
        (42, 11, "no_element"),
        (43, 15, "unknown_category"),
        (45, 6, "no_days"),
        (47, 6, "element_always"),
        (47, 6, "element_categories"),
        (47, 6, "element_when"),
        (52, 9, "element_floor"),
        (60, 22, "no_set"),
        (60, 39, "element_behind"),
        (68, 9, "element_opens"),
        (68, 9, "no_set"),
    ];
    let told: Vec<(u32, u32, &str)> = faults
        .iter()
        .flat_map(|fault| {
            keys(std::slice::from_ref(fault)).into_iter().map(|key| (fault.line, fault.column, key))
        })
        .collect();
    assert_eq!(told.iter().collect::<BTreeSet<_>>(), wanted.iter().collect::<BTreeSet<_>>(), "{faults:#?}");
}

#[test]
fn an_element_that_no_signal_reaches_or_that_adds_nothing_is_told() {
    let two = |kind: &str| format!("{kind} = [\"parang satu\", \"parang dua\"]\n");
    let tried = two("reaches") + &two("keeps");
    let elements = element("a", &format!("{SHOWN}level = \"WASPADA\"\nwhen = 'parang'\n{tried}"))
        + &element("b", &format!("{SHOWN}up = \"one\"\nwhen = 'parang'\n{tried}"))
        + &element("c", &format!("{SHOWN}up = \"one\"\nwhen = 'parang'\nwith = ['%time']\nreaches = []\n"));
    let faults = faults(&[("severity.toml", &elements)]);
    let text = Fault::lines(&faults, Lang::En).join("\n");
    for part in [
        "'a' never moves KF-12",
        "'c' adds nothing to 'b'",
        "'c' has 0 different reaches",
        "'c' has 0 different keeps",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert_eq!(faults.len(), 4, "{text}");
}
