//! Lines that an import could not read: parked once, and gone from the dead letters when they come in.

mod common;

use common::Desk;
use common::importing::{job, line, run, write};
use ingest::import::{Import, Summary};
use stream::{Channel, Intake, Zone};

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
