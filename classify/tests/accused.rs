//! Whom a post complains of: the office that did the deed, never the one it was done to or that names a place (SG-14).

mod common;

use lexicons::Lexicon;
use stream::{Post, Role};

fn post(text: &str) -> Post {
    common::post(&serde_json::json!({ "text": text }))
}

/// Offices as doers: before the verb, behind *oleh*, *sama*, *perintah*, behind a passive.
const DOERS: [(&str, Role); 20] = [
    ("Pak kades mengancam mencoret bansos warga yang tidak pilih nomor 1", Role::Kades),
    ("Warga diancam kades, bansos dicoret kalau tidak pilih paslon 2", Role::Kades),
    ("Bansos warga dicoret oleh kepala desa karena tidak pilih nomor 2", Role::Kades),
    ("Camat Mejayan mengarahkan semua kades dukung paslon 1", Role::Camat),
    ("Semua kades dikumpulkan camat, diarahkan memilih nomor 2", Role::Camat),
    ("Kapolsek menyuruh para kades menangkan paslon 3", Role::Kapolsek),
    ("Babinsa ikut teriak yel di panggung kampanye paslon 2", Role::Babinsa),
    ("Bhabinkamtibmas foto bareng calon bupati nomor 1, acungkan jari", Role::Bhabin),
    ("Ketua PPK Kecamatan Mejayan mengubah angka rekap untuk paslon 2", Role::PpkKpu),
    ("Anggota KPPS TPS 4 mencobloskan 60 surat suara sisa", Role::Pps),
    ("Bupati memutasi camat yang tidak mendukung petahana", Role::Bupati),
    ("Pak lurah membagikan amplop 50 ribu ke warga, pesannya pilih nomor dua", Role::Lurah),
    ("Danramil mengumpulkan kepala desa di makoramil, harus menangkan paslon 1", Role::Danramil),
    ("Panwascam ketahuan masuk grup tim pemenangan paslon 2", Role::Panwascam),
    ("Guru-guru disuruh pilih nomor 2 atas perintah bupati", Role::Bupati),
    ("Kades bagi-bagi uang 100 ribu supaya coblos nomor 1", Role::Kades),
    ("klebun nyuruh warga milih nomer settong", Role::Kades),
    ("Kapolres mengarahkan anak buahnya dukung paslon 2", Role::Kapolres),
    ("Dandim hadir di kampanye paslon 1 pakai kaos", Role::Dandim),
    ("PKD desa kami jadi admin grup timses nomor 3", Role::Pkd),
];

/// Offices as targets, as place names, and at their lawful work.
const OTHERS: [&str; 16] = [
    "Besok kita serbu kantor KPU Gunung Mas, bawa parang",
    "Massa mengepung kantor Bawaslu menuntut hitung ulang",
    "Kalau hasil tidak diubah, kantor camat Mejayan kami bakar malam ini",
    "Ketua KPPS TPS 3 dipukul pendukung paslon, kepalanya dijahit",
    "Pendukung 01 dan 02 bentrok di depan balai desa, Polsek Mejayan mengamankan lima orang",
    "Kotak suara dibakar massa di kantor PPK tadi malam",
    "Kades diancam akan dibunuh pendukung paslon 2",
    "Bentrok pendukung paslon di lapangan, Kapolres turun tangan",
    "Warga memblokir jalan di depan kantor bupati menolak tambang",
    "Ratusan orang mau serang rumah kades besok malam",
    "Timses bagi amplop 50 ribu di belakang kantor lurah, coblos nomor 1",
    "Anggota PPK dikeroyok saat rekap di kecamatan",
    "Bawaslu menemukan amplop berisi uang dan stiker paslon 2 di rumah timses",
    "Massa melempari kantor KPU Madiun dengan batu",
    "Kalian orang KPU hati-hati, rumahmu kami bakar kalau hasil curang",
    "Saksi paslon 2 dipukul relawan paslon 1 di dekat Koramil",
];

/// Offices that are asked for help, reported to, thanked, or tell of it; and who is complained of beside them.
const CALLED: [(&str, Option<Role>); 27] = [
    ("Tolong Bawaslu cek, ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Tolong Bawaslu dan Polsek Kurun cek, ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Sudah kami lapor ke Panwascam, ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("@bawaslu mohon ditindak, ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Bawaslu mohon ditindak, anggota KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Terima kasih Bawaslu sudah turun, ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Mana Bawaslu, ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Bawaslu Gunung Mas tolong dicek, kades ikut kampanye paslon 2", Some(Role::Kades)),
    ("Laporan Panwascam: camat Kurun mengarahkan kades dukung paslon 1", Some(Role::Camat)),
    ("Laporan Babinsa: kades Kurun mengarahkan warga dukung paslon 1", Some(Role::Kades)),
    ("Kades Kurun mengarahkan warga dukung paslon 1, direkam PKD", Some(Role::Kades)),
    ("Tolong Bawaslu tindak camat Kurun yang mengarahkan kades dukung paslon 1", Some(Role::Camat)),
    ("Tolong Polsek Mejayan cek, kades mengancam warga yang tidak pilih nomor 1", Some(Role::Kades)),
    ("Lapor pak Kapolsek, kades bagi-bagi uang 100 ribu supaya coblos nomor 1", Some(Role::Kades)),
    ("Pak Danramil tolong cek, kades bagi-bagi uang 100 ribu supaya coblos nomor 1", Some(Role::Kades)),
    ("Pak camat tolong cek, kades bagi-bagi uang 100 ribu supaya coblos nomor 1", Some(Role::Kades)),
    ("Pak kades tolong cek, timses bagi amplop 50 ribu coblos nomor 1", None),
    ("Tolong Polsek, besok kantor KPU Gunung Mas mau diserbu massa bawa parang", None),
    // Who is spoken to about himself, or is the one that the report tells of, stays the doer.
    ("Ketua Panwascam Kurun ikut kampanye paslon 2", Some(Role::Panwascam)),
    ("Lapor Bawaslu, Panwascam ketahuan masuk grup tim pemenangan paslon 2", Some(Role::Panwascam)),
    ("Lapor! Panwascam ketahuan masuk grup tim pemenangan paslon 2", Some(Role::Panwascam)),
    ("Info dari pak kades: warga wajib pilih paslon 1, yang tidak bansosnya dicoret", Some(Role::Kades)),
    ("Babinsa tolong ditindak, dia ikut kampanye paslon 2", Some(Role::Babinsa)),
    ("Laporan: ketua KPPS TPS 3 ikut kampanye paslon 2", Some(Role::Pps)),
    ("Tolong pak kades mengancam warga yang tidak pilih nomor 1, bansosnya dicoret", Some(Role::Kades)),
    ("Kades mengancam warga yang tidak pilih nomor 1, tolong dicek", Some(Role::Kades)),
    ("Ketua KPPS TPS 3 ikut kampanye paslon 2 mohon ditindak", Some(Role::Pps)),
];

/// Whom the leading signal of `text` complains of; the outer `None` when there is no signal at all.
fn accused(lexicon: &Lexicon, text: &str) -> Option<Option<Role>> {
    let finding = classify::judge(lexicon, &post(text))?;
    let signal = finding.signals.first()?;
    Some(signal.accused.as_ref().map(|accused| accused.role))
}

#[test]
fn who_is_told_to_do_it_beside_another_is_not_the_one_who_tells_them() {
    for (text, doer) in [
        (
            "Camat Dolopo Kabupaten Madiun nyuruh lurah dan kades pasang stiker nomor 2 di rumah penerima bansos",
            "Camat",
        ),
        ("Camat Dolopo nyuruh pak lurah dan perangkat desa coblos nomor 2", "Camat"),
        ("Lurah Kurun dan Camat Kurun pasang stiker nomor 2 di rumah penerima bansos", "Camat"),
    ] {
        let finding = classify::judge(&Lexicon::builtin(), &post(text)).expect("a finding");
        let span =
            finding.signals[0].subject.as_ref().and_then(|subject| subject.span).expect("named in the text");
        assert_eq!(&text[span.start as usize..span.end as usize], doer, "{text}");
    }
}

#[test]
fn the_office_that_did_the_deed_is_accused_and_nobody_else() {
    let lexicon = Lexicon::builtin();
    let doers = DOERS.iter().map(|(text, role)| (*text, Some(*role)));
    let all = doers.chain(OTHERS.iter().map(|text| (*text, None)));
    assert_eq!(wrong(&lexicon, all), Vec::<String>::new());
}

#[test]
fn an_office_that_is_called_upon_reported_to_or_thanked_is_not_the_accused_one() {
    assert_eq!(wrong(&Lexicon::builtin(), CALLED.iter().copied()), Vec::<String>::new());
}

/// Posts that want an office gone, or lay a misdeed to it, and posts that only name it.
const BLAMED: [(&str, Option<Role>); 18] = [
    (
        "Kades Gelung Paron main tunjuk perangkat, uang BLT dipotong. Kades keluar dulu atau kantor desa kami segel",
        Some(Role::Kades),
    ),
    ("Ratusan warga segel kantor desa Gelung Paron, tuntutan kepala desa mundur", Some(Role::Kades)),
    ("warga minta kades dicopot, massa kepung balai desa", Some(Role::Kades)),
    ("usir kades sekarang juga atau kantor desa kami segel", Some(Role::Kades)),
    ("Massa mau turunkan pak camat, kantor camat Paron sudah disegel warga", Some(Role::Camat)),
    ("Uang BLT disunat kades, ratusan warga segel balai desa", Some(Role::Kades)),
    ("Balai desa digembok massa, diduga korupsi oleh kepala desa", Some(Role::Kades)),
    ("Nepotisme pak kades, kantor desa disegel warga pagi ini", Some(Role::Kades)),
    ("Kantor desa disegel massa, kades tidak mau mundur", Some(Role::Kades)),
    ("Kades imbau warga tenang setelah balai desa disegel massa", None),
    ("Balai desa disegel massa tadi malam, kades minta warga mundur dari jalan", None),
    ("Kantor camat disegel massa, camat meminta massa mundur", None),
    ("Kades diancam dibunuh pendukung paslon 2", None),
    ("Baliho kades dicopot lalu balai desa disegel massa", None),
    ("Mantan kades mundur dari partai, massa pendukung segel balai desa", None),
    ("Anggota KPPS mundur semua karena diancam dibunuh pendukung 02", None),
    ("Kantor desa disegel massa, padahal kades tidak korupsi", None),
    ("Balai desa disegel massa, kades melaporkan BLT dipotong oknum", None),
];

#[test]
fn an_office_that_is_to_go_or_has_misused_its_power_is_the_accused_one() {
    assert_eq!(wrong(&Lexicon::builtin(), BLAMED.iter().copied()), Vec::<String>::new());
}

#[test]
fn a_keeper_adds_a_word_by_which_an_office_is_another_one() {
    let acts = std::fs::read_to_string("../lexicons/sets/acts.toml").expect("the sets");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("sets")).expect("a folder");
    let own = acts.replace("\"mantan\", \"eks\"", "\"mantan\", \"eks\", \"pensiunan\"");
    std::fs::write(folder.path().join("sets/acts.toml"), &own).expect("a file");
    let text = "balai desa disegel massa, pensiunan kades dipecat dari partai";
    let lexicon = Lexicon::load(Some(folder.path())).expect("it has no fault");
    assert_eq!(accused(&Lexicon::builtin(), text), Some(Some(Role::Kades)));
    assert_eq!(accused(&lexicon, text), Some(None));
}

#[test]
fn the_office_that_is_to_go_is_that_of_the_place() {
    let text = "warga minta kades dicopot, massa kepung balai desa Gelung Paron Ngawi";
    let finding = classify::judge(&Lexicon::builtin(), &post(text)).expect("a finding");
    let accused = finding.signals[0].accused.as_ref().expect("the kades");
    assert_eq!(accused.region.as_ref().map(ToString::to_string).as_deref(), Some("35.21.10.2013"));
}

/// The texts whose accused office is another than it should be.
fn wrong<'a>(lexicon: &Lexicon, texts: impl Iterator<Item = (&'a str, Option<Role>)>) -> Vec<String> {
    texts
        .filter_map(|(text, role)| match accused(lexicon, text) {
            Some(found) if found == role => None,
            Some(found) => Some(format!("{text}: {found:?}, not {role:?}")),
            None => Some(format!("{text}: no signal")),
        })
        .collect()
}

/// The words of the hits of KF-14 in `text`; none without such a signal.
fn partial_words(lexicon: &Lexicon, text: &str) -> Option<String> {
    let finding = classify::judge(lexicon, &post(text))?;
    let signal = finding.signals.iter().find(|signal| signal.category == stream::Category::Kf14)?;
    let spans = signal.hits.iter().flat_map(|hit| &hit.spans);
    Some(spans.filter_map(|span| span.of(&finding.post)).collect::<Vec<_>>().join(" ").to_lowercase())
}

#[test]
fn the_words_shown_of_a_partial_official_are_his_and_not_those_of_an_office_called_upon() {
    let lexicon = Lexicon::builtin();
    for (text, doer, called) in [
        ("tolong pak Kapolsek ditindak, bu camat arahkan warga coblos nomor dua", "camat", "kapolsek"),
        ("Tolong pak camat dicek, kades ikut kampanye paslon 2", "kades", "camat"),
        ("Lapor pak Kapolsek, kades mengarahkan warga dukung paslon 1", "kades", "kapolsek"),
        ("Lapor pak Danramil, bu camat foto bareng calon bupati nomor 2", "camat", "danramil"),
    ] {
        let words = partial_words(&lexicon, text).unwrap_or_default();
        assert!(words.contains(doer) && !words.contains(called), "{text}: {words:?}");
    }
}

#[test]
fn an_office_called_upon_about_what_citizens_do_is_not_partial_and_the_clearing_is_told() {
    let lexicon = Lexicon::builtin();
    for text in [
        "tolong pak Kapolsek ditindak, ada yang bagi uang minta coblos dua",
        "Lapor pak Kapolsek, tetangga saya ikut kampanye paslon 2",
        "Tolong pak camat dicek, warga foto bareng calon bupati nomor 2",
    ] {
        assert_eq!(partial_words(&lexicon, text), None, "{text}");
    }
    let cleared = |text: &str| {
        let finding = classify::judge(&lexicon, &post(text));
        finding.is_some_and(|finding| finding.cleared.iter().any(|hit| hit.guard == "called"))
    };
    assert!(cleared("Tolong pak camat dicek, warga foto bareng calon bupati nomor 2"));
}
