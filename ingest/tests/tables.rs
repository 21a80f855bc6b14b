//! Importing tables: columns by their map, faults by line, rows counted.

mod common;

use std::path::Path;

use common::Desk;
use common::importing::{job, run, write};
use ingest::import::Mapping;
use stream::{Channel, Intake, Zone};

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
