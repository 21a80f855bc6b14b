//! What reads a text knows nothing of rules: rules are asked of what was read.

use std::fs;
use std::path::{Path, PathBuf};

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().flatten().for_each(|entry| files(&entry.path(), found));
    } else {
        found.push(path.to_owned());
    }
}

#[test]
fn folding_and_reading_know_no_rules() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for name in
        ["fold", "numerals.rs", "kinds.rs", "present.rs", "range.rs", "reading.rs", "reading", "set_bits.rs"]
    {
        files(&src.join(name), &mut found);
    }
    assert!(found.len() > 8, "{found:?}");
    for path in found.iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for later in ["crate::rule", "crate::lexicon::", "crate::lint", "crate::sets"] {
            assert!(!code.contains(later), "{} knows {later}", path.display());
        }
    }
}
