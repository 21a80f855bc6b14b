//! Lists the lexicon files, so that a new one in `sets/` or `rules/` is embedded without a line of code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut files = Vec::new();
    for folder in ["", "sets", "rules", "regions"] {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
        files.extend(toml_files(&root, folder));
    }
    files.sort();
    let mut code =
        String::from("/// Every lexicon file of this build: path inside the folder, and its text.\n");
    code.push_str("pub(crate) const EMBEDDED: &[(&str, &str)] = &[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", root.join(&file).display());
        writeln!(code, "    ({file:?}, include_str!({:?})),", root.join(&file)).expect("writing to a string");
    }
    code.push_str("];\n");
    fs::write(out.join("embedded.rs"), code).expect("OUT_DIR can be written");
}

fn toml_files(root: &Path, folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| {
            (name.ends_with(".toml") && name != "Cargo.toml")
                || name == "second-reader.tsv"
                || name == "ordinary.txt"
        })
        .map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") })
        .collect()
}
