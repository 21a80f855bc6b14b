//! `import` and `dead-letters` as a newcomer uses them: what cannot be read, and what is asked of it.

use super::{BROKEN, GOOD, MISSPELT, folder, kentongan, run, said, says};

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
    assert!(listed.contains("sumber / bagian") && !listed.contains("pembaca"), "{listed}");
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
    says(
        at,
        &["dead-letters", "drop", "999", "--data", "d"],
        1,
        &["nomor 999; lihat kentongan dead-letters list --data d"],
    );
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
    let kept = "2 unggahan dari berkas ini sudah ada di sini dengan wilayah asal 35.19, dan tetap begitu";
    import("35.20", 1, &["0 unggahan masuk", kept]);
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
