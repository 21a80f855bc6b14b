//! What a judgement says of texts about an election, sentence by sentence.

#[path = "../common/mod.rs"]
mod common;
mod names;
mod severity;

use lexicons::Lexicon;
use serde_json::json;
use stream::{Category, Context, Finding, Post, Queue, Role, Severity, SubjectClass};

/// A post of `day` (at ten in the morning, WIB).
fn post(text: &str, day: &str) -> Post {
    common::post(&json!({ "text": text, "posted_at": format!("{day}T10:00:00+07:00") }))
}

fn judged(text: &str) -> Option<Finding> {
    classify::judge(&Lexicon::builtin(), &post(text, "2024-11-10"))
}

fn lead(text: &str) -> Option<(Category, Severity)> {
    judged(text)?.signals.first().map(|signal| (signal.category, signal.severity))
}

#[test]
fn every_example_of_the_lexicon_comes_out_as_written() {
    let faults: Vec<String> = classify::check(&Lexicon::builtin()).iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn an_armed_call_with_target_and_time_is_awas_and_its_negations_are_silent() {
    let text = "Besok kita serbu kantor KPU Gunung Mas, bawa parang";
    assert_eq!(lead(text), Some((Category::Kf02, Severity::Awas)));
    let place = judged(text).unwrap().signals[0].place.code.clone();
    assert_eq!(place.unwrap().as_str(), "62.10");
    assert_eq!(lead("Warga diminta tidak menyerbu kantor KPU Gunung Mas membawa parang"), None);
    assert_eq!(lead("Tahun 2019 massa mau menyerbu kantor KPU Gunung Mas membawa parang"), None);
}

#[test]
fn a_plan_in_the_passive_is_a_threat_and_no_deed() {
    for text in [
        "nanti malam rumah Pak Kades Gelung mau dilempari batu sama pendukung 01",
        "nanti malam rumah kades mau dilempari batu sama pendukung 01",
        "besok rumah ketua tim 02 bakal diserang pendukung 01",
    ] {
        assert_eq!(lead(text), Some((Category::Kf02, Severity::Siaga)), "{text}");
    }
    let done = lead("rumah kades dilempari batu sama pendukung 01 semalam, kaca pecah").map(|lead| lead.0);
    assert_eq!(done, Some(Category::Kf01));
}

#[test]
fn criticism_of_slow_work_disturbs_nothing() {
    let text = "Saya kritik KPU Ngawi, kerja lambat sekali, logistik kok belum disortir. Mohon diperbaiki.";
    assert_eq!(lead(text), None);
}

#[test]
fn a_cleared_hit_is_kept_with_what_cleared_it() {
    let finding = judged("Simulasi sispamkota: massa membakar kotak suara di balai desa").unwrap();
    assert!(finding.signals.is_empty());
    assert!(finding.cleared.iter().any(|hit| hit.guard == "drill" && hit.span.is_some()));
}

#[test]
fn a_post_without_a_hit_makes_no_finding() {
    assert!(judged("pagi ini bubur ayam depan stasiun enak sekali").is_none());
}

#[test]
fn an_official_is_for_bawaslu_and_his_office_is_accused() {
    let finding = judged("Camat berpidato minta dukungan untuk calon nomor 2 di Kecamatan Mejayan").unwrap();
    let signal = &finding.signals[0];
    assert_eq!(signal.queue(), Queue::Netralitas);
    assert_eq!(signal.subject.as_ref().unwrap().class, SubjectClass::Lurah);
    assert_eq!(signal.accused.as_ref().unwrap().role, Role::Camat);
}

#[test]
fn a_quoted_call_counts_only_when_the_body_stands_behind_it() {
    let quoting = |body: &str| {
        let mut seen = post(body, "2024-11-10");
        let quoted = "Besok kita serbu kantor KPU, bawa parang".to_owned();
        seen.context = Some(Context { quoted_text: Some(quoted), ..Context::default() });
        classify::judge(&Lexicon::builtin(), &seen).is_some_and(|finding| !finding.signals.is_empty())
    };
    assert!(quoting("setuju, sebarkan"));
    assert!(!quoting("provokator begini tolong ditindak"));
    assert!(!quoting("hm"));
}

#[test]
fn a_regional_word_of_the_future_denies_nothing() {
    let threat = lead("Ojo wani-wani nyoblos nomer siji, omahmu tak obong");
    assert_eq!(threat.map(|(category, _)| category), Some(Category::Kf02));
}

#[test]
fn an_order_that_threatens_who_does_not_join_is_no_appeal_for_neutrality() {
    let text = "Saya Kades Bodag mendukung penuh paslon 1, semua perangkat desa wajib ikut, yang tidak ikut bansosnya saya cabut";
    let found = judged(text).expect("a finding");
    assert!(found.signals.iter().any(|signal| signal.category == Category::Kf14), "{found:?}");
}

#[test]
fn armed_men_before_voters_are_no_vague_suspicion() {
    let (category, severity) = lead("Orang-orang bersenjata mencegat pemilih").unwrap();
    assert_eq!((category, severity), (Category::Kf08, Severity::Awas));
}

#[test]
fn fraud_beside_pressure_on_witnesses_is_a_matter_of_its_own() {
    let told = |text: &str| {
        judged(text).unwrap().signals.iter().map(|signal| signal.category).collect::<Vec<Category>>()
    };
    let both = [Category::Kf08, Category::Kf06];
    assert_eq!(told("Surat suara sudah tercoblos nomor 1 di TPS 4, saksi diusir"), both);
    assert_eq!(told("C1 TPS 3 diubah dari 80 jadi 180, saksi kami diancam KPPS"), both);
    assert_eq!(told("bilik TPS 03 dibakar OTK"), [Category::Kf04]);
}

#[test]
fn a_brawl_of_two_camps_before_an_office_is_no_attack_on_it() {
    let lead = |text: &str| lead(text).unwrap().0;
    assert_eq!(lead("dua kubu saling lempar batu di depan balai desa"), Category::Kf13);
    assert_eq!(lead("massa 01 dan 02 saling lempar batu di depan kantor kecamatan"), Category::Kf01);
    assert_eq!(lead("pendukung 01 dan 02 bentrok di depan kantor KPU, saling lempar batu"), Category::Kf01);
    assert_eq!(lead("dua kubu saling lempar batu di depan kantor KPU, kaca kantor dipecah"), Category::Kf04);
    assert_eq!(lead("massa melempari kantor KPU dengan batu"), Category::Kf04);
    let before_a_hall =
        "Massa nomor 1 dan nomor 2 bentrok di depan balai Desa Semen Kec. Paron Ngawi, saling lempar batu";
    assert_eq!(lead(before_a_hall), Category::Kf01);
    let place_first =
        "Bentrok di depan balai desa Semen Paron Ngawi, dua kubu saling lempar batu, tiga orang luka";
    assert_eq!(lead(place_first), Category::Kf13);
    let box_broken = "Massa saling lempar batu di halaman PPK Paron, kotak suara ikut rusak";
    assert_eq!(lead(box_broken), Category::Kf04);
}

#[test]
fn pressure_on_voters_over_money_says_so_and_pressure_alone_does_not() {
    let signal = |text: &str| judged(text).unwrap().signals.remove(0);
    let bought = signal(
        "Amplop 50 ribu dibagi tim nomor 1 di Desa Jambangan Kecamatan Paron, disuruh foto surat suara",
    );
    assert!(bought.category == Category::Kf08 && bought.tags.contains(&"uang".to_owned()), "{bought:?}");
    let pressed =
        signal("Di TPS 4 Desa Jambangan kami disuruh foto surat suara di bilik lalu setor ke mandor kebun");
    assert!(pressed.category == Category::Kf08 && !pressed.tags.contains(&"uang".to_owned()), "{pressed:?}");
}

#[test]
fn spans_lie_on_character_borders_of_their_part() {
    for text in [
        "🔥🔥 kotak suara dibakar massa di balai désa ‼️",
        "«Ayo» serbu kantor KPU… besok—bawa parang",
        "ＫＰＵ diserang massa, 2 luka‑luka",
    ] {
        let seen = post(text, "2024-11-10");
        let Some(finding) = classify::judge(&Lexicon::builtin(), &seen) else { continue };
        for span in finding.signals.iter().flat_map(|signal| &signal.hits).flat_map(|hit| &hit.spans) {
            assert!(span.of(&seen).is_some(), "{text}: {span:?}");
        }
    }
}

#[test]
fn one_deed_stands_once_and_two_deeds_stand_apart() {
    let categories = |text: &str| -> Vec<Category> {
        judged(text).map(|finding| finding.signals).unwrap_or_default().iter().map(|s| s.category).collect()
    };
    let rules = |text: &str| {
        let finding = classify::judge_by_rules(&Lexicon::builtin(), &post(text, "2024-11-10"));
        finding.map_or(0, |finding| finding.signals.len())
    };
    let one = "Kantor KPU Madiun dilempari batu oleh massa pendukung paslon 1, massa dua kubu saling serang di depan kantor KPU";
    assert!(rules(one) > 1, "the rules read it under {} categories", rules(one));
    let found = categories(one);
    assert_eq!(found.len(), 1, "{found:?}");
    let signal = &judged(one).unwrap().signals[0];
    assert!(signal.account.as_ref().unwrap().runner_up.is_some(), "what was next is named");
    let burnt =
        "jam 02.20 tenda dan bilik TPS 03 Desa Lubuk Lancang dibakar OTK, kotak suara belum berada di TPS";
    assert!(rules(burnt) > 1, "the rules read it under {} categories", rules(burnt));
    assert_eq!(categories(burnt), [Category::Kf04], "words in common are one deed's");
    let carok = "Info dari sepupu: nanti malam di Desa Rangperang Daja Proppo mau ada carok susulan, yang sana sudah asah celurit. Anak2 jangan keluar ya";
    assert!(rules(carok) > 1, "the rules read it under {} categories", rules(carok));
    assert_eq!(categories(carok), [Category::Kf13], "a word in the next sentence makes no second deed");
    let two = "Massa membakar kotak suara di TPS 3 Kecamatan Jiwan tadi pagi. Warga mengeluh harga beras naik. Kades Kwangsen bagi amplop seratus ribu ke pemilih agar coblos paslon 2.";
    assert!(categories(two).len() > 1, "{:?}", categories(two));
}

#[test]
fn a_blade_is_tagged_where_one_is_named_and_nowhere_else() {
    let tags = |text: &str| judged(text).map(|finding| finding.signals[0].tags.clone()).unwrap_or_default();
    let armed = tags("Massa membawa parang mengepung kantor KPU Madiun, satu saksi dibacok");
    assert!(armed.contains(&"ada_sajam".to_owned()), "{armed:?}");
    let stones = tags("Kantor KPU Madiun dilempari batu dan kayu oleh massa pendukung paslon 1");
    assert!(!stones.is_empty() && !stones.contains(&"ada_sajam".to_owned()), "{stones:?}");
    assert!(!stones.iter().any(|tag| tag.ends_with("_api")), "no fire brigade for stones: {stones:?}");
    let soaked =
        tags("Gudang logistik KPU Madiun dilempari botol isi bensin oleh massa, tidak sampai terbakar");
    assert!(soaked.iter().any(|tag| tag.ends_with("_api")), "{soaked:?}");
}

#[test]
fn the_picture_of_a_pantun_raises_nothing_where_its_closing_lines_hold_no_deed() {
    let opening = "Warga desa blokir jalan tambang\nTruk terhenti di tepi kali\n";
    let finding =
        judged(&format!("{opening}Lama nian kita tak bersua bang\nKalau rindu pulanglah kemari")).unwrap();
    assert!(finding.signals.is_empty() && finding.cleared[0].guard == "sampiran", "{:?}", finding.cleared);
    // The same lines as a report, and a picture of something else before the deed.
    assert_eq!(lead(opening).map(|(category, _)| category), Some(Category::Kf12));
    let meant = "Mangga muda di atas nampan\nNampan jatuh di tepi kali\nWarga desa blokir jalan tambang\nTruk tak boleh lewat kemari";
    assert_eq!(lead(meant).map(|(category, _)| category), Some(Category::Kf12));
}

#[test]
fn a_rule_says_whom_it_is_about_only_where_the_text_does_not() {
    let class = |house: &str| {
        let wish = "Selamat atas penetapan Bapak calon bupati nomor 2, semoga diberi kemenangan.";
        let finding = judged(&format!("{wish} Keluarga besar {house}")).unwrap();
        finding.signals[0].subject.as_ref().unwrap().class
    };
    assert_eq!(class("Dinas Sosial"), SubjectClass::Pns);
    assert_eq!(class("PDAM"), SubjectClass::Bumn);
    assert_eq!(class("guru PPPK Dinas Pendidikan"), SubjectClass::Pppk);
}

#[test]
fn a_registered_reporter_who_says_that_all_is_calm_is_heard_and_no_other_is() {
    let judged = |text: &str, registered: bool| {
        let fields =
            json!({"channel": "lapangan", "text": text, "author": {"verified_reporter": registered}});
        classify::judge(&Lexicon::builtin(), &common::post(&fields))
    };
    let calm = |text: &str, registered| judged(text, registered).and_then(|finding| finding.calm);
    let place = "Tempat: Desa Tiron, Kec. Madiun, Kab. Madiun.";
    for said in ["Sudah aman, massa bubar", "Patroli malam.\nTerlihat: keadaan aman."] {
        let text = format!("{said}\n{place}");
        let at = calm(&text, true).and_then(|place| place.code);
        assert_eq!(at.as_ref().map(stream::RegionCode::as_str), Some("35.19.08.2011"), "{text}");
        assert_eq!(judged(&text, false), None, "{text}");
    }
    for text in [
        "Belum aman, warga masih berkumpul",
        "Di sini tidak dalam keadaan aman",
        "Apakah sudah aman di sana?",
        "Logistik sudah lengkap di balai desa",
    ] {
        assert_eq!(judged(text, true), None, "{text}");
    }
    let trouble = "Tadi sudah aman, sekarang dua perguruan silat bentrok lagi bawa parang";
    assert!(
        judged(trouble, true).is_some_and(|finding| finding.calm.is_none() && !finding.signals.is_empty())
    );
}
