//! The command line as a newcomer uses it: what is said of files, options and faults, in Indonesian unless asked.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

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
fn a_faulty_file_is_told_as_faulty_each_time_and_its_lines_lie_in_the_dead_letters_once() {
    let folder = folder(&[("kabar.jsonl", &[GOOD, MISSPELT, BROKEN].concat())]);
    let at = folder.path();
    let import = ["import", "--new", "--data", "d", "kabar.jsonl"];
    let list = ["dead-letters", "list", "--data", "d"];
    let first = says(
        at,
        &import,
        1,
        &[
            "kabar.jsonl:2: Isian channel tidak ada. Ada 'chanel': maksudnya 'channel'?",
            "kabar.jsonl:3: Bukan JSON yang sah: teksnya putus sebelum tanda kutip penutup",
            "--channel facebook",
            "1 unggahan masuk, 0 baris data sudah pernah dibaca, 2 tidak terbaca. Sebabnya: kentongan dead-letters list --data d",
        ],
    );
    assert!(!first.contains("EOF"), "{first}");
    says(
        at,
        &import,
        1,
        &[
            "0 unggahan masuk, 1 baris data sudah pernah dibaca, 2 tidak terbaca (2 di antaranya sudah tercatat sebelumnya)",
        ],
    );
    let listed = says(
        at,
        &list,
        0,
        &["kabar.jsonl, baris 2: Isian channel tidak ada.", "kabar.jsonl, baris 3: Bukan JSON yang sah"],
    );
    assert_eq!(listed.lines().count(), 5, "a header, two letters, and two lines on what to do: {listed}");
    for next in ["kentongan dead-letters retry --data d (", "kentongan dead-letters drop --data d 1\n"] {
        assert!(listed.contains(next), "{next:?} in:\n{listed}");
    }

    // Corrected in part: what is still faulty is not parked again.
    std::fs::write(at.join("kabar.jsonl"), [GOOD, MISSPELT].concat()).expect("a file");
    says(
        at,
        &import,
        1,
        &[
            "1 unggahan masuk",
            "1 tidak terbaca (1 di antaranya sudah tercatat sebelumnya)",
            "kabar.jsonl berubah sejak terakhir dibaca",
            "tidak dibuat dua kali",
        ],
    );
    assert_eq!(said(&run(at, &list)).lines().count(), 5);

    let retry = ["dead-letters", "retry", "--data", "d"];
    let numbers = |listed: &str| -> Vec<String> {
        let first = listed.lines().filter_map(|line| line.split_whitespace().next());
        first.filter(|word| word.parse::<u64>().is_ok()).map(str::to_owned).collect()
    };
    let before = numbers(&listed);
    assert_eq!(before, ["1", "2"], "people count from one");
    let both = format!("0 dikembalikan, 2 tetap tidak terbaca (nomor {}-{})", before[0], before[1]);
    says(at, &retry, 0, &[&both]);
    let listed = says(at, &list, 0, &["kabar.jsonl, baris 2: ", "kabar.jsonl, baris 3: "]);
    assert_eq!(numbers(&listed), before, "each is called by the number it had");
    let one = format!("1 dikembalikan (nomor {}), 1 tetap tidak terbaca (nomor {})", before[0], before[1]);
    says(at, &[&retry[..], &["--channel", "x"]].concat(), 0, &[&one]);
    says(at, &import, 0, &["0 unggahan masuk, 2 baris data sudah pernah dibaca, 0 tidak terbaca"]);
    // What was corrected in the file lies there until somebody drops it.
    let listed = said(&run(at, &list));
    let number = numbers(&listed).pop().expect("a number");
    says(at, &["dead-letters", "drop", "0", "--data", "d"], 1, &["tidak ada nomor 0"]);
    says(at, &["dead-letters", "drop", "999", "--data", "d"], 1, &["tidak ada nomor 999"]);
    says(at, &["dead-letters", "drop", &number, "--data", "d"], 0, &["1 dibuang"]);
    says(at, &list, 0, &["tidak ada yang tidak terbaca"]);
}

#[test]
fn many_dead_letters_go_by_range_or_file_and_the_list_tells_how_many_it_leaves_out() {
    let folder = folder(&[("lain.jsonl", MISSPELT)]);
    let at = folder.path();
    let bad: String = (0..60).map(|at| format!("{{\"id\":{at}\n")).collect();
    std::fs::write(at.join("banyak.jsonl"), bad).expect("a file");
    for file in ["lain.jsonl", "banyak.jsonl"] {
        says(at, &["import", "--new", "--data", "d", file], 1, &["tidak terbaca"]);
    }
    let list = ["dead-letters", "list", "--data", "d"];
    let listed = says(at, &list, 0, &[" WIB  ", "dan 11 lagi, 61 seluruhnya; --limit 61"]);
    let first: u64 = listed
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().next())
        .expect("a number")
        .parse()
        .expect("a number");
    let range = format!("{}-{}", first + 1, first + 10);
    says(at, &["dead-letters", "drop", &range, "--data", "d"], 0, &["10 dibuang"]);
    says(
        at,
        &["dead-letters", "drop", "--file", "nihil.jsonl", "--data", "d"],
        1,
        &["0 dibuang", "tidak ada yang berasal dari nihil.jsonl"],
    );
    says(at, &["dead-letters", "drop", "--file", "./banyak.jsonl", "--data", "d"], 0, &["50 dibuang"]);
    let left = says(at, &list, 0, &["lain.jsonl, baris 1"]);
    assert_eq!(left.lines().count(), 4, "{left}");
    assert!(left.contains(&format!("\n{first:>6}  ")), "it keeps its number: {left}");
    says(at, &["dead-letters", "drop", "9000-9010", "--data", "d"], 1, &["tidak ada nomor 9000-9010"]);
    says(at, &["dead-letters", "drop", "a-b", "--data", "d"], 2, &["'a-b'", "misalnya 7 atau 30-40"]);
    says(at, &["dead-letters", "drop", "--data", "d"], 2, &["argumen wajib"]);
}

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
fn a_spreadsheet_is_refused_once_and_makes_no_dead_letters() {
    let folder =
        folder(&[("foto.xlsx", GOOD), ("arsip.jsonl", "PK\u{3}\u{4}abc\n\n"), ("nol.csv", "T\0e\0k\0s\0")]);
    for file in ["foto.xlsx", "arsip.jsonl", "nol.csv"] {
        let told = says(folder.path(), &["import", "--data", "d", file], 1, &[file, "simpan sebagai CSV"]);
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    assert!(!folder.path().join("d").exists());
    let at = folder.path();
    says(at, &["import", "--data", "d", "foto.xlsx"], 1, &["Excel", "simpan sebagai CSV"]);
    says(at, &["judge", "arsip.jsonl"], 1, &["arsip.jsonl: ini berkas Excel", "simpan sebagai CSV"]);
    // Through a pipe, where nothing can be looked at before.
    let piped = std::fs::File::open(at.join("arsip.jsonl")).expect("the file");
    let out = kentongan(at, &["import", "--new", "--data", "d", "-"]).stdin(piped).output().expect("it runs");
    let told = said(&out);
    assert!(
        !out.status.success() && told.contains("-: ini berkas Excel") && !told.contains("JSON"),
        "{told}"
    );
    says(at, &["dead-letters", "list", "--data", "d"], 0, &["tidak ada yang tidak terbaca"]);
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
fn check_marks_every_fault_of_a_roster_and_counts_each_once() {
    let roster = "role,region,holder,stand_in,channel,address\nKADESS,62.10.02.1012,,,file,a\nBABINSA,99.99,,,file,b\n\
                  KESBANGPOL,62.10,,,wa,c\n";
    let folder = folder(&[
        ("roster.csv", roster),
        ("k.toml", "[alerts]\nroster = \"nihil.csv\"\n"),
        ("baik.toml", "[alerts]\nroster = \"roster.csv\"\n"),
    ]);
    let at = folder.path();
    let told = says(
        at,
        &["check", "--config", "baik.toml"],
        1,
        &[
            "roster.csv:2: role: ",
            "Maksudnya 'KADES'?",
            "Peran yang ada: ",
            "BABINSA",
            "MEJA",
            "roster.csv:4: channel: tidak ada saluran 'wa'. Saluran yang ada: file, webhook, email.",
            "3 kesalahan",
        ],
    );
    assert_eq!(told.matches("✗ ").count(), 3, "{told}");
    let told = says(at, &["check", "--config", "k.toml"], 1, &["alerts.roster", "tidak ada", "1 kesalahan"]);
    assert!(!told.contains("os error"), "{told}");
    says(
        at,
        &["check", "--roster", "nihil.csv"],
        1,
        &["nihil.csv: berkas atau folder tidak ada", "1 kesalahan"],
    );
    says(at, &["check"], 0, &["✓ contoh bawaan deploy/roster.example.csv"]);
    says(
        at,
        &["explain", "bakar kantor KPU Gunung Mas", "--config", "baik.toml"],
        1,
        &["roster.csv:2: role"],
    );
}

#[test]
fn what_a_configuration_names_and_is_not_on_the_disk_is_told_with_line_key_and_value() {
    let folder = folder(&[("berkas", ""), ("kunci.pem", "")]);
    let at = folder.path();
    let good = "[[sources]]\nkind = \"folder\"\nname = \"masuk\"\npath = \"masuk\"\ndone = \"selesai\"\n";
    std::fs::create_dir(at.join("masuk")).expect("a folder");
    std::fs::write(at.join("baik.toml"), good).expect("a file");
    says(at, &["check", "--config", "baik.toml"], 0, &["0 kesalahan"]);
    let text = "data = \"berkas\"\n\
                [bus]\nkind = \"kafka\"\nca_file = \"nihil.pem\"\ncert_file = \"masuk\"\nkey_file = \"kunci.pem\"\n\
                [alerts]\nroster = \"masuk\"\nfolder = \"kunci.pem/keluar\"\n\
                [alerts.webhook]\nsecret_file = \"rahasia\"\n\
                [alerts.email]\nhost = \"mail.example\"\nport = 25\nfrom = \"desk@mail.example\"\npassword_file = \"masuk\"\n\
                [[sources]]\nkind = \"folder\"\nname = \"satu\"\npath = \"masukk\"\n\
                [[sources]]\nname = \"dua\"\nkind = \"folder\"\npath = \"berkas\"\n";
    std::fs::write(at.join("k.toml"), text).expect("a file");
    let told = says(
        at,
        &["check", "--config", "k.toml"],
        1,
        &[
            "k.toml:1: data = \"berkas\": ini berkas, padahal seharusnya folder",
            "k.toml:4: bus.ca_file = \"nihil.pem\": berkas ini tidak ada",
            "k.toml:5: bus.cert_file = \"masuk\": ini folder, padahal seharusnya berkas",
            "k.toml:8: alerts.roster = \"masuk\": ini folder, padahal seharusnya berkas",
            "k.toml:9: alerts.folder = \"kunci.pem/keluar\": sebagian jalurnya berkas, bukan folder",
            "k.toml:11: alerts.webhook.secret_file = \"rahasia\": berkas ini tidak ada",
            "k.toml:16: alerts.email.password_file = \"masuk\": ini folder, padahal seharusnya berkas",
            "k.toml:20: sources.path = \"masukk\": folder ini tidak ada",
            "k.toml:24: sources.path = \"berkas\": ini berkas, padahal seharusnya folder",
            "9 kesalahan",
        ],
    );
    assert_eq!(told.matches("✗ ").count(), 9, "{told}");
    says(
        at,
        &["--lang", "en", "check", "--config", "k.toml"],
        1,
        &["k.toml:20: ", "there is no such folder"],
    );
}

#[test]
fn channels_that_cannot_be_set_up_are_told_by_check_before_serve_meets_them() {
    let roster = "role,region,holder,stand_in,channel,address\nKESBANGPOL,62.10,,,email,desk@mail.example\n";
    let folder = folder(&[("r.csv", roster), ("rahasia", "bukan")]);
    let at = folder.path();
    std::fs::write(at.join("a.toml"), "[alerts]\nroster = \"r.csv\"\n").expect("a file");
    let missing = "roster memakai saluran email, tetapi bagian [alerts.email] belum ada";
    says(at, &["check", "--config", "a.toml"], 1, &[missing, "1 kesalahan"]);
    let text = "[alerts]\nroster = \"r.csv\"\n[alerts.webhook]\nsecret_file = \"rahasia\"\n\
                [alerts.email]\nhost = \"mail.example\"\nport = 25\nfrom = \"bukan alamat\"\n";
    std::fs::write(at.join("b.toml"), text).expect("a file");
    let parts = [
        "b.toml:4: alerts.webhook.secret_file = \"rahasia\": isinya bukan rahasia Standard Webhooks",
        "b.toml:8: alerts.email.from = \"bukan alamat\": bukan alamat surel",
        "2 kesalahan",
    ];
    says(at, &["check", "--config", "b.toml"], 1, &parts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_region_can_be_given_to_what_is_imported_and_to_lines_tried_again() {
    let good = "{\"id\":\"1\",\"channel\":\"x\",\"posted_at\":\"2024-11-21T02:00:00Z\",\"text\":\"halo\"}\n";
    let own = good.replace("\"1\"", "\"7\",\"source_region\":\"35.21\"");
    let folder = folder(&[("kabar.jsonl", &format!("{good}{own}{MISSPELT}"))]);
    let at = folder.path();
    let import = |region, code, parts: &[&str]| {
        says(at, &["import", "--new", "--data", "d", "kabar.jsonl", "--region", region], code, parts);
    };
    import("99.99", 1, &["'99.99'"]);
    assert!(!at.join("d").exists(), "refused before anything is made");
    import("35.19", 1, &["2 unggahan masuk"]);
    let retry = ["dead-letters", "retry", "--data", "d", "--channel", "x", "--region", "35.19.08"];
    says(at, &retry, 0, &["dikembalikan"]);
    let config = stream::LogConfig { path: at.join("d/bus.db"), ..stream::LogConfig::default() };
    let bus = stream::Bus::open(&stream::BusConfig::Log(config)).unwrap();
    let mut survey = bus.survey(stream::Topic::Posts).await.unwrap();
    let mut regions = Vec::new();
    loop {
        let batch = survey.take().await.unwrap();
        if batch.is_empty() {
            break;
        }
        let posts = batch.iter().map(|record| record.read::<stream::Post>().unwrap());
        regions.extend(posts.filter_map(|post| Some(post.source_region?.to_string())));
    }
    regions.sort();
    regions.dedup();
    assert_eq!(regions, ["35.19", "35.19.08", "35.21"], "its own, where it names one");
}

#[test]
fn a_channel_can_be_given_to_items_that_name_none() {
    let table = "Isi,Waktu,Chanel\nselamat pagi,2024-11-21T09:00:00+07:00,wa\n";
    let folder = folder(&[("tabel.csv", table), ("kabar.jsonl", MISSPELT)]);
    let at = folder.path();
    let map = "text=Isi,posted_at=Waktu";
    let import = |words: &[&str], code, parts: &[&str]| {
        says(at, &[&["import", "--new", "--data", "d"], words].concat(), code, parts);
    };
    import(
        &["tabel.csv", "--map", map],
        1,
        &["tabel.csv, baris 1: Tidak ada kolom untuk channel", "--channel facebook", "Maksudnya 'Chanel'?"],
    );
    import(&["tabel.csv", "--map", map, "--channel", "whatsapp"], 0, &["1 unggahan masuk"]);
    import(&["kabar.jsonl", "--channel", "x"], 0, &["1 unggahan masuk"]);
    says(at, &["explain", "--channel", "wa", "halo"], 1, &["'wa' tidak dikenal", "whatsapp", "lapangan."]);
    import(
        &["kabar.jsonl", "--channel", "facebok"],
        1,
        &["kanal 'facebok' tidak dikenal; kanal yang ada: x, facebook", "lapangan. Maksudnya 'facebook'?"],
    );
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

/// Ends a process that a test started.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_three_roles_run_on_one_machine_with_one_configuration_file() {
    let folder = folder(&[]);
    // Held together, so that no two are the same; free again when the roles start.
    let held: Vec<TcpListener> =
        (0..5).map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
    let ports: Vec<u16> = held.iter().map(|held| held.local_addr().expect("bound").port()).collect();
    drop(held);
    let keys = ["listen", "public_listen", "ingest_listen", "ingest_public_listen", "classify_listen"];
    let lines: Vec<String> =
        keys.iter().zip(&ports).map(|(key, port)| format!("{key} = \"127.0.0.1:{port}\"\n")).collect();
    std::fs::write(folder.path().join("k.toml"), lines.concat()).expect("a configuration");
    let mut roles = Vec::new();
    for (role, port) in [("alerts", ports[0]), ("ingest", ports[2]), ("classify", ports[4])] {
        let mut command = kentongan(folder.path(), &[role, "--config", "k.toml", "--data", "d"]);
        let log = std::fs::File::create(folder.path().join(role)).expect("a file");
        let child = command.stdout(Stdio::null()).stderr(log).spawn().expect("it runs");
        roles.push((role, port, Running(child)));
    }
    let end = Instant::now() + Duration::from_secs(120);
    for (role, port, running) in &mut roles {
        let ready = format!("http://127.0.0.1:{port}/-/ready");
        while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
            let told = || std::fs::read_to_string(folder.path().join(*role)).unwrap_or_default();
            assert!(running.0.try_wait().expect("its state").is_none(), "{role} ended: {}", told());
            assert!(Instant::now() < end, "{role} is not ready");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    let outer = format!("http://127.0.0.1:{}/api/v1/posts", ports[3]);
    let answer = reqwest::Client::new().post(outer).body("{}").send().await.expect("an answer");
    assert_eq!(answer.status(), 401, "ingest takes posts at its own address");
    let add = ["reporter", "add", "kurun-3", "--region", "62.10.01", "--config", "k.toml", "--data", "d"];
    let told = says(folder.path(), &add, 0, &[&format!("http://127.0.0.1:{}/lapangan/", ports[3])]);
    let link = told.split_whitespace().find(|word| word.contains("/lapangan/")).expect("a link");
    let form = reqwest::get(link).await.expect("the form");
    assert_eq!(form.status(), 200, "the link opens where ingest serves it");
}

#[test]
fn a_keepers_own_names_of_places_are_checked_and_read() {
    let folder = folder(&[("kabar.jsonl", GOOD)]);
    let at = folder.path();
    let regions = at.join("kamus/regions");
    std::fs::create_dir_all(&regions).expect("a folder");
    std::fs::write(regions.join("kami.toml"), "[alias]\n\"pojok kidul\" = \"35.19.99\"\n").expect("a file");
    let fault = "regions/kami.toml:2:1: 'pojok kidul': tidak ada wilayah dengan kode 35.19.99";
    says(at, &["check", "--lexicon", "kamus"], 1, &[fault, "1 kesalahan"]);
    let own =
        "[alias]\n\"pojok kidul\" = \"35.19.08.2011\"\n[area]\n\"35.19.16\" = { name = \"Caruban Anyar\" }\n";
    std::fs::write(regions.join("kami.toml"), own).expect("a file");
    says(at, &["check", "--lexicon", "kamus"], 0, &["0 kesalahan"]);
    let text = "Besok kita serbu kantor camat Caruban Anyar, bawa parang";
    says(at, &["explain", "--lexicon", "kamus", text], 0, &["35.19.16 Kec. Caruban Anyar, Kab. Madiun"]);
}

#[test]
fn judge_tells_the_place_of_a_post_that_stands_in_no_queue_too() {
    let post = GOOD.replace("selamat pagi", "selamat pagi dari Kab. Madiun");
    let folder = folder(&[("kabar.jsonl", &post)]);
    says(folder.path(), &["judge", "kabar.jsonl"], 0, &["\"queue\":\"tidak\"", "\"place\":\"35.19\""]);
}
