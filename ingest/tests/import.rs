//! Importing files: faults are parked one by one, good lines around them are kept, and nothing is taken twice.

mod common;

use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use common::importing::{job, line, run, write};
use common::{Desk, clock};
use ingest::import::{Import as Job, ImportError, Progress, Summary, import};
use tokio_util::sync::CancellationToken;

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

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_one_home_region_are_not_taken_again_with_another_and_it_is_said_so() {
    let desk = Desk::new();
    let path = write(&desk, "kabar.jsonl", line(1) + "\n");
    let code = |code: &str| stream::RegionCode::parse(code).unwrap();
    let of = |region: &str| {
        let mut of = job(&path);
        of.intake.source_region = Some(code(region));
        of
    };
    let told = |summary: Summary| {
        let kept = summary.kept_region.map(|kept| (kept.posts, kept.regions));
        (summary.accepted, summary.already, kept)
    };
    let stays = |posts: u64, region: &str| Some((Some(posts), vec![Some(code(region))]));
    assert_eq!(told(run(&desk, &of("35.21")).await.unwrap()), (1, 0, None));
    assert_eq!(told(run(&desk, &of("35.19")).await.unwrap()), (0, 1, stays(1, "35.21")));
    assert_eq!(told(run(&desk, &of("35.21")).await.unwrap()), (0, 1, None));
    assert_eq!(told(run(&desk, &job(&path)).await.unwrap()), (0, 1, None), "no other one is asked for");
    // What is new in it comes as it is asked for; the first line stays as it came.
    write(&desk, "kabar.jsonl", line(1) + "\n" + &line(2) + "\n");
    assert_eq!(told(run(&desk, &of("35.19")).await.unwrap()), (1, 1, stays(1, "35.21")));
    let some = || Some((None, vec![Some(code("35.21"))]));
    assert_eq!(told(run(&desk, &of("35.19")).await.unwrap()), (0, 2, some()), "one of the two has it");
    write(&desk, "kabar.jsonl", line(2) + "\n");
    assert_eq!(told(run(&desk, &of("35.19")).await.unwrap()).2, some(), "the first line is gone");
    let posts = desk.posts().await.into_iter().map(|post| (post.text, post.source_region.unwrap()));
    let regions: std::collections::BTreeMap<_, _> = posts.collect();
    assert_eq!((&regions["kabar 1"], &regions["kabar 2"]), (&code("35.21"), &code("35.19")));

    let path = write(&desk, "lain.jsonl", line(3) + "\n");
    assert_eq!(told(run(&desk, &job(&path)).await.unwrap()), (1, 0, None));
    let with_one = Job { path, ..of("35.19") };
    assert_eq!(told(run(&desk, &with_one).await.unwrap()), (0, 1, Some((Some(1), vec![None]))));
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_from_before_the_time_that_the_job_names_are_counted_apart() {
    let desk = Desk::new();
    let earlier = line(2).replace("2024-11-26", "2024-11-24");
    let path = write(&desk, "kabar.jsonl", line(1) + "\n" + &earlier + "\n");
    let since = Job { old_before: "2024-11-25T00:00:00Z".parse().ok(), ..job(&path) };
    let summary = run(&desk, &since).await.unwrap();
    assert_eq!((summary.accepted, summary.old), (2, 1));
    let path = write(&desk, "lain.jsonl", earlier.replace("\"2\"", "\"3\"") + "\n");
    assert_eq!(run(&desk, &job(&path)).await.unwrap().old, 0, "without such a time none is");
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
