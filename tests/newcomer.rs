//! What a newcomer does with the commands at first: text by a pipe, empty files and names, files that are no text.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, words: &[&str], input: &str) -> Output {
    run_with(folder, words, input, None)
}

/// The same with `KENTONGAN_LANG` as `lang` says.
fn run_with(folder: &Path, words: &[&str], input: &str, lang: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    command.args(words).current_dir(folder).env_remove("KENTONGAN_LANG").env_remove("RUST_BACKTRACE");
    command.envs(lang.map(|lang| ("KENTONGAN_LANG", lang)));
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

/// What the command says; it ends with `code`.
fn told(folder: &Path, words: &[&str], input: &str, code: i32) -> String {
    let out = run(folder, words, input);
    let told = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.status.code(), Some(code), "{words:?}: {told}");
    told
}

#[test]
fn a_text_that_comes_by_a_pipe_is_explained_as_one_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Besok kita serbu kantor KPU, bawa parang";
    let at = ["--posted-at", "2024-11-21T09:00:00+07:00"];
    let piped = told(folder.path(), &["explain", "-", at[0], at[1]], &format!("{text}\n"), 0);
    assert_eq!(piped, told(folder.path(), &["explain", text, at[0], at[1]], "", 0));
    assert!(piped.contains("KF-02"), "{piped}");
}

#[test]
fn what_is_empty_or_no_text_is_told_in_the_readers_language_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("kosong.jsonl"), "").unwrap();
    std::fs::create_dir_all(at.join("leksikon/sets")).unwrap();
    std::fs::write(at.join("leksikon/sets/kata.toml"), [0xff, 0xfe, b'x']).unwrap();
    std::fs::write(at.join("roster.csv"), [0xff, 0xfe, b'x']).unwrap();

    let none = told(at, &["train", "kosong.jsonl", "--out", "bobot.tsv"], "", 1);
    assert!(none.contains("tidak ada teks berlabel") && !at.join("bobot.tsv").exists(), "{none}");

    let nameless = told(at, &["import", "--new", "--data", "d", "--source", " ", "kosong.jsonl"], "", 1);
    assert!(nameless.contains("--source kosong") && !at.join("d").exists(), "{nameless}");

    let check = told(at, &["check", "--lexicon", "leksikon", "--roster", "roster.csv"], "", 1);
    for line in ["sets/kata.toml: bukan UTF-8", "roster.csv: bukan UTF-8"] {
        assert!(check.contains(line), "{line} in:\n{check}");
    }
    let english = told(at, &["check", "--lang", "en", "--lexicon", "leksikon"], "", 1);
    assert!(english.contains("sets/kata.toml: not UTF-8"), "{english}");

    let items = "rusak\nrusak juga\n";
    told(at, &["import", "--new", "--data", "d", "-"], items, 1);
    let list = told(at, &["dead-letters", "list", "--data", "d", "--limit", "0"], "", 0);
    assert!(list.contains("2 lagi") && !list.contains("tidak ada yang"), "{list}");
}

#[test]
fn a_variable_of_the_language_that_is_empty_is_not_set_and_a_wrong_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = run_with(folder.path(), &["user", "list", "--data", "d"], "", Some(""));
    let unset = run(folder.path(), &["user", "list", "--data", "d"], "");
    assert_eq!((empty.status.code(), &empty.stderr), (unset.status.code(), &unset.stderr));
    let wrong = run_with(folder.path(), &["user", "list"], "", Some("jv"));
    let told = String::from_utf8_lossy(&wrong.stderr);
    assert!(told.contains("'jv' untuk KENTONGAN_LANG") && !told.contains("--lang"), "{told}");
}

#[test]
fn the_times_of_a_spreadsheet_are_read_and_a_wrong_cell_is_told_by_its_column() {
    let folder = tempfile::tempdir().unwrap();
    let table = "Isi;Waktu\nsatu;2026-11-21 05.40\ndua;21/11/2026 05.40\ntiga;kemarin\nempat;\n";
    std::fs::write(folder.path().join("tabel.csv"), table).unwrap();
    let options = ["--map", "text=Isi,posted_at=Waktu", "--channel", "x", "--tz", "WIB"];
    let words = [&["import", "--new", "--data", "d", "tabel.csv"][..], &options].concat();
    let told = told(folder.path(), &words, "", 1);
    for part in
        ["2 unggahan masuk", "Waktu berisi 'kemarin'", "2026-11-23 05.40", "Sel pada kolom Waktu kosong"]
    {
        assert!(told.contains(part) && !told.contains("posted_at"), "{part} in:\n{told}");
    }
}
