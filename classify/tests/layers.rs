//! The layers of the crate's files, as its head lists them.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers that the head of the crate lists, each by its files.
fn layers(head: &str) -> Vec<Vec<String>> {
    let listed = head.lines().filter_map(|line| line.strip_prefix("//! ")?.split_once(". `"));
    let listed = listed.filter(|(number, _)| number.parse::<usize>().is_ok());
    let files = |(_, line): (&str, &str)| {
        let names = line.split_once(": ").map_or(line, |(names, _)| names);
        names.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
    };
    listed.map(files).collect()
}

/// The modules of the crate that a file names, its tests left out.
fn named(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let behind = code.split("crate::").skip(1);
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    let names = behind.flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => {
            list.split('}').next().unwrap_or_default().split(',').map(|name| word(name.trim())).collect()
        }
        None => vec![word(rest)],
    });
    names.collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_file_knows_one_of_a_later_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layers = layers(&fs::read_to_string(src.join("lib.rs")).unwrap());
    let layer = |name: &str| layers.iter().position(|files| files.iter().any(|file| file == name));
    let mut all = Vec::new();
    files(&src, &mut all);
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for path in
        all.iter().filter(|path| !path.ends_with("lib.rs") && !path.to_string_lossy().contains("tests"))
    {
        let below = path.strip_prefix(&src).unwrap();
        let own = below.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        let here = layer(&own).unwrap_or_else(|| panic!("{own} stands in no layer"));
        for name in named(&fs::read_to_string(path).unwrap()).into_iter().filter(|name| *name != own) {
            let there = layer(&name);
            asked += 1;
            // Within a layer the earlier may be known by the later.
            let order = |name: &str| layers.iter().flatten().position(|file| file == name);
            if there.is_none_or(|there| there > here) || order(&name) > order(&own) {
                wrong.push(format!("{own} knows {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(layers.len() > 5 && asked > 30, "{} layers, {asked} uses", layers.len());
}
