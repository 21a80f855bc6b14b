//! The house rules that a tool can hold: who may know whom, how files begin, what the documents promise.

use std::fs;
use std::path::{Path, PathBuf};

/// Each crate and the crates of ours it may know (ARCHITECTURE.md).
const KNOWS: &[(&str, &[&str])] = &[
    ("stream", &[]),
    ("lexicons", &["stream"]),
    ("ingest", &["stream", "lexicons"]),
    ("classify", &["stream", "lexicons"]),
    ("archive", &["stream", "lexicons"]),
    ("alerts", &["stream", "lexicons"]),
    ("console", &["stream", "lexicons", "archive", "alerts"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files_below(folder: &str, extension: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, extension: &str, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, extension, into);
            } else if path.extension().is_some_and(|found| found == extension) {
                into.push(path);
            }
        }
    }
    let mut into = Vec::new();
    walk(&root().join(folder), extension, &mut into);
    into.sort();
    into
}

fn our_folders() -> Vec<&'static str> {
    KNOWS.iter().map(|(name, _)| *name).chain(["src", "tests"]).collect()
}

/// The names below `[section]` of a manifest.
fn names_in(manifest: &str, section: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(&read(manifest)).unwrap();
    let section = section.split('.').try_fold(&table, |table, name| table.get(name)?.as_table());
    section.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

#[test]
fn a_crate_knows_only_the_crates_it_may_know() {
    for (name, may) in KNOWS {
        let manifest = format!("{name}/Cargo.toml");
        for section in ["dependencies", "dev-dependencies"] {
            for known in names_in(&manifest, section) {
                let ours = KNOWS.iter().any(|(crate_name, _)| *crate_name == known);
                assert!(!ours || may.contains(&known.as_str()), "{name} may not know {known}");
            }
        }
    }
}

#[test]
fn every_file_begins_with_a_sentence_that_says_what_it_is() {
    for folder in our_folders() {
        for path in files_below(folder, "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap_or_default();
            assert!(first.starts_with("//! ") && first.len() > 20, "{}: {first}", path.display());
        }
    }
}

#[test]
fn every_dependency_has_its_reason_in_the_architecture() {
    let architecture = read("ARCHITECTURE.md");
    for name in names_in("Cargo.toml", "workspace.dependencies") {
        if !KNOWS.iter().any(|(crate_name, _)| *crate_name == name) {
            assert!(
                architecture.contains(&format!("`{name}`")),
                "ARCHITECTURE.md gives no reason for {name}"
            );
        }
    }
}

#[test]
fn a_dependency_that_a_manifest_names_is_used() {
    for (folder, sources) in KNOWS
        .iter()
        .map(|(name, _)| (format!("{name}/"), vec![*name]))
        .chain([(String::new(), vec!["src", "tests", "console/tests"])])
    {
        let code: String = sources
            .iter()
            .flat_map(|source| files_below(source, "rs"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for name in names_in(&format!("{folder}Cargo.toml"), section) {
                let path = name.replace('-', "_");
                assert!(
                    code.contains(&format!("{path}::")) || code.contains(&format!("use {path}")),
                    "{folder}Cargo.toml names {name}, which no file uses"
                );
            }
        }
    }
}

#[test]
fn our_own_words_accuse_nobody() {
    let banned = ["terbukti", "pelaku", "tersangka", "melanggar", "bersalah"];
    let texts =
        files_below("lexicons/texts", "toml").into_iter().chain(files_below("console/templates", "html"));
    for path in texts {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let lower = line.to_lowercase();
            for word in banned {
                // "tidak terbukti" is what an officer answers, never what we say of a person.
                let found = lower.replace("tidak terbukti", "").contains(word);
                assert!(!found, "{}:{}: {word}: {line}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn the_readmes_are_short_and_name_the_two_commands() {
    for name in ["README.md", "README.id.md"] {
        let text = read(name);
        assert!(text.lines().count() <= 150, "{name} is too long to be read");
        let first: Vec<&str> =
            text.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap().lines().collect();
        for (command, line) in ["cargo run --release --locked -- demo", "tests/all.sh"].iter().zip(&first) {
            assert!(line.starts_with(command), "{name} does not begin with `{command}`");
        }
    }
    // A line of one says what the same line of the other says.
    let [english, indonesian] = ["README.md", "README.id.md"].map(|name| {
        let kind = |line: &str| line.chars().take_while(|c| !c.is_alphanumeric()).collect::<String>();
        read(name).lines().map(kind).collect::<Vec<_>>()
    });
    assert_eq!(english, indonesian, "the READMEs are not built alike");
    assert!(read(".ci/run").contains("tests/all.sh"));
}

#[test]
fn a_run_of_all_tests_asks_for_the_room_that_is_not_built_in_already() {
    let folder = tempfile::tempdir().unwrap();
    let debug = folder.path().join("debug");
    let disk = |what: &[&str]| {
        let mut script = std::process::Command::new(root().join("tests/disk.sh"));
        let out = script.arg(what[0]).arg(folder.path()).args(&what[1..]).output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let (enough, told) = disk(&["check", "8999"]);
    assert!(!enough && told.contains("8.9 GB are free where 9.0 GB are needed"), "{told}");
    assert!(disk(&["check", "9000"]).0);
    // Holes, which count by their length.
    for (name, length) in [("deps/liba-1.rlib", 2000), ("deps/a-1", 4000), ("build/b.a", 100)] {
        let path = debug.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::File::create(path).unwrap().set_len(length << 20).unwrap();
    }
    let (enough, told) = disk(&["check", "2899"]);
    assert!(!enough && told.contains("of which 6.1 GB lie there and are used again"), "{told}");
    assert!(disk(&["check", "2900"]).0);
    // What a developer's build has linked is linked anew.
    fs::create_dir(debug.join("incremental")).unwrap();
    assert!(!disk(&["check", "6899"]).0 && disk(&["check", "6900"]).0);
    // Nor does a folder that is missing end it without a word.
    fs::remove_dir_all(debug.join("build")).unwrap();
    let (enough, told) = disk(&["check", "6999"]);
    assert!(!enough && told.contains("7.0 GB are needed"), "{told}");
    assert!(disk(&["check", "7000"]).0);
    assert!(disk(&["built"]).0);
    assert!(!disk(&["check", "899"]).0 && disk(&["check", "900"]).0);
}

#[test]
fn contributors_are_told_how_to_name_a_crate_whose_name_a_library_bears() {
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).unwrap();
    let packages: Vec<&toml::Value> = lock["package"].as_array().unwrap().iter().collect();
    for (name, _) in KNOWS {
        let versions: Vec<_> =
            packages.iter().filter(|package| package["name"].as_str() == Some(name)).collect();
        let own = versions.iter().find(|package| package.get("source").is_none()).unwrap();
        let spec = format!("-p {name}@{}", own["version"].as_str().unwrap());
        assert_eq!(read("CONTRIBUTING.md").contains(&spec), versions.len() > 1, "{spec}");
    }
}

#[test]
fn every_relative_link_in_the_documents_leads_somewhere() {
    for name in ["README.md", "README.id.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains("://") {
                assert!(root().join(path).exists(), "{name}: {link} leads nowhere");
            }
        }
    }
}
