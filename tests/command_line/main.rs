//! The command line as a newcomer uses it: what is said of files, options and faults, in Indonesian unless asked.

mod configuration;
mod imports;
mod roles;

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn kentongan(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    command.env_remove("KENTONGAN_LANG").args(words).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, words: &[&str]) -> Output {
    kentongan(folder, words).output().expect("it runs")
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

/// The command ends with `code` and says all of `parts`.
fn says(folder: &Path, words: &[&str], code: i32, parts: &[&str]) -> String {
    let out = run(folder, words);
    let told = said(&out);
    assert_eq!(out.status.code(), Some(code), "{words:?}: {told}");
    for part in parts {
        assert!(told.contains(part), "{words:?} does not say {part:?}: {told}");
    }
    told
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

const GOOD: &str = "{\"id\":\"1\",\"channel\":\"x\",\"posted_at\":\"2024-11-21T09:00:00+07:00\",\"text\":\"selamat pagi\"}\n";
const MISSPELT: &str = "{\"id\":\"2\",\"chanel\":\"x\",\"posted_at\":\"2024-11-21T09:00:00+07:00\",\"text\":\"selamat siang\"}\n";
const BROKEN: &str = "{\"id\":\"3\",\"text\":\"putus\n";

#[test]
fn a_misspelt_folder_is_told_by_every_command_and_is_not_made() {
    let folder = folder(&[("kabar.jsonl", GOOD)]);
    let at = folder.path();
    let import = ["import", "kabar.jsonl", "--data"];
    says(at, &[&import[..], &["data"]].concat(), 1, &["di sini tidak ada pemasangan", "serve", "--new"]);
    assert!(!at.join("data").exists());
    says(
        at,
        &[&import[..], &["data", "--new"]].concat(),
        0,
        &["Folder data baru dibuat: data", "1 unggahan masuk", "1 di antaranya lebih tua dari 48 jam"],
    );
    says(at, &[&import[..], &["data"]].concat(), 0, &["1 baris data sudah pernah dibaca"]);
    let live = [&import[..], &["data", "--as-if-live"]].concat();
    says(
        at,
        &live,
        0,
        &["0 unggahan masuk, 1 baris data sudah pernah dibaca", "tanpa --as-if-live", "--source NAMA"],
    );
    std::fs::create_dir(at.join("kosong")).expect("a folder");
    for (data, near) in [("./dtaa", "Maksudnya './data'?"), ("kosong", "di sini tidak ada pemasangan")] {
        for words in [
            &["import", "kabar.jsonl"][..],
            &["user", "add", "budi", "--role", "analis"],
            &["reporter", "add", "kurun-3", "--region", "62.10.01"],
            &["token", "add", "koran"],
            &["user", "list"],
            &["user", "revoke", "budi"],
            &["reporter", "list"],
            &["token", "list"],
            &["topics"],
            &["dead-letters", "list"],
            &["dead-letters", "drop", "1"],
            &["dead-letters", "retry"],
            &["backtest", "--lexicon", "x"],
        ] {
            says(at, &[words, &["--data", data]].concat(), 1, &["di sini tidak ada pemasangan", near]);
        }
    }
    assert!(!at.join("dtaa").exists());
    assert_eq!(std::fs::read_dir(at.join("kosong")).expect("a folder").count(), 0);
    for words in [&["serve"][..], &["import", "--new", "kabar.jsonl"], &["topics"], &["demo"]] {
        let words = [words, &["--data", "kabar.jsonl"]].concat();
        says(at, &words, 1, &["data = \"kabar.jsonl\": ini berkas, padahal seharusnya folder"]);
    }
    says(at, &["user", "list", "--data", "data"], 0, &["nama"]);
    says(at, &["dead-letters", "list", "--data", "data"], 0, &["tidak ada yang tidak terbaca"]);
}

#[test]
fn a_reporters_link_that_no_phone_opens_is_told_with_the_key_that_mends_it() {
    let folder = folder(&[("k.toml", "[alerts]\npublic_url = \"https://desk.example\"\n")]);
    let at = folder.path();
    let add = ["reporter", "add", "kurun-3", "--region", "62.10.01", "--data", "d", "--new"];
    says(at, &add, 0, &["http://127.0.0.1:8111/lapangan/", "hanya terbuka di mesin ini", "public_url"]);
    let add = ["reporter", "add", "kurun-4", "--region", "62.10.01", "--data", "d", "--config", "k.toml"];
    let told = says(at, &add, 0, &["https://desk.example/lapangan/"]);
    assert!(!told.contains("hanya terbuka"), "{told}");
}

#[test]
fn faults_of_options_and_files_are_told_in_indonesian_and_make_no_folder() {
    let folder = folder(&[
        ("kabar.jsonl", BROKEN),
        ("tabel.csv", "Teks,Waktu\na,b\n"),
        ("salah.toml", "lissten = \"x\"\nmax_lag = \"banyak\"\n"),
    ]);
    let at = folder.path();
    says(at, &["judge", "nihil.jsonl"], 1, &["nihil.jsonl: berkas atau folder tidak ada"]);
    says(at, &["judge", "kabar.jsonl"], 1, &["kabar.jsonl:1: Bukan JSON yang sah: teksnya putus"]);
    says(
        at,
        &["--lang", "en", "judge", "kabar.jsonl"],
        1,
        &["kabar.jsonl:1: Not valid JSON: it ends before"],
    );
    says(at, &["import", "--data", "d", "nihil.jsonl"], 1, &["nihil.jsonl: berkas atau folder tidak ada"]);
    says(
        at,
        &["import", "--data", "d", "tabel.csv", "--map", "txt=Teks"],
        1,
        &["'txt' bukan isian", "Maksudnya 'text'?"],
    );
    assert!(!at.join("d").exists(), "nothing is made for a command that cannot run");
    says(
        at,
        &["import", "--new", "--data", "d", "tabel.csv", "--map", "text=Tek"],
        1,
        &["tabel.csv, baris 1: Tidak ada kolom 'Tek'; kolom yang ada: Teks, Waktu. Maksudnya 'Teks'?"],
    );
    says(at, &["topics", "--config", "nihil.toml"], 1, &["nihil.toml: berkas atau folder tidak ada"]);
    says(
        at,
        &["check", "--config", "salah.toml"],
        1,
        &[
            "salah.toml:1: ",
            "'lissten' tidak dikenal. Maksudnya 'listen'?",
            "salah.toml:2: max_lag: berisi",
            "angka bulat",
        ],
    );
    says(at, &["bench", "judge", "--posts", "0"], 2, &["'0'", "bilangan bulat"]);
}

#[test]
fn the_benchmark_of_judging_measures_everything_that_it_names() {
    let folder = folder(&[]);
    let fields =
        ["posts_per_s", "json_posts_per_s", "vs_aho_corasick", "ten_times_rules_share", "engine_mib"];
    says(folder.path(), &["bench", "judge", "--posts", "300", "--json"], 0, &fields);
}

#[test]
fn judge_tells_the_place_of_a_post_that_stands_in_no_queue_too() {
    let post = GOOD.replace("selamat pagi", "selamat pagi dari Kab. Madiun");
    let folder = folder(&[("kabar.jsonl", &post)]);
    says(folder.path(), &["judge", "kabar.jsonl"], 0, &["\"queue\":\"tidak\"", "\"place\":\"35.19\""]);
}
