//! Importing files: faults are parked one by one, good lines around them are kept, and nothing is taken twice.

mod common;

use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use common::{Desk, clock};
use ingest::import::{Import, ImportError, Mapping, Progress, Summary, import};
use stream::{Channel, Intake, Zone};
use tokio_util::sync::CancellationToken;

fn line(id: usize) -> String {
    format!(r#"{{"id":"{id}","channel":"x","posted_at":"2024-11-26T21:00:00+07:00","text":"kabar {id}"}}"#)
}

fn job(path: &Path) -> Import {
    Import { threads: 2, ..Import::new(path, Intake::new("import", common::at("2024-11-27T00:00:00Z"))) }
}

async fn run(desk: &Desk, job: &Import) -> Result<Summary, ImportError> {
    import(job, &desk.bus, &clock(), &CancellationToken::new(), &mut |_| ()).await
}

fn write(desk: &Desk, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = desk.dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_are_parked_with_file_line_field_and_reason_and_good_ones_are_kept() {
    let desk = Desk::new();
    let lines = [
        &line(1),
        "",
        r#"{"id":"b","channel":"friendster","posted_at":"2024-11-26T21:00:00Z","text":"a"}"#,
        &line(2),
        "{\"id\": broken",
        &format!(
            r#"{{"id":"c","channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"{}"}}"#,
            "a".repeat(70_000)
        ),
        &"x".repeat(3_000_000),
        r#"{"id":"d","channel":"x","posted_at":"2024-11-26 21:00","text":"a"}"#,
        &line(3),
    ];
    let path = write(&desk, "kabar.jsonl", lines.join("\r\n"));
    let summary = run(&desk, &job(&path)).await.unwrap();
    assert_eq!((summary.accepted, summary.parked, summary.finished), (3, 5, true));
    assert_eq!(desk.texts().await, ["kabar 1", "kabar 2", "kabar 3"]);
    let reasons = desk.reasons().await;
    for (reason, parts) in reasons.iter().zip([
        ["kabar.jsonl, line 3", "channel", "'friendster'"],
        ["kabar.jsonl, line 5", "not JSON", "column"],
        ["kabar.jsonl, line 6", "text", "65536"],
        ["kabar.jsonl, line 7", "3000002 bytes", "262144"],
        ["kabar.jsonl, line 8", "posted_at", "no zone"],
    ]) {
        assert!(parts.iter().all(|part| reason.contains(part)), "{reason}");
    }
    assert_eq!(summary.faults.len(), 5);
    assert_eq!(desk.letters().await[0].bytes(), lines[2].as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_adds_nothing_and_a_grown_one_only_what_is_new() {
    let desk = Desk::new();
    let mut text: String = (0..5000).map(|id| line(id) + "\n").collect();
    let path = write(&desk, "kabar.jsonl", &text);
    assert_eq!(run(&desk, &job(&path)).await.unwrap().accepted, 5000);
    let again = run(&desk, &job(&path)).await.unwrap();
    assert_eq!((again.accepted, again.already, again.finished), (0, 5000, true));

    // Grown by a line that is not finished yet.
    text.push_str(&line(5000));
    write(&desk, "kabar.jsonl", &text);
    assert_eq!(run(&desk, &job(&path)).await.unwrap().accepted, 1);
    assert_eq!(run(&desk, &job(&path)).await.unwrap().accepted, 0);
    text.push('\n');
    text.push_str(&line(5001));
    text.push('\n');
    write(&desk, "kabar.jsonl", &text);
    let grown = run(&desk, &job(&path)).await.unwrap();
    assert_eq!((grown.accepted, grown.changed), (2, false));
    let ids: std::collections::HashSet<_> = desk.posts().await.into_iter().map(|post| post.id).collect();
    assert_eq!(ids.len(), 5002);

    // Changed before the place it was read to: read anew, the same lines with the same ids.
    let changed = text.replacen("kabar 7\"", "ralat 7\"", 1);
    write(&desk, "kabar.jsonl", &changed);
    let corrected = run(&desk, &job(&path)).await.unwrap();
    assert_eq!((corrected.accepted, corrected.changed), (5002, true), "and it is said so");
    let posts = desk.posts().await;
    let ids_now: std::collections::HashSet<_> = posts.iter().map(|post| post.id.clone()).collect();
    assert_eq!(ids_now, ids);
    assert!(posts.iter().any(|post| post.text == "ralat 7"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_came_as_old_are_not_taken_again_as_live_and_it_is_said_so() {
    let desk = Desk::new();
    let path = write(&desk, "kabar.jsonl", line(1) + "\n");
    let mut live = job(&path);
    live.intake.as_if_live = true;
    let told = |summary: Summary| (summary.accepted, summary.already, summary.stays_old);
    assert_eq!(told(run(&desk, &job(&path)).await.unwrap()), (1, 0, false));
    assert_eq!(told(run(&desk, &live).await.unwrap()), (0, 1, true));
    assert_eq!(told(run(&desk, &job(&path)).await.unwrap()), (0, 1, false));
    // What is new in it comes as it is asked for; the first line stays as it came.
    write(&desk, "kabar.jsonl", line(1) + "\n" + &line(2) + "\n");
    assert_eq!(told(run(&desk, &live).await.unwrap()), (1, 1, true));
    assert_eq!(told(run(&desk, &live).await.unwrap()), (0, 2, true));
    let came: Vec<bool> = desk.posts().await.iter().map(|post| post.as_if_live).collect();
    assert_eq!(came.iter().filter(|live| **live).count(), 1, "{came:?}");

    let path = write(&desk, "lain.jsonl", line(3) + "\n");
    live.path = path.clone();
    assert_eq!(told(run(&desk, &live).await.unwrap()), (1, 0, false));
    assert_eq!(told(run(&desk, &job(&path)).await.unwrap()), (0, 1, false));
    assert_eq!(told(run(&desk, &live).await.unwrap()), (0, 1, false));
}

fn faulty(id: &str) -> String {
    format!(r#"{{"id":"{id}","chanel":"x","posted_at":"2024-11-26T21:00:00Z","text":"a"}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_cannot_be_read_is_parked_once_and_counted_as_long_as_it_waits() {
    let desk = Desk::new();
    let lines = [line(1), faulty("a"), "rusak".to_owned(), line(2), faulty("a")];
    let path = write(&desk, "kabar.jsonl", lines.join("\n") + "\n");
    let told = |summary: &Summary| (summary.accepted, summary.already, summary.parked, summary.waiting);
    let first = run(&desk, &job(&path)).await.unwrap();
    assert_eq!(told(&first), (2, 0, 2, 1), "the same line twice is one letter");
    let second = run(&desk, &job(&path)).await.unwrap();
    assert_eq!(told(&second), (0, 2, 0, 3), "they still cannot be read");
    assert_eq!(desk.letters().await.len(), 2);

    // One is mended: the file is read anew, and what still cannot be read is not parked again.
    let mended = [line(1), line(9), "rusak".to_owned(), line(2), faulty("b")];
    write(&desk, "kabar.jsonl", mended.join("\n") + "\n");
    let third = run(&desk, &job(&path)).await.unwrap();
    assert_eq!(told(&third), (3, 0, 1, 1));
    assert_eq!(third.faults.len(), 2);
    assert_eq!(desk.letters().await.len(), 3);
    // The same bytes from another source are another matter.
    let other = Import { intake: Intake { source: "lain".to_owned(), ..job(&path).intake }, ..job(&path) };
    assert_eq!(run(&desk, &other).await.unwrap().parked, 2);

    // Tried again with a channel for all, the misspelt ones come in; the other keeps file and line.
    let intake = Intake {
        channel: Some(Channel::X),
        ..Intake::new("dead-letters", common::at("2024-11-27T00:00:00Z"))
    };
    let retried = desk.bus.retry(|letter| ingest::again(letter, &intake)).await.unwrap();
    assert_eq!((retried.returned.len(), retried.parked.len()), (3, 2));
    for letter in desk.letters().await {
        assert!(letter.reason.starts_with("kabar.jsonl, line 3: not JSON"), "{}", letter.reason);
        let told = ingest::letter_reason(lexicons::Lang::Id, &letter);
        assert!(told.starts_with("kabar.jsonl, baris 3: Bukan JSON"), "{told}");
    }
    let last = run(&desk, &job(&path)).await.unwrap();
    assert_eq!(told(&last), (0, 4, 0, 1), "what came in with the retry no longer counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_stand_as_posts_and_were_parked_for_want_of_a_zone_leave_the_dead_letters() {
    let desk = Desk::new();
    let table = "id,channel,posted_at,text\n1,x,23/11/2024 05.40,satu\n2,x,31/13/2024 07.10,dua\n3,x,2024-11-23 06.00,tiga";
    let path = write(&desk, "lembar.csv", table);
    let without = job(&path);
    let with = Import { intake: Intake { zone: Some(Zone::Wib), ..without.intake.clone() }, ..job(&path) };
    let told = |summary: &Summary| {
        (summary.accepted, summary.already, summary.parked, summary.waiting, summary.cured)
    };
    assert_eq!(told(&run(&desk, &with).await.unwrap()), (2, 0, 1, 0, 0));
    let forgotten = run(&desk, &without).await.unwrap();
    assert_eq!(told(&forgotten), (0, 0, 2, 1, 0));
    // The value stands there as in the file.
    let said = ingest::line_cause(lexicons::Lang::Id, &forgotten.faults[0].cause);
    assert!(said.starts_with("Waktu 23/11/2024 05.40 pada isian posted_at"), "{said}");
    assert_eq!(told(&run(&desk, &with).await.unwrap()), (0, 2, 0, 1, 2));
    assert_eq!(desk.letters().await.len(), 1, "what nobody can read stays");
    assert_eq!(told(&run(&desk, &with).await.unwrap()), (0, 2, 0, 1, 0));
    // A letter of the same line and other words is no matter of this file.
    let other = write(&desk, "lembar.csv", table.replace("satu", "lain"));
    run(&desk, &Import { path: other, ..without.clone() }).await.unwrap();
    let before = desk.letters().await.len();
    write(&desk, "lembar.csv", table);
    run(&desk, &with).await.unwrap();
    assert!(desk.reasons().await.len() < before && desk.letters().await.len() == 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_cut_between_its_lines_and_its_place_parks_nothing_twice() {
    let desk = Desk::new();
    let path = write(&desk, "kabar.jsonl", faulty("a") + "\n" + &line(1) + "\n");
    run(&desk, &job(&path)).await.unwrap();
    // As after a kill before the place was remembered: the file under another name has no place.
    let copy = write(&desk, "salinan.jsonl", faulty("a") + "\n" + &line(1) + "\n");
    let again = run(&desk, &job(&copy)).await.unwrap();
    assert_eq!((again.accepted, again.parked, again.waiting), (1, 0, 1));
    assert_eq!(
        run(&desk, &job(&copy)).await.unwrap().waiting,
        1,
        "also when the letter names the other file"
    );
    assert_eq!(desk.letters().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_cut_goes_on_where_it_stopped() {
    let desk = Desk::new();
    let text: String = (0..60_000).map(|id| line(id) + "\n").collect();
    let path = write(&desk, "kabar.jsonl", &text);
    let mut accepted = 0;
    let mut rounds = 0;
    loop {
        rounds += 1;
        let stop = CancellationToken::new();
        let cut = stop.clone();
        let summary = import(&job(&path), &desk.bus, &clock(), &stop, &mut |_| cut.cancel()).await.unwrap();
        assert_eq!(summary.already, accepted);
        accepted += summary.accepted;
        if summary.finished {
            break;
        }
    }
    assert!(rounds > 2, "{rounds} rounds");
    assert_eq!(accepted, 60_000);
    let posts = desk.posts().await;
    assert_eq!(posts.len(), 60_000, "nothing twice, nothing missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_file_is_unpacked_and_a_damaged_one_keeps_what_could_be_read() {
    let desk = Desk::new();
    let text: String = (0..50_000).map(|id| line(id) + "\n").collect();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let path = write(&desk, "utuh.jsonl.gz", &packed);
    let mut last = None;
    let stop = CancellationToken::new();
    let summary =
        import(&job(&path), &desk.bus, &clock(), &stop, &mut |progress| last = Some(progress.clone())).await;
    assert_eq!(summary.unwrap().accepted, 50_000);
    let last = last.unwrap();
    assert_eq!((last.bytes_done, last.bytes_total), (packed.len() as u64, Some(packed.len() as u64)));

    let desk = Desk::new();
    let path = write(&desk, "rusak.jsonl.gz", &packed[..packed.len() / 2]);
    let error = run(&desk, &job(&path)).await.unwrap_err();
    assert!(matches!(error, ImportError::Read { line, .. } if line > 1000), "{error}");
    let kept = desk.posts().await.len();
    // Whole again, it goes on from there.
    write(&desk, "rusak.jsonl.gz", &packed);
    assert_eq!(run(&desk, &job(&path)).await.unwrap().accepted as usize + kept, 50_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_pipe_is_served_line_by_line_and_a_fast_one_whole() {
    let desk = Desk::new();
    let (read, mut pipe) = std::io::pipe().unwrap();
    let job = job(Path::new(&format!("/proc/self/fd/{}", read.as_raw_fd())));
    let bus = desk.bus.clone();
    let (tell, told) = tokio::sync::watch::channel(0);
    let importing = tokio::spawn(async move {
        let mut progress = |progress: &Progress| {
            tell.send_replace(progress.accepted);
        };
        import(&job, &bus, &clock(), &CancellationToken::new(), &mut progress).await
    });
    // What the import says is on the bus is there; the time only ends a test that would wait for ever.
    let there = async |count: usize| {
        let mut told = told.clone();
        let enough = told.wait_for(|accepted| *accepted >= count as u64);
        tokio::time::timeout(std::time::Duration::from_secs(120), enough).await.unwrap().unwrap();
        assert_eq!(desk.posts().await.len(), count);
    };
    // One line and the beginning of the next: the pipe stays open.
    let next = line(2) + "\n";
    pipe.write_all(format!("{}\n{}", line(1), &next[..20]).as_bytes()).unwrap();
    there(1).await;
    pipe.write_all(&next.as_bytes()[20..]).unwrap();
    there(2).await;
    let many: String = (3..20_000).map(|id| line(id) + "\n").collect();
    let writing = std::thread::spawn(move || pipe.write_all(many.as_bytes()).unwrap());
    let summary = importing.await.unwrap().unwrap();
    writing.join().unwrap();
    assert_eq!((summary.accepted, summary.finished), (19_999, true));
    assert_eq!(desk.posts().await.len(), 19_999);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_read_by_its_map_and_its_faults_are_parked_by_line() {
    let desk = Desk::new();
    let table = "\u{feff}No;Waktu;Isi;Lintang;Bujur\n\
        1;27/11/2024 07.30;\"Ramai; \"\"sekali\"\"\nsampai sore\";-1,25;113,9\n\
        2;27/11/2024 08.00;papan 2\" x 3 roboh;;\n\
        3;kemarin;tanpa waktu;;\n\
        4;27/11/2024 09.00;kurang sel\n\
        5;27/11/2024 09.30;lintang salah;-123;113\n\
        6;27/11/2024 10.00;\"kutip tak tertutup;;\n\
        7;27/11/2024 10.30;tetap terbaca;;\n";
    let path = write(&desk, "laporan.csv", table);
    let mut job = job(&path);
    job.map = Mapping::parse("text=Isi,posted_at=Waktu,id=No,geo.lat=Lintang,geo.lon=Bujur").unwrap();
    job.intake.zone = Some(Zone::Wib);
    job.intake.channel = Some(Channel::Lapangan);
    job.intake.as_if_live = true;
    let summary = run(&desk, &job).await.unwrap();
    assert_eq!((summary.accepted, summary.parked), (3, 4), "{:?}", summary.faults);
    let posts = desk.posts().await;
    let first = posts.iter().find(|post| post.sender_id.as_deref() == Some("1")).unwrap();
    assert_eq!(first.text, "Ramai; \"sekali\"\nsampai sore");
    assert_eq!(first.posted_at.to_string(), "2024-11-27T00:30:00Z");
    assert_eq!(first.geo.map(|geo| (geo.lat, geo.lon)), Some((-1.25, 113.9)));
    assert!(first.as_if_live);
    assert!(first.raw.bytes().unwrap().starts_with(b"1;27/11/2024 07.30;"));
    let lines: Vec<u64> = summary.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [5, 6, 7, 8]);
    let reasons = desk.reasons().await;
    for (reason, part) in
        reasons.iter().zip(["'kemarin'", "3 cells, the header has 5", "geo.lat", "never closed"])
    {
        assert!(reason.contains(part), "{reason}");
    }
    assert_eq!(run(&desk, &job).await.unwrap().accepted, 0);
    // A line whose time has no zone comes in once one is given: it keeps the channel that was given for the table.
    let path = write(&desk, "lain.csv", "No,Waktu,Isi\n9,27/11/2024 11.00,tanpa zona\n");
    job.path = path;
    job.map = Mapping::parse("text=Isi,posted_at=Waktu,id=No").unwrap();
    job.intake.zone = None;
    assert_eq!(run(&desk, &job).await.unwrap().parked, 1);
    let letter = desk.letters().await.pop().unwrap();
    let intake =
        Intake { zone: Some(Zone::Wib), ..Intake::new("dead-letters", common::at("2024-11-27T00:00:00Z")) };
    ingest::again(&letter, &intake).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_tried_again_in_vain_is_told_by_the_columns_of_its_table() {
    let desk = Desk::new();
    let table = "No,Waktu,Isi,Kanal\n1,kemarin,halo,x\n2,,halo,x\n3,2024-11-26 07:00,halo,\n";
    let mut job = job(&write(&desk, "laporan.csv", table));
    job.map = Mapping::parse("text=Isi,posted_at=Waktu,id=No,channel=Kanal").unwrap();
    assert_eq!(run(&desk, &job).await.unwrap().parked, 3);
    let told = async || -> Vec<String> {
        let letters = desk.letters().await;
        letters.iter().map(|letter| ingest::letter_reason(lexicons::Lang::Id, letter)).collect()
    };
    let first = told().await;
    for (told, part) in
        first.iter().zip(["Waktu berisi 'kemarin'", "kolom Waktu kosong", "kolom Kanal kosong"])
    {
        assert!(told.contains(part), "{told}");
    }
    let intake = Intake::new("dead-letters", common::at("2024-11-27T00:00:00Z"));
    for _ in 0..2 {
        desk.bus.retry(|letter| ingest::again(letter, &intake)).await.unwrap();
        assert_eq!(told().await, first);
    }
    // With a channel for all, the third is at fault by its time, which no zone was given for.
    let intake = Intake { channel: Some(Channel::X), ..intake };
    desk.bus.retry(|letter| ingest::again(letter, &intake)).await.unwrap();
    let now = told().await;
    assert_eq!(now[..2], first[..2]);
    assert!(now[2].contains("isian Waktu tidak menyebut zona") && now[2].contains("--tz"), "{}", now[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_the_needed_columns_is_refused_before_anything_is_taken() {
    let desk = Desk::new();
    let path = write(&desk, "laporan.csv", "Waktu,Isi\n2024-11-27T07:00:00Z,halo\n");
    let error = run(&desk, &job(&path)).await.unwrap_err().to_string();
    assert!(error.contains("laporan.csv, line 1") && error.contains("--map text=COLUMN"), "{error}");
    let told = ingest::import_error(lexicons::Lang::Id, &run(&desk, &job(&path)).await.unwrap_err());
    assert!(told.contains("laporan.csv, baris 1: Tidak ada kolom untuk text"), "{told}");
    let latin = write(&desk, "latin.csv", b"teks\xe9,posted_at\n");
    assert!(run(&desk, &job(&latin)).await.unwrap_err().to_string().contains("UTF-8"));
    let missing = run(&desk, &job(Path::new("/tidak/ada.jsonl"))).await.unwrap_err();
    assert!(missing.to_string().contains("/tidak/ada.jsonl"));
    assert!(desk.posts().await.is_empty() && desk.letters().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_bus_is_waited_out_and_nothing_is_lost() {
    let desk = Desk::new();
    let text: String = (0..30_000).map(|id| line(id) + "\n").collect();
    let path = write(&desk, "kabar.jsonl", &text);
    let small = tempfile::tempdir().unwrap();
    let full = common::open(small.path(), 1 << 20);
    // A reader that has not read: nothing may be deleted to make room.
    drop(full.subscribe("reader", &[stream::Topic::Posts]).await.unwrap());
    let stop = CancellationToken::new();
    let (mut waited, cut) = (None, stop.clone());
    let summary = import(&job(&path), &full, &clock(), &stop, &mut |progress| {
        if let Some(reason) = &progress.waiting {
            waited = Some(reason.clone());
            cut.cancel();
        }
    })
    .await;
    let before = summary.unwrap();
    assert!(!before.finished && before.accepted < 30_000);
    assert!(waited.unwrap().get(lexicons::Lang::Id).contains("bus penuh"));
    // With room again, the rest comes in.
    drop(full);
    let roomy = Desk { bus: common::open(small.path(), 1 << 30), dir: small };
    let after =
        import(&job(&path), &roomy.bus, &clock(), &CancellationToken::new(), &mut |_| ()).await.unwrap();
    assert_eq!(before.accepted + after.accepted, 30_000);
    let ids: std::collections::HashSet<_> = roomy.posts().await.into_iter().map(|post| post.id).collect();
    assert_eq!(ids.len(), 30_000);
}

/// What the test below kills: imports as long as it is let.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the child of the test below, which runs it"]
async fn child_that_imports() {
    let dir = PathBuf::from(std::env::var_os("KENTONGAN_IMPORT_CHILD").expect("set by the parent"));
    let bus = common::open(&dir, 1 << 30);
    let path = dir.join("kabar.jsonl");
    import(&job(&path), &bus, &clock(), &CancellationToken::new(), &mut |_| ()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_killed_again_and_again_loses_nothing_and_repeats_little() {
    const LINES: usize = 100_000;
    let desk = Desk::new();
    let text: String = (0..LINES).map(|id| line(id) + "\n").collect();
    let path = write(&desk, "kabar.jsonl", &text);
    let mut cut = 0;
    for round in 0..8_u64 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_imports", "--ignored"])
            .env("KENTONGAN_IMPORT_CHILD", desk.dir.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(120 + 53 * round)).await;
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            cut += 1;
        }
        child.wait().unwrap();
    }
    assert!(cut > 0, "no child lived long enough to be killed");
    run(&desk, &job(&path)).await.unwrap();
    let posts = desk.posts().await;
    let ids: std::collections::HashSet<_> = posts.iter().map(|post| post.id.clone()).collect();
    assert_eq!(ids.len(), LINES);
    // A kill between publishing a chunk and remembering it repeats that chunk (a megabyte), no more.
    assert!(posts.len() <= LINES + cut * 12_000, "{} records after {cut} kills", posts.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_table_are_counted_without_its_header_and_with_a_last_line_that_has_no_end() {
    let desk = Desk::new();
    let table =
        "id,channel,posted_at,text\n1,x,2024-11-26T07:00:00Z,\"dua\nbaris\"\n\n2,x,2024-11-26T08:00:00Z,halo";
    let path = write(&desk, "laporan.csv", table);
    assert_eq!(run(&desk, &job(&path)).await.unwrap().accepted, 2);
    let again = run(&desk, &job(&path)).await.unwrap();
    assert_eq!((again.accepted, again.already), (0, 2));
    // Grown: the last row is read once more, the first is not.
    write(&desk, "laporan.csv", format!("{table} lagi\n3,x,2024-11-26T09:00:00Z,baru\n"));
    let grown = run(&desk, &job(&path)).await.unwrap();
    assert_eq!((grown.accepted, grown.already), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_zone_makes_readable_lies_in_the_dead_letters_no_more_however_often_it_is_imported() {
    for (name, text) in [
        (
            "kabar.csv",
            "id,channel,posted_at,text\n1,x,2024-11-26 07:00,halo\n2,x,,tanpa waktu\n3,x,2024-11-26 08:00,tiga\n",
        ),
        (
            "kabar.jsonl",
            "{\"id\":\"1\",\"channel\":\"x\",\"posted_at\":\"2024-11-26 07:00\",\"text\":\"halo\"}\nrusak\n\
             {\"id\":\"3\",\"channel\":\"x\",\"posted_at\":\"2024-11-26 08:00\",\"text\":\"tiga\"}\n",
        ),
    ] {
        let desk = Desk::new();
        let path = write(&desk, name, text);
        let mut zoned = job(&path);
        zoned.intake.zone = Some(Zone::Wib);
        let told = |summary: &Summary| (summary.accepted, summary.parked, summary.waiting, summary.cured);
        assert_eq!(told(&run(&desk, &job(&path)).await.unwrap()), (0, 3, 0, 0), "{name}");
        assert_eq!(told(&run(&desk, &job(&path)).await.unwrap()), (0, 0, 3, 0), "{name}");
        assert_eq!(desk.letters().await.len(), 3);
        assert_eq!(told(&run(&desk, &zoned).await.unwrap()), (2, 0, 1, 2), "{name}");
        assert_eq!(desk.letters().await.len(), 1, "what came in is no dead letter any more");
        for job in [&zoned, &job(&path)] {
            assert_eq!(told(&run(&desk, job).await.unwrap()), (0, 0, 1, 0), "{name}");
        }
        assert_eq!((desk.letters().await.len(), desk.posts().await.len()), (1, 2));
    }
}
