//! What becomes of incidents whose posts are judged anew, on every database at hand.

mod support;

use alerts::*;
use stream::*;
use support::*;

/// The verdict of another lexicon on the post of `clash(id, 0)`.
fn anew(id: &str, category: Category, severity: Severity, lexicon: &str) -> Finding {
    let again = finding(clash(id, 0).post, category, severity, Some(TIRON));
    Finding { id: format!("{lexicon} {id}"), lexicon: lexicon.to_owned(), ..again }
}

async fn view(house: &House, id: i64) -> IncidentView {
    house.desk.incident(&analyst("ana"), IncidentId(id)).await.unwrap()
}

/// The lines of history of the kinds that tell where posts went.
fn left(view: &IncidentView) -> Vec<(&str, &str)> {
    let lines = view.history.iter().map(|line| (line.kind.as_str(), line.detail.as_str()));
    lines.filter(|(kind, _)| ["moved", "dropped", "withdrawn", "rejected"].contains(kind)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_emptied_by_new_judgements_was_turned_down_by_nobody_and_says_where_its_posts_went() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let moved = anew("a", Category::Kf01, Severity::Siaga, "0123456789abcdef");
        house.stage.take(&[moved]).await.unwrap();
        let first = view(&house, 1).await;
        assert_eq!((first.incident.status, first.incident.posts), (Status::Ditarik, 0));
        assert_eq!(first.incident.certainty(), Certainty::Withdrawn);
        assert_eq!(left(&first), [("moved", "KTG-2 (0123456789ab)"), ("withdrawn", "")]);
        assert_eq!((first.incident.closing_note, first.actions), (None, Vec::new()));

        // What is for Bawaslu alone is named to no analyst.
        house.stage.take(&[anew("a", Category::Kf14, Severity::Waspada, "fedcba9876543210")]).await.unwrap();
        let second = view(&house, 2).await;
        assert_eq!(second.incident.status, Status::Ditarik);
        assert_eq!(left(&second), [("dropped", "fedcba987654"), ("withdrawn", "")]);
    }
}

/// The clocks that run for an incident, each with its minutes since the eve.
async fn clocks(house: &House, id: i64) -> Vec<(String, i64)> {
    let clocks = view(house, id).await.clocks.into_iter();
    let mut all: Vec<_> = clocks.map(|it| (it.kind, (it.due.as_second() - eve().as_second()) / 60)).collect();
    all.sort();
    all
}

fn at(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|(kind, minute)| ((*kind).to_owned(), *minute)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_level_falls_before_anybody_is_told_the_time_to_decide_is_that_of_the_lower_one() {
    for house in houses().await {
        house.stage.take(&[anew("a", Category::Kf13, Severity::Awas, "satu")]).await.unwrap();
        assert_eq!(clocks(&house, 1).await, at(&[("desk", 5), ("unconfirmed", 5)]));
        house.pass(2).await;
        assert_eq!(house.messages("meja").len(), 1);
        house.stage.take(&[anew("a", Category::Kf13, Severity::Siaga, "dua")]).await.unwrap();
        assert_eq!(clocks(&house, 1).await, at(&[("desk", 30), ("unconfirmed", 30)]));
        house.pass(20).await;
        assert_eq!(house.messages("meja").len(), 1, "it was paged of what was graver");
        house.stage.take(&[anew("a", Category::Kf13, Severity::Waspada, "tiga")]).await.unwrap();
        assert_eq!(clocks(&house, 1).await, at(&[("unconfirmed", 240)]));
        house.pass(217).await;
        assert_eq!(house.told(), ["meja"]);
        house.pass(1).await;
        assert_eq!(house.messages(&format!("kades-{TIRON}")).len(), 1);
        // Graver again: its own clocks from now on, and the desk was paged of it.
        house.stage.take(&[anew("b", Category::Kf13, Severity::Awas, "tiga")]).await.unwrap();
        assert_eq!(clocks(&house, 1).await[1..], at(&[("desk", 245), ("repeat", 300), ("unconfirmed", 245)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_level_falls_after_offices_were_told_superiors_hear_at_its_pace_and_nobody_twice() {
    for house in houses().await {
        let told = [("a", Severity::Siaga), ("b", Severity::Waspada), ("c", Severity::Waspada)];
        let told = told.map(|(id, severity)| anew(id, Category::Kf13, severity, "satu"));
        house.stage.take(&told).await.unwrap();
        house.pass(30).await;
        assert_eq!(clocks(&house, 1).await[0], ("climb".to_owned(), 60));
        house.pass(5).await;
        let before: usize = house.told().iter().map(|office| house.messages(office).len()).sum();
        let post = PostId::of_source("uji", "a");
        let ana = analyst("ana");
        house.desk.part(&ana, IncidentId(1), post.as_str(), Apart::NoEvent).await.unwrap();
        assert_eq!(view(&house, 1).await.incident.proposed, Severity::Waspada);
        assert_eq!(clocks(&house, 1).await, at(&[("climb", 30 + 240), ("repeat", 90)]));
        house.work().await;
        let after: usize = house.told().iter().map(|office| house.messages(office).len()).sum();
        assert_eq!(after, before + 1, "the desk alone is paged of the one that was taken out");
        house.pass(54).await;
        let message = |office: &str| house.messages(office).pop().unwrap();
        house.pass(1).await;
        assert!(message(&format!("kades-{TIRON}")).contains("PENGINGAT"), "{:?}", house.told());
        assert!(!message(&format!("kades-{TIRON}")).contains("SIAGA"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_version_of_a_post_that_comes_again_takes_nothing_from_the_later_one() {
    for house in houses().await {
        let first = anew("a", Category::Kf13, Severity::Siaga, "satu");
        let mut later = anew("a", Category::Kf01, Severity::Waspada, "satu");
        later.post.text.push_str(", diperbarui");
        later.post.seen_at = at_minute(5);
        later.id = Finding::id_of(&later.post, "satu", "1");
        house.stage.take(&[first.clone(), later.clone()]).await.unwrap();
        let stands = house.only().await;
        assert_eq!(stands.category, Category::Kf01);
        house.stage.take(&[first]).await.unwrap();
        assert_eq!(house.only().await, stands);
        // Seen at the same time, by another lexicon: that is a new judgement.
        later.signals[0].severity = Severity::Siaga;
        house.stage.take(&[Finding { id: "dua a".to_owned(), ..later }]).await.unwrap();
        assert_eq!(house.only().await.proposed, Severity::Siaga);
    }
}

fn at_minute(minutes: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(eve().as_second() + minutes * 60).unwrap()
}
