//! A lexicon folder with the mistakes that keepers make: each is told with its place, in the language of the reader.

mod keys;
mod names;
mod severity;

use std::collections::BTreeSet;
use std::path::Path;

use lexicons::{Fault, Lang, Lexicon, Said};

fn faults(files: &[(&str, &str)]) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    told(folder.path())
}

/// The faults of the folder, of which none may read the same in both languages.
fn told(folder: &Path) -> Vec<Fault> {
    let faults = Lexicon::load(Some(folder)).unwrap_err();
    for fault in &faults {
        let (id, en) = (fault.text(Lang::Id), fault.to_string());
        assert_ne!(id, en, "no Indonesian for this");
        assert!(!format!("{id}{en}").contains("faults."), "no text for this: {id}");
        assert_eq!(id.split(": ").next(), en.split(": ").next(), "the place is the same");
    }
    faults
}

fn keys(faults: &[Fault]) -> BTreeSet<&str> {
    fn key(said: &Said) -> &str {
        match said {
            Said::Text { key, .. } => key,
            Said::Meant { what, .. } => key(what),
            Said::Parser(_) => "a parser's words",
            Said::Because { .. } => "a fault with its cause",
        }
    }
    faults.iter().map(|fault| key(&fault.said)).collect()
}

fn rule(id: &str, when: &str, more: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ntitle = \"Uji\"\ncategory = \"KF-02\"\nwhen = '{when}'\nwhy = \"Uji\"\nsince = \"2026-11-22\"\n{more}\n"
    )
}

const NONE: &str = "flagged = []\nclean = []";

#[test]
fn of_a_file_of_sets_that_cannot_be_read_only_the_cause_is_told() {
    let broken = "[[set]]\nname = \"attack_v\"\nwhy = \"Uji\"\nroot = [\"serbu\"]\n";
    let faults = faults(&[("sets/core.toml", broken)]);
    assert!(faults.iter().any(|fault| fault.file == "sets/core.toml" && fault.line == 4), "{faults:?}");
    assert!(!keys(&faults).contains("no_percent_set") && !keys(&faults).contains("no_set"), "{faults:?}");
}

#[test]
fn every_mistake_of_a_file_of_rules_is_told_at_once() {
    let first = rule("KF-02-a", "(serbu AND kantor", NONE)
        .replace("why =", "guard = [\"+ajakan\"]\nseverity = \"GAWAT\"\nlaw = [\"uu-xyz\"]\nwhy =");
    let second = rule("KF-02-a", "serbu", "guards = [\"+sprot\"]\nflagged = [\"serbu\"]\nclean = 5")
        .replace("title = \"Uji\"\ncategory = \"KF-02\"", "category = \"KF-20\"")
        .replace("2026-11-22", "22-11-2026");
    let third = rule("KF-02-b", "serbu", "gaurds = []\nflagged = [\"serbu\"]");
    let faults = faults(&[("rules/uji.toml", &format!("lain = 1\n{first}{second}{third}"))]);
    let text = Fault::lines(&faults, Lang::Id).join("\n");
    for part in [
        ":1:1: kunci 'lain'",
        "never_closed",
        "kunci 'guard'",
        "GAWAT",
        "uu-xyz",
        "id_taken",
        "'title'",
        "KF-20",
        "22-11-2026",
        "sprot",
        "berisi angka 5",
        "kunci 'gaurds'",
        "single_term",
        "few_examples",
    ] {
        assert!(text.contains(part) || keys(&faults).contains(part), "{part} is not in\n{text}");
    }
    let few = faults.iter().filter(|fault| fault.said.is_text("few_examples")).count();
    assert_eq!((few, faults.len()), (6, 19), "{text}");
}

#[test]
fn a_misspelt_key_is_one_mistake_and_hides_no_other_in_its_value() {
    let examples = "flagged = [\"serbu kantor a\", \"serbu kantor b\", \"serbu kantor c\"]\n\
        clean = [\"serbu\", \"kantor\", \"kantor ramai\"]";
    for (right, wrong) in [
        ("flagged", "flaged"),
        ("clean", "claen"),
        ("title", "titel"),
        ("category", "categori"),
        ("when", "wehn"),
        ("since", "sinse"),
        ("id", "idd"),
    ] {
        let rule = rule("KF-02-a", "serbu AND kantor", examples);
        let misspelt = rule.replacen(&format!("{right} ="), &format!("{wrong} ="), 1);
        let text = Fault::lines(&faults(&[("rules/uji.toml", &misspelt)]), Lang::Id);
        let [only] = &text[..] else { panic!("{wrong}: {text:?}") };
        assert!(only.contains(&format!("kunci '{wrong}' tidak dikenal. Maksudnya '{right}'?")), "{only}");
    }
    let faulty = rule("KF-02-a", "serbu AND", examples).replacen("when =", "wehn =", 1);
    let faulty = faults(&[("rules/uji.toml", &faulty.replacen("flagged =", "flaged = []\nlain =", 1))]);
    let text = Fault::lines(&faulty, Lang::Id).join("\n");
    assert_eq!(keys(&faulty), ["a parser's words", "few_examples", "term_at_end"].into(), "{text}");
    assert!(["'wehn'", "'flaged'", "'lain'"].iter().all(|key| text.contains(key)), "{text}");
}

#[test]
fn a_mistaken_expression_is_told_in_indonesian() {
    let whens = [
        ("%tidak_ada AND serbu", "no_percent_set"),
        ("serbu NEAR/99 kantor", "write_n"),
        ("(serbu AND kantor", "never_closed"),
        ("serbu AND", "term_at_end"),
        ("serbu kantor", "no_operator_before"),
        ("serbu and kantor", "capitals"),
        ("NOT serbu", "not_beside"),
        ("\"serbu", "open_quote"),
        ("\" \" AND serbu", "empty_phrase"),
        ("bio: serbu", "part_parentheses"),
        ("closing: serbu", "closing_parentheses"),
        ("serbu AFTER/3 kantor", "not_before"),
        ("serbu AND )", "term_before_close"),
        ("serbu OR AND kantor", "term_before_operator"),
        ("serbu) AND kantor", "closes_nothing"),
        ("serbu OR NOT NOT kantor", "not_place"),
        ("%Besar AND serbu", "set_letters"),
        ("~Serbu AND kantor", "root_letters"),
        ("serbu && kantor", "no_operator"),
        ("bio:(serbu) NEAR/3 kantor", "near_parts"),
    ];
    let rules: Vec<String> = whens
        .iter()
        .enumerate()
        .map(|(n, (when, _))| rule(&format!("KF-02-uji-{n:02}"), when, NONE))
        .collect();
    let faults = faults(&[("rules/uji.toml", &rules.concat())]);
    let found: Vec<(u32, &str)> = faults
        .iter()
        .filter(|fault| !fault.said.is_text("few_examples"))
        .flat_map(|fault| keys(std::slice::from_ref(fault)).into_iter().map(|key| (fault.line, key)))
        .collect();
    let wanted: Vec<(u32, &str)> = (0..).zip(whens).map(|(n, (_, key))| (9 * n + 5, key)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn what_a_keeper_mistakes_is_told_in_indonesian() {
    let rules = rule(
        "KF-02-a",
        "serbu AND kantor",
        "severity = \"berat\"\nlaw = [\"uu-0\"]\nguards = [\"ada\", \"+tiada\"]\nflagged = []\nclean = []",
    ) + &rule("KF-02-a", "serbu AND kantor", NONE)
        + &rule("KF-02-b", "serbu AND kantor", NONE)
            .replace("\"2026-11-22\"", "\"kemarin\"")
            .replace("KF-02\"\nwhen", "KF-99\"\nwhen")
        + &rule("KF-02-c", "serbu AND %diri", NONE)
            .replace("title = \"Uji\"", "title = \"\"\nact = \"FOTO\"");
    let sets = "[[set]]\nname = \"Besar\"\nwhy = \"\"\nroots = [\"dua kata\"]\nwords = [\" \"]\ninclude = [\"tiada\"]\n[set.lang]\nxx = [\"a\"]\n\
                [[set]]\nname = \"dua\"\nwhy = \"x\"\n[[set]]\nname = \"dua\"\nwhy = \"x\"\n\
                [[sign]]\nname = \"dua\"\nwhy = \"\"\nwhen = \"serbu AND kantor\"\n[[sign]]\nname = \"time\"\nwhy = \"x\"\nwhen = \"serbu\"\n\
                [[sign]]\nname = \"diri\"\nwhy = \"x\"\nwhen = \"serbu AND %diri\"\n[[sign]]\nname = \"diri\"\nwhy = \"x\"\nwhen = \"serbu AND %diri\"\n";
    let guard = |name: &str, rest: &str| {
        format!("[[guard]]\nname = \"{name}\"\nwhy = \"x\"\nwhen = \"serbu\"\n{rest}\n")
    };
    let guards = guard("g", "scope = \"token\"\nclears = \"semua\"")
        + &guard("g", "scope = \"token\"\nclears = \"all\"\nreach = 3")
        + &guard("h", "scope = \"token\"\nclears = [\"KF-99\"]\nreach = 99\nspares = [\"tiada\"]")
        + &guard("i", "scope = \"text\"\nclears = \"all\"\nreach = 3");
    let slang = "[slang]\nyg = \"yang\"\nyng = \"yg\"\n\"dua kata\" = \"x\"\n[language.xx]\nmarkers = []\n\
                 [language.jv]\nmarkers = [\"yg\"]\n[language.jv.ambiguous]\n";
    let calendar = "[[election]]\nid = \"p\"\ntitle = \"P\"\nregime = \"pilkada\"\nfrom = \"2024-12-01\"\nuntil = \"2025-02-28\"\n\
                    determination = \"2024-09-22\"\nnumbers = \"2024-09-23\"\ncampaign = [\"2024-09-25\", \"2024-11-23\"]\n\
                    quiet = [\"2024-11-24\", \"2024-11-26\"]\nvoting = \"2024-11-27\"\nrecap_kecamatan = [\"2024-11-28\", \"2024-12-03\"]\n\
                    recap_kabupaten = [\"2024-11-29\", \"2024-12-06\"]\nrecap_provinsi = [\"2024-11-30\", \"2024-12-09\"]\n";
    let wrong = calendar
        .replace("\"2024-09-23\"", "\"besok\"")
        .replace("\"2024-11-26\"", "\"2024-11-20\"")
        .replace("id = \"p\"", "id = \"q\"");
    let contest = "[[contest]]\nid = \"k\"\nregion = \"35.19\"\nelection = \"p\"\n[[contest.pair]]\nnumber = 1\nnames = []\n\
                   [[contest.pair]]\nnumber = 1\nnames = [\"Rahma\", \"Yusuf\"]\nslogan = \"Maju\"\n\
                   [[contest]]\nid = \"l\"\nregion = \"35.20\"\nelection = \"p\"\npair = []\n";
    let law = "[[law]]\nid = \"a\"\n";
    let regions = "ordinary = [\"tiadatempat\"]\n[alias]\nx = \"35.19\"\npojok = \"35.19.99\"\nmana = []\n\
                   [area.\"35.19.16.2001\"]\nname = \"Sumber\"\n[area.madiun]\nname = \"M\"\n[area.\"35.19.08.2099\"]\nname = \"\"\n\
                   [class]\nlain = [\"a\"]\n[[tongue]]\nprovinces = [\"jawa\"]\nwords = [\"Dua Kata\"]\n";
    let faults = faults(&[
        ("rules/uji.toml", &rules),
        ("sets/uji.toml", sets),
        ("guards.toml", &guards),
        ("slang.toml", slang),
        ("calendar.toml", &format!("{calendar}{wrong}")),
        ("contests.toml", contest),
        ("law.toml", law),
        ("regions/uji.toml", regions),
        ("second-reader.tsv", "weight\tw coblos\tbanyak\n"),
    ]);
    let keys = keys(&faults);
    for key in "a parser's words|by_program|cannot_read|clears_all|empty_term|guard_exists|id_taken|kf14_only|later|no_area|\
                no_area_code|no_area_name|no_code|no_date|no_guard|no_law|no_name|no_parent|no_set|one_pair|one_word|\
                pair_names|pair_twice|pair_uneven|plus_minus|reach_only|reach_range|reach_wanted|root_word|set_and_sign|\
                set_exists|set_letters|set_why|short_name|sign_exists|sign_of_itself|sign_why|slang_marker|slang_of_slang|\
                stage_later|title_why|unknown|unknown_category|unknown_class_of|unknown_language|unknown_language_of"
        .split('|')
    {
        assert!(keys.contains(key), "{key} is not among {keys:?}");
    }
    let told = |text: &str| faults.iter().any(|fault| fault.text(Lang::Id) == text);
    assert!(told("calendar.toml:5:8: p: from sesudah determination"), "{faults:#?}");
    assert!(told("sets/uji.toml:16:8: 'dua' adalah himpunan sekaligus tanda"), "{faults:#?}");
    assert!(told("calendar.toml:22:11: 'besok' bukan tanggal (2024-11-27)"), "{faults:#?}");
}

#[test]
fn a_rule_that_is_no_good_is_told_in_indonesian() {
    let three =
        |kind: &str, text: &str| format!("{kind} = [\"{text} satu\", \"{text} dua\", \"{text} tiga\"]\n");
    let good = three("flagged", "serbu kantor") + &three("clean", "kantor buka");
    let rules = rule("KF-02-a", "serbu AND kantor", &good)
        + &rule("KF-02-b", "serbu AND kantor AND camat", &good)
        + &rule("KF-02-c", "serbu", &(three("flagged", "serbu") + "clean = [\"serbu satu\", \"pagi\"]"))
        + &rule("KF-02-d", "%time AND %place", &good)
        + &rule("KF-02-e", "serbu AND \"paslon 2\"", &good);
    let faults = faults(&[("rules/uji.toml", &rules)]);
    let wanted = [
        "adds_nothing",
        "both_kinds",
        "clean_without",
        "few_examples",
        "one_pair_only",
        "single_term",
        "wakes_always",
    ];
    assert!(wanted.iter().all(|key| keys(&faults).contains(key)), "{faults:#?}");
}
