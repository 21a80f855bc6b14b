//! Names that nothing bears: each is told at its place, with the one that was probably meant.

use lexicons::{Fault, Lang};

use super::{NONE, faults, rule};

/// The one fault of `file` that is not about its examples, in Indonesian.
fn only(file: &str, text: &str) -> String {
    let faults = faults(&[(file, text)]);
    let faults: Vec<Fault> = faults
        .into_iter()
        .filter(|fault| fault.file == file && !fault.said.is_text("few_examples"))
        .collect();
    let [fault] = &faults[..] else { panic!("{faults:?}") };
    fault.text(Lang::Id)
}

#[test]
fn a_set_that_is_not_there_is_told_with_its_line_its_column_and_the_one_that_is_near() {
    for (written, meant) in [
        ("attak_v", Some("attack_v")),
        ("tims", Some("time")),
        // A class that code fills.
        ("palson", Some("paslon")),
        // Cut short.
        ("complaint", Some("complaint_deed")),
        ("bukan_nama_himpunan", None),
    ] {
        let told = only("rules/uji.toml", &rule("KF-02-a", &format!("serbu AND %{written}"), NONE));
        let hint = meant.map(|meant| format!(". Maksudnya '{meant}'?")).unwrap_or_default();
        assert_eq!(told, format!("rules/uji.toml:5:19: tidak ada himpunan '%{written}'{hint}"));
    }
}

#[test]
fn sets_laws_and_guards_are_asked_back_wherever_they_are_named() {
    let set = "[[set]]\nname = \"uji\"\nwhy = \"x\"\nwords = [\"uji\"]\ninclude = [\"attak_v\"]\n";
    assert_eq!(
        only("sets/uji.toml", set),
        "sets/uji.toml:5:12: tidak ada himpunan 'attak_v'. Maksudnya 'attack_v'?"
    );
    let law = rule("KF-02-a", "serbu AND kantor", &format!("law = [\"uu-20-2023-3\"]\n{NONE}"));
    assert_eq!(
        only("rules/uji.toml", &law),
        "rules/uji.toml:8:8: tidak ada hukum 'uu-20-2023-3' di law.toml. Maksudnya 'uu-20-2023-2'?"
    );
    let guard = rule("KF-02-a", "serbu AND kantor", &format!("guards = [\"-sampirn\"]\n{NONE}"));
    assert_eq!(
        only("rules/uji.toml", &guard),
        "rules/uji.toml:8:11: tidak ada penjaga 'sampirn'. Maksudnya 'sampiran'?"
    );
}
