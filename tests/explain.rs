//! `kentongan explain` as a person uses it: one threat, and the same words when they mean something else.

use std::process::Command;

/// What `explain` says of `text`, in Indonesian.
fn explain(text: &str) -> String {
    explain_with(&[], text)
}

fn explain_with(options: &[&str], text: &str) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_kentongan"))
        .arg("explain")
        .args(options)
        .arg(text)
        .env_remove("KENTONGAN_LANG")
        .output()
        .expect("the command runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

fn says(text: &str, parts: &[&str]) -> String {
    let said = explain(text);
    for part in parts {
        assert!(said.contains(part), "{part:?} in:\n{said}");
    }
    said
}

#[test]
fn an_armed_call_shows_its_words_rules_place_and_who_would_be_told() {
    let said = says(
        "Besok kita serbu kantor KPU Gunung Mas, bawa parang",
        &[
            "▔▔▔▔▔",
            "[AWAS] KF-02",
            "KF-02-",
            "\"serbu\"",
            "\"parang\"",
            "jenjang: AWAS (",
            "bacaan berikutnya: KF-03",
            "62.10 Kab. Gunung Mas",
            "sebelum dikonfirmasi: bila belum diputuskan analis dalam 5 menit",
            "Kapolres Kab. Gunung Mas",
            "Kesbangpol Kab. Gunung Mas",
            "setelah dikonfirmasi",
            "yang menyatakan: penulis sendiri",
            "peraturan: UU 7/2012",
            "batas lapor 7 hari",
            "indikasi",
        ],
    );
    assert!(!said.contains("diadukan (tidak akan"), "the target is no accused office:\n{said}");
    for line in said.lines().filter(|line| line.trim_start().starts_with('•')) {
        assert!(line.ends_with(')'), "an office without reason: {line}");
    }
}

#[test]
fn the_office_above_several_villages_that_are_named_is_told_for_that_and_not_for_a_place_unknown() {
    let said = explain("Bentrok pendukung di Desa Semen dan Desa Gelung Paron Ngawi, satu orang kena bacok");
    assert!(said.contains("Danramil Kec. Paron, Kab. Ngawi (beberapa desa di wilayahnya disebut"), "{said}");
    assert!(!said.contains("belum cukup rinci"), "{said}");
}

#[test]
fn without_a_roster_it_is_said_that_no_contact_is_known() {
    let text = "Besok kita serbu kantor KPU Gunung Mas, bawa parang";
    let none = "Belum ada roster: yang disebut di bawah ini jabatannya; kontaknya belum dikenal.";
    assert!(explain(text).contains(none));
    let roster = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/roster.example.csv");
    let said = explain_with(&["--roster", roster], text);
    assert!(!said.contains(none), "{said}");
}

#[test]
fn what_would_be_done_stands_before_what_it_rests_on_and_the_laws_come_last() {
    let said = explain("Besok kita serbu kantor KPU Gunung Mas, bawa parang");
    let labels = [
        "lokasi:",
        "sebelum dikonfirmasi:",
        "setelah dikonfirmasi:",
        "yang menyatakan:",
        "waktu:",
        "peraturan:",
    ];
    let at: Vec<usize> = labels
        .iter()
        .map(|label| said.lines().position(|line| line.trim_start().starts_with(label)).expect(label))
        .collect();
    assert!(at.is_sorted(), "{labels:?} stand in lines {at:?}:\n{said}");
    let laws = said.lines().skip(at[5]).take_while(|line| !line.is_empty());
    assert!(laws.into_iter().all(|line| line.trim_start().starts_with("peraturan:")), "{said}");
}

#[test]
fn both_candidates_of_a_sentence_are_named() {
    let text = "Massa pendukung paslon 1 dan paslon 2 bentrok di Desa Semen Kec. Paron Ngawi";
    says(text, &["calon: “paslon 1”, “paslon 2”"]);
    let json = explain_with(&["--json"], text);
    assert!(json.contains("\"other_candidates\""), "{json}");
}

#[test]
fn an_office_complained_of_without_a_place_leaves_no_blank() {
    let said = says("Pak kades mengancam warga: yang tidak pilih nomor 2 tidak dapat bansos", &["diadukan"]);
    assert!(said.lines().all(|line| line == line.trim_end()), "{said}");
}

#[test]
fn another_kabupaten_is_told_instead() {
    let said = says(
        "Besok kita serbu kantor KPU Banyuasin, bawa parang",
        &["[AWAS] KF-02", "16.07 Kab. Banyuasin", "Kapolres Kab. Banyuasin"],
    );
    assert!(!said.contains("Gunung Mas"), "{said}");
}

#[test]
fn without_a_place_nobody_is_told_until_a_person_sets_one() {
    says(
        "Besok kita serbu kantor KPU, bawa parang",
        &[
            "[AWAS] KF-02",
            "lokasi: belum diketahui",
            "menunggu analis menetapkan lokasi",
            "setelah dikonfirmasi: tetap tidak ada kantor yang diberi tahu",
        ],
    );
}

#[test]
fn a_place_known_to_the_province_is_told_as_that_and_the_same_offices_by_name() {
    let said = says(
        "Besok kita serbu kantor KPU Jawa Timur, bawa parang",
        &[
            "lokasi: 35 Prov. Jawa Timur",
            "Kesbangpol Prov. Jawa Timur (lokasi hanya diketahui sampai provinsi)",
            "setelah dikonfirmasi: kantor yang sama: Kesbangpol Prov. Jawa Timur",
        ],
    );
    assert!(!said.contains("sampai kabupaten"), "{said}");
    says(
        "Besok kita serbu kantor KPU Gunung Mas, bawa parang",
        &["Kesbangpol Kab. Gunung Mas (lokasi hanya diketahui sampai kabupaten/kota)"],
    );
}

#[test]
fn the_same_words_denied_forbidden_or_long_past_stand_in_no_queue_and_say_why() {
    for text in [
        "Tidak ada yang menyerbu kantor KPU Gunung Mas, tidak ada yang bawa parang",
        "Kami imbau warga jangan menyerbu kantor KPU Gunung Mas dan jangan membawa parang",
        "Tahun 2019 lalu kantor KPU Gunung Mas pernah diserbu massa yang bawa parang",
    ] {
        says(text, &["tidak masuk antrean mana pun", "gugur: KF-"]);
    }
}

#[test]
fn english_is_spoken_when_asked_for() {
    let out = Command::new(env!("CARGO_BIN_EXE_kentongan"))
        .args(["--lang", "en", "explain", "Besok kita serbu kantor KPU Gunung Mas, bawa parang"])
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    for part in [
        "before confirmation",
        "after confirmation",
        "analysts' queue",
        "needs checking",
        "Call or plan to attack a target. A call, plan, or intent to attack",
    ] {
        assert!(said.contains(part), "{part:?} in:\n{said}");
    }
    for part in ["Ajakan", "Ancaman", "Senjata", "Rencana"] {
        assert!(!said.contains(part), "{part:?} in:\n{said}");
    }
}

#[test]
fn a_kota_and_a_kabupaten_of_one_name_are_asked_for() {
    let parts = ["Kota atau kabupaten?", "50 % 35.19 Kab. Madiun", "50 % 35.77 Kota Madiun"];
    let said = says("Besok kita serbu kantor KPU Madiun, bawa parang", &parts);
    assert!(said.contains("lokasi: 35 Prov. Jawa Timur"), "{said}");
    let sure = says("Besok kita serbu kantor KPU Kota Madiun, bawa parang", &["lokasi: 35.77 Kota Madiun"]);
    assert!(!sure.contains("Kota atau kabupaten?"), "{sure}");
}

#[test]
fn a_hamlet_that_no_list_has_is_said_to_tell_no_village() {
    let said = explain("Besok kita serbu kantor KPU, kumpul di Dukuh Watulimo, bawa parang");
    assert!(
        said.contains("\"Dukuh Watulimo\": nama dusun atau desa yang tidak ada dalam daftar wilayah"),
        "{said}"
    );
    assert!(!said.contains("Kec. Watulimo"), "{said}");
}

#[test]
fn what_a_reporter_tells_of_a_fire_names_who_hears_when_nobody_decides_in_time() {
    let text = "Massa membakar kotak suara di TPS 2 Desa Tiron Kec. Madiun Kab. Madiun";
    let one = explain(text);
    let told = explain_with(&["--verified-reporter"], text);
    let late = told.lines().find(|line| line.contains("Kapolres") && line.contains("bila belum diputuskan"));
    assert!(late.is_some_and(|line| line.trim_start().starts_with('•')), "{told}");
    assert!(one.contains("• Kapolres"), "{one}");
}

#[test]
fn what_is_a_rules_title_and_its_reason_stands_once() {
    let said = explain("ayo kita serbu posko nomor 2 nanti malam");
    assert_eq!(said.matches("Rencana mendatangi atau menyerang posko atau rumah").count(), 1, "{said}");
}
