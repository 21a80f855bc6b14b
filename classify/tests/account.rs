//! What an officer asks of a signal: who asserts it, at what stage, which laws, and on which words it hangs.

mod common;

use classify::judge;
use common::post;
use lexicons::Lexicon;
use serde_json::{Value, json};
use stream::{Account, Category, Post, Signal, Span, SubjectClass, Voice};

fn lead(post: &Post) -> Signal {
    let finding = judge(&Lexicon::builtin(), post).expect("something hits");
    finding.signals.into_iter().next().expect("it stands in a queue")
}

fn account(more: &Value) -> Account {
    lead(&post(more)).account.expect("every signal has one")
}

const PHOTO: &str = "foto bareng paslon nomor 2, salam dua jari, ayo menangkan";

fn photo(bio: &str, at: &str) -> Signal {
    lead(&post(&json!({"text": PHOTO, "posted_at": at, "author": {"name": "Wati Rekaan", "bio": bio}})))
}

fn rows(signal: &Signal) -> Vec<&str> {
    let laws = &signal.account.as_ref().expect("every signal has one").laws;
    laws.iter()
        .map(|law| law.id.as_str())
        .filter(|id| id.starts_with("KE-") || id.starts_with("PD-"))
        .collect()
}

#[test]
fn the_stage_decides_between_ethics_and_discipline() {
    assert_eq!(rows(&photo("Guru SMPN 2", "2024-08-10T10:00:00+07:00")), ["KE-05"]);
    assert_eq!(rows(&photo("Guru SMPN 2", "2024-10-10T10:00:00+07:00")), ["PD-07"]);
    // A time outside every election shows both.
    assert_eq!(rows(&photo("Guru SMPN 2", "2027-10-10T10:00:00+07:00")), ["KE-05", "PD-07"]);
}

#[test]
fn rows_of_the_joint_decree_are_shown_for_civil_servants_only() {
    for (bio, class) in
        [("Kepala Desa Suka Rekaan", SubjectClass::Kades), ("Anggota Polri", SubjectClass::Polri)]
    {
        let signal = photo(bio, "2024-10-10T10:00:00+07:00");
        assert_eq!(signal.subject.as_ref().map(|subject| subject.class), Some(class), "{bio}");
        assert!(rows(&signal).is_empty(), "{bio}: {:?}", rows(&signal));
        let laws = signal.account.expect("every signal has one").laws;
        let lexicon = Lexicon::builtin();
        let own = |id: &str| lexicon.laws().get(id).is_some_and(|law| law.binds.contains(&class));
        assert!(laws.iter().any(|law| own(&law.id)), "{bio}: {laws:?}");
    }
}

#[test]
fn laws_of_the_general_election_are_not_mixed_into_a_regional_one() {
    let signal = photo("Guru SMPN 2", "2024-10-10T10:00:00+07:00");
    let laws = signal.account.expect("every signal has one").laws;
    assert!(laws.iter().any(|law| law.regime == "pilkada"));
    assert!(laws.iter().all(|law| law.regime != "pemilu"), "{laws:?}");
    assert!(laws.iter().all(|law| ["V", "V2", "M"].contains(&law.mark.as_str())));
}

#[test]
fn a_candidate_is_shown_with_his_number() {
    for (text, told) in [
        ("Pak camat ajak pilih pasangan nomor urut dua", "pasangan nomor urut dua"),
        ("Kades minta warga coblos paslon nomor urut 2", "paslon nomor urut 2"),
        ("kades ajak coblos 01", "01"),
        ("Kades minta warga pilih calon bupati nomor 2", "calon bupati nomor 2"),
    ] {
        let post = post(&json!({"text": text}));
        let candidate = lead(&post).account.and_then(|account| account.candidate).expect("a candidate");
        assert_eq!(candidate.of(&post), Some(told));
    }
}

#[test]
fn every_candidate_that_a_text_names_is_shown_once() {
    for (text, told) in [
        ("Massa pendukung paslon 1 dan paslon 2 bentrok di Ngawi", &["paslon 1", "paslon 2"][..]),
        ("Pendukung nomor 1 bentrok dengan pendukung nomor dua di Ngawi", &["nomor 1", "nomor dua"]),
        ("Simpatisan 01 dan 02 bentrok di Ngawi, pendukung paslon nomor 2 kena bacok", &["01", "02"]),
        ("Pendukung paslon 2 bentrok dengan warga di Ngawi, salam dua jari paslon", &["paslon 2"]),
    ] {
        let post = post(&json!({"text": text}));
        let account = lead(&post).account.expect("every signal has one");
        let mut words: Vec<Span> = account.candidate.into_iter().chain(account.other_candidates).collect();
        words.sort_unstable();
        let words: Vec<&str> = words.iter().filter_map(|span| span.of(&post)).collect();
        assert_eq!(words, told, "{text}");
    }
}

#[test]
fn the_words_of_time_are_shown_and_their_absence_too() {
    let time = |text: &str| {
        let post = post(&json!({"text": text}));
        let time = lead(&post).account.expect("every signal has one").time;
        time.and_then(|time| time.of(&post).map(str::to_owned))
    };
    assert_eq!(
        time("Siang ini jam 2 kita serbu kantor KPU, bawa parang").as_deref(),
        Some("Siang ini jam 2")
    );
    assert_eq!(time("Kades minta warga coblos paslon nomor urut 2"), None);
}

#[test]
fn what_a_signal_hangs_on_is_named_and_without_it_there_is_none() {
    let post = post(&json!({"text": PHOTO, "author": {"name": "Wati Rekaan", "bio": "Guru SMPN 2"}}));
    let account = lead(&post).account.expect("every signal has one");
    let words: Vec<&str> = account.hinges_on.iter().filter_map(|span| span.of(&post)).collect();
    assert_eq!(words, ["Guru SMPN"]);
    let mut citizen = post.clone();
    citizen.author.as_mut().unwrap().bio = Some("pedagang cabai".to_owned());
    assert!(judge(&Lexicon::builtin(), &citizen).is_none_or(|finding| finding.signals.is_empty()));
}

#[test]
fn who_asserts_it_is_told() {
    let attack = "massa pendukung membakar kantor KPU Gunung Mas tadi malam";
    assert_eq!(account(&json!({"text": attack, "channel": "berita"})).voice, Voice::News);
    let report = json!({"text": attack, "channel": "lapangan", "author": {"verified_reporter": true}});
    assert_eq!(account(&report).voice, Voice::Reporter);
    let forwarded = json!({"text": attack, "channel": "whatsapp", "context": {"forwarded": "many"}});
    assert_eq!(account(&forwarded).voice, Voice::PassingOn);
    assert_eq!(account(&json!({"text": format!("katanya {attack}")})).voice, Voice::Hearsay);
    let call = account(&json!({"text": "Besok kita serbu kantor KPU Gunung Mas, bawa parang"}));
    assert_eq!(call.voice, Voice::Doer);
    assert_eq!(account(&json!({"text": attack})).voice, Voice::Unknown);
}

#[test]
fn who_has_seen_it_is_a_witness_and_no_doer() {
    let voice = |text: &str| account(&json!({"text": text})).voice;
    for text in [
        "Saya lihat sendiri puluhan orang bawa bambu ke balai desa Gelung Paron cari ketua KPPS",
        "aku liat puluhan orang bawa parang ke kantor KPU Gunung Mas",
        "kami saksikan puluhan orang bawa parang ke kantor KPU Gunung Mas",
        "Barusan lewat depan kantor KPU Gunung Mas ada puluhan orang bawa parang, saya takut",
    ] {
        assert_eq!(voice(text), Voice::Witness, "{text}");
    }
    for text in [
        "lihat saja besok, saya dan kawan-kawan serbu kantor KPU Gunung Mas, bawa parang",
        "Kalian lihat nanti, besok kita serbu kantor KPU Gunung Mas bawa parang",
    ] {
        assert_eq!(voice(text), Voice::Doer, "{text}");
    }
}

#[test]
fn the_next_reading_is_named() {
    let post = post(&json!({"text": "Besok kita serbu kantor KPU Gunung Mas, bawa parang"}));
    let finding = judge(&Lexicon::builtin(), &post).expect("something hits");
    let lead = finding.signals[0].account.as_ref().expect("every signal has one");
    let next = lead.runner_up.as_ref().expect("there is another reading");
    assert_eq!(lead.stage.as_deref(), Some("campaign"));
    assert_ne!(next.category, finding.signals[0].category);
    assert_eq!(finding.signals[0].category, Category::Kf02);
}
