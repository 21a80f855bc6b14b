//! What raises and lowers the level of a text, and that a folder of its own may say so.

use lexicons::{Lang, Lexicon};
use stream::{Author, Category, Context, MediaKind, MediaText, Severity};

use super::{judged, lead, post};

#[test]
fn what_a_machine_read_from_a_picture_raises_waspada_at_most() {
    let mut seen = post("lihat ini", "2024-11-10");
    let text = "Kotak suara dibakar massa di balai desa tadi malam".to_owned();
    let media = |kind| MediaText { kind, text: text.clone(), confidence: None };
    seen.context = Some(Context { media_text: vec![media(MediaKind::Ocr)], ..Context::default() });
    let finding = classify::judge(&Lexicon::builtin(), &seen).unwrap();
    assert_eq!(finding.signals[0].severity, Severity::Waspada);
    assert_eq!(finding.signals[0].steps.last().unwrap().why, "machine_read");
}

#[test]
fn only_victims_that_there_are_raise_to_awas() {
    for none in
        ["tidak ada korban jiwa", "tanpa korban jiwa", "nihil korban jiwa", "tidak sampai ada yang tewas"]
    {
        let found = judged(&format!("Bentrok dua kelompok pendukung di Kurun Gunung Mas, {none}"))
            .expect("a finding");
        let lead = &found.signals[0];
        assert_eq!((lead.category, lead.severity), (Category::Kf01, Severity::Siaga), "{none}");
        assert!(!lead.tags.iter().any(|tag| tag == "ada_korban"), "{none}");
    }
    let text = "Bentrok dua kelompok pendukung di Kurun Gunung Mas, tidak jauh dari pasar, satu orang tewas";
    assert_eq!(lead(text), Some((Category::Kf01, Severity::Awas)));
}

#[test]
fn a_fire_that_is_only_meant_burns_nothing_yet() {
    let level =
        |text: &str| judged(text).expect("a finding").signals.iter().map(|signal| signal.severity).max();
    let meant = level("Massa datangi TPS 3 Kurun bawa kayu, teriak mau bakar kotak suara");
    assert!(meant < Some(Severity::Awas), "{meant:?}");
    assert_eq!(level("Massa datangi TPS 3 Kurun lalu bakar kotak suara"), Some(Severity::Awas));
    assert_eq!(level("Rumah kami dibakar massa pendukung di Kurun karena saya saksi"), Some(Severity::Awas));
}

#[test]
fn the_eve_of_voting_a_field_note_and_hearsay_move_the_level_one_step() {
    let at = |text: &str, day: &str| {
        classify::judge(&Lexicon::builtin(), &post(text, day)).unwrap().signals[0].severity
    };
    let text = "Surat suara di TPS 4 kurang 40 lembar";
    assert_eq!(at(text, "2024-11-10"), Severity::Waspada);
    assert_eq!(at(text, "2024-11-26"), Severity::Siaga);
    assert_eq!(at(&format!("katanya {text}"), "2024-11-10"), Severity::Normal);
    let mut noted = post(text, "2024-11-10");
    noted.author = Some(Author { verified_reporter: true, ..Author::default() });
    let noted = classify::judge(&Lexicon::builtin(), &noted).unwrap();
    assert_eq!(noted.signals[0].severity, Severity::Siaga);
    assert_eq!(noted.signals[0].steps.last().unwrap().why, "field_note");
}

#[test]
fn a_rumour_of_fire_is_a_lead_and_a_second_hand_account_one_step_less() {
    let fire = |text: &str| lead(text).unwrap();
    assert_eq!(fire("Kotak suara dibakar massa di TPS 5"), (Category::Kf04, Severity::Awas));
    assert_eq!(fire("Kata tetangga kotak suara dibakar massa di TPS 5"), (Category::Kf04, Severity::Siaga));
    assert_eq!(fire("Konon kotak suara dibakar massa di TPS 5"), (Category::Kf04, Severity::Waspada));
    assert_eq!(fire("Katanya kaca kantor KPU dipecah massa"), (Category::Kf04, Severity::Waspada));
}

#[test]
fn what_hearsay_opens_behind_a_deed_told_plainly_takes_nothing_from_it() {
    let level = |text: &str| lead(text).unwrap().1;
    let fire = "Rumah timses dibakar tadi malam di Desa Semen Paron Ngawi";
    let plain = level(fire);
    assert_eq!(plain, Severity::Awas);
    for more in [
        "katanya besok tambah lagi",
        "kabarnya besok malam giliran yang lain",
        "tapi katanya besok tambah lagi",
    ] {
        assert_eq!(level(&format!("{fire}, {more}")), plain, "{more}");
    }
    // What opens the sentence holds for all of it, and what only ends it says how the whole is known.
    for text in [
        format!("Katanya {fire}, besok tambah lagi"),
        format!("Katanya {fire}, katanya besok tambah lagi"),
        format!("{fire}, katanya"),
        format!("{fire}, katanya sih"),
        format!("{fire}, katanya warga sekitar situ"),
        format!("{fire}, bener gak sih"),
    ] {
        assert!(level(&text) < plain, "{text}");
    }
}

#[test]
fn a_threat_of_fire_is_no_fire() {
    let tagged = |text: &str| judged(text).unwrap().signals[0].tags.iter().any(|tag| tag == "ada_api");
    assert!(tagged("Kotak suara dibakar massa di TPS 5"));
    assert!(!tagged("Kalau curang kantor KPU kami bakar"));
    assert!(!tagged("Tidak ada yang dibakar, kotak suara hanya dirusak massa di TPS 5"));
}

#[test]
fn every_step_and_guard_has_its_text() {
    let lexicon = Lexicon::builtin();
    let names = lexicon.guards().iter().map(|guard| format!("judge.guard.{}", guard.name));
    for key in names {
        assert!(Lang::Id.texts().has(&key), "{key}");
    }
    for step in ["default", "state_power", "second_reader", "machine_read"] {
        assert!(Lang::Id.texts().has(&format!("judge.step.{step}")), "{step}");
    }
    for element in lexicon.elements() {
        assert!(lexicon.step_shown(&element.step, Lang::Id).is_some(), "{}", element.id);
    }
}

/// The lexicon with a `severity.toml` of this text in place of its own.
fn with_severity(text: &str) -> Lexicon {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("severity.toml"), text).unwrap();
    Lexicon::load(Some(folder.path())).unwrap()
}

#[test]
fn a_folder_of_its_own_says_what_raises_a_severity_and_how_that_is_told() {
    let element = r#"[[element]]
id = "barricade"
level = "AWAS"
categories = ["KF-12"]
when = '%weapon_sharp'
with = ['%block_v']
why = "armed people close a way"
shown = { id = "Jalan ditutup orang bersenjata", en = "A way closed by armed people" }
reaches = ["Dua dusun ribut soal patok batas, jalan diportal warga bawa parang", "Patok batas dipindah, warga bawa golok menutup jalan"]
keeps = ["Dua dusun ribut soal patok batas, jalan sudah diportal warga", "Patok batas desa dipindah, pemuda desa sebelah jaga di sana"]
"#;
    let own = with_severity(element);
    assert_eq!(
        classify::check(&own).iter().map(ToString::to_string).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
    let seen = post("Dua dusun ribut soal patok batas, jalan diportal warga bawa parang", "2024-11-10");
    let signal = classify::judge(&own, &seen).unwrap().signals.remove(0);
    let step = signal.steps.last().unwrap();
    assert_eq!((signal.severity, step.why.as_str()), (Severity::Awas, "barricade"));
    assert_eq!(own.step_shown("barricade", Lang::Id), Some("Jalan ditutup orang bersenjata"));
    let shipped = classify::judge(&Lexicon::builtin(), &seen).unwrap().signals.remove(0);
    assert_eq!(shipped.severity, Severity::Siaga);
    // What the folder's file does not say is no longer asked.
    let eve = classify::judge(&own, &post("Surat suara di TPS 4 kurang 40 lembar", "2024-11-26")).unwrap();
    assert_eq!(eve.signals[0].severity, Severity::Waspada);
}

#[test]
fn an_example_of_severity_that_does_not_come_out_as_written_is_told_with_its_steps() {
    let element = r#"[[element]]
id = "barricade"
level = "AWAS"
categories = ["KF-12"]
when = '%weapon_sharp'
why = "x"
shown = { id = "x", en = "y" }
reaches = ["Dua dusun ribut soal patok batas, jalan diportal warga", "Dua dusun ribut soal patok batas, warga bawa parang"]
keeps = ["Dua dusun ribut soal patok batas, warga bawa golok", "pagi yang cerah"]
"#;
    let faults = classify::check(&with_severity(element));
    let told = lexicons::Fault::lines(&faults, Lang::En).join("\n");
    for part in [
        "severity.toml:8: the element 'barricade' does not reach its example: Dua dusun ribut soal patok batas, jalan diportal warga\n    KF-12: SIAGA (default)\n    no word for %weapon_sharp",
        "severity.toml:9: the element 'barricade' reaches an example that it must not: Dua dusun ribut soal patok batas, warga bawa golok\n    KF-12: SIAGA (default) → AWAS (barricade)",
        "severity.toml:9: the element 'barricade' has a keeps example without a signal that it could move: pagi yang cerah\n    no rule of KF-12 holds in this text",
    ] {
        assert!(told.contains(part), "{part}\nis not in\n{told}");
    }
    assert_eq!(faults.len(), 3, "{told}");
}
