//! The codes of areas, as somebody looks for them who writes a roster.

use std::process::{Command, Output};

fn region(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    command.env_remove("KENTONGAN_LANG").arg("region").args(words).output().expect("it runs")
}

fn lines(out: &Output) -> Vec<String> {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn a_village_is_found_by_its_name_and_what_it_lies_in() {
    for words in [&["Semen,", "Paron"][..], &["semen, paron, ngawi"]] {
        let found = lines(&region(words));
        assert_eq!(found, ["35.21.10.2003  Desa Semen, Kec. Paron, Kab. Ngawi, Prov. Jawa Timur"]);
    }
}

#[test]
fn half_a_name_finds_the_villages_that_go_on_from_it() {
    let found = lines(&region(&["Bujur,", "Pamekasan"]));
    let names: Vec<&str> =
        found.iter().filter_map(|line| line.split("  ").nth(1)?.split(',').next()).collect();
    assert_eq!(names, ["Desa Bujur Barat", "Desa Bujur Tengah", "Desa Bujur Timur"]);
    let exact = lines(&region(&["Gunung", "Mas"]));
    assert!(exact[0].starts_with("62.10 ") && exact.len() > 1, "who is called so stands first: {exact:?}");
}

#[test]
fn a_code_shows_what_lies_in_its_area() {
    let found = lines(&region(&["35.21.10"]));
    assert!(found[0].starts_with("35.21.10       Kec. Paron, Kab. Ngawi"), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("35.21.10.2003  Desa Semen")), "{found:?}");
}

#[test]
fn many_of_one_name_are_cut_with_a_hint_and_a_name_that_nobody_bears_is_said() {
    let out = region(&["Sukamaju", "--limit", "2"]);
    assert_eq!(lines(&out).len(), 2);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("lagi") && said.contains("--limit"), "{said}");
    let out = region(&["Tidakadasama"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("'Tidakadasama'"));
}
