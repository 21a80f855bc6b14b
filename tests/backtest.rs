//! `kentongan backtest` from outside: two made-up lexicons over made-up posts, on both buses, told and applied.

mod common;

#[path = "common/line/mod.rs"]
mod line;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use alerts::{Actor, Alerts, AlertsConfig, Desk, DeskRole, IncidentView, QueueFilter};
use jiff::Timestamp;
use line::texts::Made;
use line::{Line, Role, Setup, said, texts};
use serde_json::{Value, json};
use stream::{Clock, Severity, Topic};
use tempfile::TempDir;

/// The made-up word that each made-up rule wants beside "kandrima".
const WORDS: [(&str, &str); 4] =
    [("satu", "trombolo"), ("dua", "glimbrak"), ("tiga", "sumplenat"), ("empat", "prangkuwil")];
/// A kecamatan for each of the four posts that are applied.
const KURUN: &str = "Kecamatan Kurun, Gunung Mas";
const TEWAH: &str = "Kecamatan Tewah, Gunung Mas";
const RUNGAN: &str = "Kecamatan Rungan, Gunung Mas";
const DOLOPO: &str = "Kecamatan Dolopo, Kabupaten Madiun";

/// Two lexicon folders that lie over the built-in one and empty its rules and guards, so that only the made-up rules
/// speak and the words a keeper changes decide nothing here: the new one retires rule "satu", raises what "dua" proposes and adds "tiga".
struct Lexicons(TempDir);

impl Lexicons {
    fn new() -> Lexicons {
        let made = Lexicons(tempfile::tempdir().unwrap());
        made.write(
            "lama",
            &[rule("satu", "WASPADA", ""), rule("dua", "NORMAL", ""), rule("empat", "NORMAL", "")],
        );
        let retired = rule("satu", "WASPADA", "retired = \"2026-11-22\"\n");
        made.write(
            "baru",
            &[retired, rule("dua", "WASPADA", ""), rule("tiga", "WASPADA", ""), rule("empat", "NORMAL", "")],
        );
        made
    }

    fn write(&self, name: &str, rules: &[String]) {
        let folder = self.path(name);
        let mut sets =
            "[[set]]\nname = \"rekaan_benda\"\nwhy = \"rekaan\"\nwords = [\"kandrima\"]\n".to_owned();
        for (set, word) in WORDS {
            writeln!(sets, "[[set]]\nname = \"rekaan_{set}\"\nwhy = \"rekaan\"\nwords = [\"{word}\"]")
                .unwrap();
        }
        for part in ["sets", "rules"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
            let builtin = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons").join(part);
            for file in std::fs::read_dir(builtin).unwrap() {
                std::fs::write(folder.join(part).join(file.unwrap().file_name()), "").unwrap();
            }
        }
        for name in ["guards.toml", "severity.toml", "second-reader.tsv"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        for (part, text) in [("sets", sets), ("rules", rules.concat())] {
            std::fs::write(folder.join(part).join("rekaan.toml"), text).unwrap();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn setup(&self, base: Setup) -> Setup {
        Setup { top: format!("lexicon = \"{}\"\n", self.path("lama").display()), ..base }
    }

    /// `backtest --lexicon NEW` and more words.
    fn words<'a>(&self, new: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
        [&["backtest", "--lexicon", new.to_str().unwrap()], more].concat()
    }
}

/// A made-up rule with its examples.
fn rule(name: &str, severity: &str, more: &str) -> String {
    let word = WORDS.iter().find(|(set, _)| *set == name).unwrap().1;
    format!(
        "[[rule]]\nid = \"KF-11-rekaan-{name}\"\ntitle = \"Rekaan {name}\"\ncategory = \"KF-11\"\n\
         when = '%rekaan_{name} NEAR/4 %rekaan_benda'\nseverity = \"{severity}\"\nwhy = \"Rekaan\"\n\
         since = \"2026-11-22\"\n{more}\
         flagged = [\"ada {word} kandrima di pasar\", \"kandrima itu {word} semua\", \"{word} dekat kandrima lagi\"]\n\
         clean = [\"ada {word} saja\", \"kandrima biasa saja\", \"{word} tadi jauh sekali letaknya dari sebuah kandrima\"]\n"
    )
}

fn made(id: &str, posted_at: &str, text: &str) -> Made {
    let author = json!({"name": "Warga Rekaan Sekali", "handle": "@rekaan_sekali"});
    let json = json!({"id": id, "channel": "x", "posted_at": posted_at, "text": text, "author": author});
    Made { id: id.to_owned(), json, place: None }
}

/// Imports, on two days: 300 everyday posts, 7 that the new lexicon raises, 5 it drops, 4 it changes; then edits: one
/// everyday post becomes an eighth to raise, and one to raise becomes everyday talk.
fn fill(line: &Line) {
    line.make_topics();
    let mut posts = texts::stream(4, 300, 0, 0, "2024-11-25T12:00:00Z".parse().unwrap());
    let private = "hubungi 0812-3456-7890 atau @rekaan_lain";
    for (word, count, day) in [("sumplenat", 8, 24), ("trombolo", 5, 25), ("glimbrak", 4, 25)] {
        for n in 0..count {
            let text = format!("kemarin {word} kandrima nomor {n} di {KURUN}, {private}");
            posts.push(made(&format!("{word}-{n}"), &format!("2024-11-{day}T05:00:00Z"), &text));
        }
    }
    let edits = [
        made("s4-0", "2024-11-25T06:00:00Z", "ralat: sumplenat kandrima ternyata ada"),
        made("sumplenat-7", "2024-11-24T05:00:00Z", "ralat: tidak ada apa-apa, sarapan nasi kuning saja"),
    ];
    for (name, posts) in [("unggahan.jsonl", &posts[..]), ("ralat.jsonl", &edits[..])] {
        std::fs::write(line.path(name), texts::lines(posts)).unwrap();
        line.import(&line.path(name), "rekaan");
    }
}

/// The report as JSON.
fn report(line: &Line, words: &[&str]) -> Value {
    let out = line.done(&[words, &["--json"]].concat());
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

fn counts(report: &Value) -> [u64; 4] {
    let count = |group: &str| report[group]["count"].as_u64().unwrap();
    [report["posts"].as_u64().unwrap(), count("raised"), count("dropped"), count("changed")]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_changed_lexicon_raises_drops_and_changes_is_counted_and_sampled_the_same_on_both_buses() {
    let lexicons = Lexicons::new();
    let line = Line::new(lexicons.setup(Setup::default()));
    fill(&line);
    let new = lexicons.path("baru");
    let words = lexicons.words(&new, &["--samples", "3"]);
    let told = report(&line, &words);
    assert_eq!(counts(&told), [317, 8, 5, 4], "the last revision of a post counts, once: {told:#}");
    assert_eq!(told["days"], 2);
    assert_eq!((told["queued_before"].as_u64(), told["queued_now"].as_u64()), (Some(9), Some(12)));
    assert_eq!(told["raised"]["by_category"], json!({"KF-11": 8}));
    assert_eq!(told["changed"]["by_aspect"], json!({"severity": 4}));
    for (group, before, now) in [
        ("raised", json!([]), json!(["KF-11-rekaan-tiga"])),
        ("dropped", json!(["KF-11-rekaan-satu"]), json!([])),
        ("changed", json!(["KF-11-rekaan-dua"]), json!(["KF-11-rekaan-dua"])),
    ] {
        let samples = told[group]["samples"].as_array().unwrap();
        assert_eq!(samples.len(), 3, "{group}");
        for sample in samples {
            assert_eq!((&sample["before"]["rules"], &sample["now"]["rules"]), (&before, &now), "{sample:#}");
            assert!(sample["text"].as_str().unwrap().contains("kandrima"), "{sample:#}");
        }
    }
    assert_eq!(told["changed"]["samples"][0]["before"]["signals"][0]["severity"], "NORMAL");
    assert_eq!(told["changed"]["samples"][0]["now"]["signals"][0]["severity"], "WASPADA");
    let rule = |id: &str| {
        let hits = &told["rules"][id];
        (
            hits["before"].as_u64(),
            hits["now"].as_u64(),
            hits["before_per_day"].as_f64(),
            hits["now_per_day"].as_f64(),
        )
    };
    assert_eq!(rule("KF-11-rekaan-satu"), (Some(5), Some(0), Some(2.5), Some(0.0)));
    assert_eq!(rule("KF-11-rekaan-tiga"), (Some(0), Some(8), Some(0.0), Some(4.0)));
    assert_eq!(told["never"], json!(["KF-11-rekaan-empat"]), "and not what is retired");

    let day = report(&line, &[&words[..], &["--since", "2024-11-25", "--until", "2024-11-25"]].concat());
    assert_eq!(counts(&day), [309, 1, 5, 4], "of one day");
    let reversed = ["backtest", "--lexicon", lexicons.path("lama").to_str().unwrap(), "--against", words[2]]
        .map(str::to_owned);
    let reversed: Vec<&str> = reversed.iter().map(String::as_str).collect();
    assert_eq!(counts(&report(&line, &reversed)), [317, 5, 8, 4], "the other way round");

    let Some(brokers) = common::service("KENTONGAN_TEST_KAFKA", "backtest on Kafka") else { return };
    let kafka = Line::new(lexicons.setup(Setup::kafka(&brokers)));
    fill(&kafka);
    assert_eq!(report(&kafka, &words), told, "the same counts and the same samples");
    let applied = report(&kafka, &[&words[..], &["--apply", "--yes"]].concat());
    assert_eq!(applied["applied"], json!({"published": 17, "left_out": 0, "incidents": null}));
    let topics = kafka.bus().topics().await.unwrap();
    let findings = topics.iter().find(|info| info.topic == Topic::Findings).unwrap();
    assert_eq!(findings.records, 17);
    assert_eq!(kafka.bus().lag().await.unwrap(), [], "no group has committed anything");
}

#[test]
fn a_seed_picks_the_same_samples_every_time_and_no_handle_name_or_number_is_shown() {
    let lexicons = Lexicons::new();
    let line = Line::new(lexicons.setup(Setup::default()));
    fill(&line);
    let new = lexicons.path("baru");
    let shown = |more: &[&str]| line.done(&lexicons.words(&new, &[&["--samples", "3"], more].concat()));
    let page = shown(&["--seed", "7"]);
    assert_eq!(page, shown(&["--seed", "7"]));
    assert_ne!(page, shown(&["--seed", "8"]), "another seed, other samples");
    for part in [
        "317 unggahan dari 2 hari",
        "Masuk antrean: 9 → 12",
        "Akan muncul: 8",
        "Akan hilang: 5",
        "Akan berubah: 4",
        "berbeda dalam: jenjang 4",
        "sebelum: tidak masuk antrean",
        "sesudah: KF-11 WASPADA 62.10.02; [KF-11-rekaan-tiga]",
        "Aturan yang kini kena lebih sering atau lebih jarang",
        "  KF-11-rekaan-satu",
        "Aturan yang kena sama seringnya: 1",
        "Dari 4 aturan leksikon yang diuji, 2 pernah menandai, 0 hanya kena lalu gugur atau ditahan, 1 tidak pernah kena (",
        "1 sudah tidak dipakai.",
        "hubungi ••• atau •••",
        "indikasi yang perlu verifikasi",
    ] {
        assert!(page.contains(part), "{part:?} in:\n{page}");
    }
    assert!(!page.contains("rekaan-empat") && !page.contains("rekaan-dua  "), "{page}");
    for private in ["ekaan Sekali", "rekaan_sekali", "rekaan_lain", "3456"] {
        assert!(!page.contains(private), "{private} in:\n{page}");
    }
    let english = line.done(&lexicons.words(&new, &["--lang", "en"]));
    assert!(english.contains("Would be raised: 8") && english.contains("Would be dropped: 5"), "{english}");
}

#[test]
fn a_rule_whose_every_hit_the_second_reader_holds_back_is_told_with_how_often_it_hit() {
    let lexicons = Lexicons::new();
    let new = lexicons.path("baru");
    // Takes every text for ordinary.
    let doubts = "calibration\tkonflik\t1\t0\ncalibration\tnetralitas\t1\t0\n\
                  threshold\tid\t0.950\t0.950\nbias\t\t-9\t-9\nweight\tw orang\t-1\n";
    std::fs::write(new.join("second-reader.tsv"), doubts).unwrap();
    let line = Line::new(lexicons.setup(Setup::default()));
    line.make_topics();
    let text = "kemarin malam ada orang bilang sumplenat kandrima itu sudah tidak dijual lagi";
    let posts = [made("tiga", "2024-11-25T05:00:00Z", text)];
    std::fs::write(line.path("unggahan.jsonl"), texts::lines(&posts)).unwrap();
    line.import(&line.path("unggahan.jsonl"), "rekaan");
    let words = lexicons.words(&new, &[]);
    let page = line.done(&words);
    for part in [
        "ditahan pembaca kedua: 0 → 1",
        "KF-11-rekaan-tiga: tidak masuk antrean; kena 0 → 1 kali, ditahan pembaca kedua 0 → 1 kali",
        "Dari 4 aturan leksikon yang diuji, 0 pernah menandai, 1 hanya kena lalu gugur atau ditahan, 2 tidak",
    ] {
        assert!(page.contains(part), "{part:?} in:\n{page}");
    }
    let told = report(&line, &words);
    assert_eq!((&told["held_back_before"], &told["held_back_now"]), (&json!(0), &json!(1)));
    let parts =
        ["held", "only_cleared", "never", "retired"].map(|part| told["tally"][part].as_u64().unwrap());
    assert_eq!(told["tally"]["all"].as_u64(), Some(parts.iter().sum()), "{told:#}");
}

#[test]
fn a_lexicon_with_faults_is_refused_with_every_fault_and_nothing_is_judged() {
    let lexicons = Lexicons::new();
    let line = Line::new(lexicons.setup(Setup::default()));
    fill(&line);
    let unknown = rule("satu", "WASPADA", "").replace("%rekaan_benda", "%tiada");
    let twice = unknown.replace("%rekaan_satu", "%tiada_lagi").replace("rekaan-satu", "rekaan-lima");
    lexicons.write("rusak", &[unknown, twice]);
    let broken = lexicons.path("rusak");
    let out = line.command(&lexicons.words(&broken, &["--json"]));
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!((out.status.code(), out.stdout.len()), (Some(1), 0), "{}", said(&out));
    for fault in
        ["rules/rekaan.toml:5:", "rules/rekaan.toml:15:", "'%tiada'", "'%tiada_lagi'", "leksikon ditolak"]
    {
        assert!(told.contains(fault), "{fault} in:\n{told}");
    }
    // A rule that does not do what its examples say is a fault too.
    lexicons.write("bohong", &[rule("dua", "WASPADA", "").replace("kandrima itu glimbrak", "kandrima itu")]);
    // Told where it stands and why, in the language asked for.
    for (lang, words) in [
        (
            "id",
            ["tidak menemukan contoh flagged-nya", "tidak ada kata untuk %rekaan_dua", "leksikon ditolak"],
        ),
        ("en", ["does not find its flagged example", "no word for %rekaan_dua", "lexicon refused"]),
    ] {
        let out = line.command(&lexicons.words(&lexicons.path("bohong"), &["--lang", lang]));
        let told = said(&out);
        assert!(!out.status.success() && told.contains("rules/rekaan.toml:9: "), "{told}");
        assert!(words.iter().all(|word| told.contains(word)), "{words:?} in:\n{told}");
        let other = if lang == "id" { "example" } else { "contoh" };
        assert!(!told.contains(other), "{other} in:\n{told}");
    }
    // A folder that is none, and an installation that is not there, are not taken for empty ones.
    for words in [
        &["backtest", "--lexicon", "/tiada"][..],
        &["backtest", "--data", "/tiada", "--lexicon", lexicons.path("baru").to_str().unwrap()],
    ] {
        let out = line.command(words);
        assert!(!out.status.success() && said(&out).contains("/tiada"), "{words:?}: {}", said(&out));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_read_is_told_before_anything_is_published() {
    let lexicons = Lexicons::new();
    let line = Line::new(lexicons.setup(Setup::default()));
    fill(&line);
    let published = async || {
        let topics = line.bus().topics().await.unwrap();
        topics.iter().find(|info| info.topic == Topic::Findings).map_or(0, |info| info.records)
    };
    let (new, database) = (lexicons.path("baru"), line.data().join("kentongan.db"));
    let before = std::fs::read(&database).ok();
    std::fs::write(&database, "bukan basis data, melainkan sesuatu yang lain").unwrap();
    let out = line.command(&lexicons.words(&new, &["--apply", "--yes"]));
    assert!(!out.status.success() && said(&out).contains("basis data (alerts.database)"), "{}", said(&out));
    assert_eq!(published().await, 0, "{}", said(&out));
    std::fs::remove_file(&database).unwrap();
    before.iter().for_each(|before| std::fs::write(&database, before).unwrap());
    assert_eq!(report(&line, &lexicons.words(&new, &["--apply", "--yes"]))["applied"]["published"], 17);
}

/// The desk, as one more process opens it.
async fn desk(line: &Line) -> Desk {
    let config = AlertsConfig {
        database: Some(line.data().join("kentongan.db").display().to_string()),
        key_file: Some(line.data().join("secret.key")),
        ..AlertsConfig::default()
    };
    let alerts = Alerts::open(&config, &line.data(), "uji", Clock::System).await.unwrap();
    Desk::new(alerts.into())
}

fn analyst() -> Actor {
    Actor { name: "ana".to_owned(), role: DeskRole::Analis, regions: Vec::new() }
}

/// Every incident that holds posts, by its place: severity, posts, lines of history that a new verdict left.
async fn incidents(desk: &Desk) -> Vec<(String, Severity, i64, usize)> {
    let mut found = Vec::new();
    for row in desk.queue(&analyst(), &QueueFilter::default()).await.unwrap() {
        let IncidentView { incident, history, .. } =
            desk.incident(&analyst(), row.incident.id).await.unwrap();
        if incident.posts > 0 {
            let place = incident.place.as_ref().map(ToString::to_string).unwrap_or_default();
            let rejudged = history.iter().filter(|line| line.kind == "rejudged").count();
            found.push((place, incident.proposed, incident.posts, rejudged));
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn applied_verdicts_change_incidents_nobody_was_told_of_and_are_history_on_confirmed_ones_once() {
    let lexicons = Lexicons::new();
    let line = Line::new(lexicons.setup(Setup::default()));
    let token = line.token(&["pemantau"]);
    let serve = line.run(Role::Serve).await;
    let desk = desk(&line).await;
    let now = Timestamp::now().to_string();
    let post = |(word, place): (&str, &str)| made(place, &now, &format!("ada {word} kandrima di {place}"));
    let posts =
        [("glimbrak", KURUN), ("trombolo", TEWAH), ("trombolo", RUNGAN), ("sumplenat", DOLOPO)].map(post);
    assert_eq!(line.send(Role::Serve, &token, &posts).await.status(), 200);
    line.settled().await;
    let row = |place: &str, severity, rejudged| (place.to_owned(), severity, 1, rejudged);
    let (normal, waspada) = (Severity::Normal, Severity::Waspada);
    let before = [row("62.10.02", normal, 0), row("62.10.03", waspada, 0), row("62.10.05", waspada, 0)];
    assert_eq!(incidents(&desk).await, before);
    let rows = desk.queue(&analyst(), &QueueFilter::default()).await.unwrap();
    let tewah = |row: &&alerts::IncidentRow| {
        row.incident.place.as_ref().is_some_and(|code| code.as_str() == "62.10.03")
    };
    let tewah = rows.iter().find(tewah).unwrap().incident.id;
    desk.confirm(&analyst(), tewah, None, None).await.unwrap();

    let new = lexicons.path("baru");
    let refused = line.command(&lexicons.words(&new, &["--apply"]));
    assert!(!refused.status.success() && said(&refused).contains("--yes"), "{}", said(&refused));
    line.settled().await;
    assert_eq!(incidents(&desk).await, before, "nobody agreed");

    let after = [row("35.19.02", waspada, 0), row("62.10.02", waspada, 0), row("62.10.03", waspada, 1)];
    for round in 1..=2 {
        let told = report(&line, &lexicons.words(&new, &["--apply", "--yes"]));
        assert_eq!(counts(&told), [4, 1, 2, 1]);
        assert_eq!((&told["applied"]["published"], &told["applied"]["left_out"]), (&json!(4), &json!(0)));
        line.settled().await;
        assert_eq!(incidents(&desk).await, after, "round {round}");
        let said: Vec<&str> =
            told["applied"]["incidents"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let all = ["KTG-1", "KTG-2", "KTG-3", "KTG-4"];
        assert_eq!(said, &all[..if round == 1 { 4 } else { 0 }], "each that a verdict touched, and once");
        let hash = &told["lexicon_now"].as_str().unwrap()[..12];
        for id in 1..=4 {
            let history = desk.incident(&analyst(), alerts::IncidentId(id)).await.unwrap().history;
            let lines: Vec<_> = history.iter().filter(|line| line.kind == "backtested").collect();
            assert!(lines.len() == 1 && lines[0].detail.starts_with(hash), "KTG-{id}: {lines:?}");
        }
    }
    let hints = |folder: &Path| said(&line.command(&lexicons.words(folder, &["--apply", "--yes"])));
    let other = hints(&new);
    assert!(other.contains(&format!("Salin {} ke sana", new.display())), "{other}");
    let own = hints(&lexicons.path("lama"));
    assert!(own.contains("tidak perlu dimulai ulang") && !own.contains("lexicon ="), "{own}");
    serve.stop_well().await;

    // What nobody has judged yet would be judged by the old lexicon later, over the new verdict.
    let late = [made("telat", &now, &format!("ada sumplenat kandrima di {TEWAH}"))];
    std::fs::write(line.path("telat.jsonl"), texts::lines(&late)).unwrap();
    line.import(&line.path("telat.jsonl"), "telat");
    let out = line.command(&lexicons.words(&new, &["--apply", "--yes"]));
    assert!(!out.status.success() && said(&out).contains("tertinggal 1 unggahan"), "{}", said(&out));
}
