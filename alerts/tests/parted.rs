//! Posts that a person takes out of an incident, on every database at hand: they stand on their own, and stay there.

mod support;

use alerts::*;
use stream::*;
use support::*;

/// The id of the post that its sender calls `id`.
fn at(id: &str) -> String {
    PostId::of_source("uji", id).as_str().to_owned()
}

async fn incident(house: &House, actor: &Actor, id: IncidentId) -> IncidentView {
    house.desk.incident(actor, id).await.unwrap()
}

async fn open(house: &House) -> i64 {
    house.desk.count(&analyst("ana"), &QueueFilter::default()).await.unwrap()
}

/// The codes of what happened to an incident, with who did it and the details.
fn story(view: &IncidentView, kind: &str) -> Vec<(String, String)> {
    let own = view.history.iter().filter(|line| line.kind == kind);
    own.map(|line| (line.actor.clone(), line.detail.clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_taken_out_stands_on_its_own_with_its_copies_and_both_histories_say_who_and_why() {
    for house in houses().await {
        let ana = analyst("ana");
        let mut copy = clash("b2", 3);
        copy.post.text = format!("RT @rekaan: {}", clash("b", 1).post.text);
        house.stage.take(&[clash("a", 0), clash("b", 1), copy, clash("c", 4)]).await.unwrap();
        let from = house.only().await;
        assert_eq!((from.posts, from.sources), (4, 3));
        let made = house.desk.part(&ana, from.id, &at("b2"), Apart::OtherEvent).await.unwrap();
        let (old, new) = (incident(&house, &ana, from.id).await, incident(&house, &ana, made).await);
        assert_eq!((old.incident.posts, old.incident.sources, old.incident.status), (2, 2, Status::Baru));
        assert_eq!((new.incident.posts, new.incident.sources, new.incident.status), (2, 1, Status::Baru));
        assert_eq!((old.posts.len(), new.posts.len(), new.posts[0].copies), (2, 1, 2));
        assert_eq!((new.incident.category, new.incident.place.clone()), (Category::Kf13, Some(code(TIRON))));
        assert_eq!(new.incident.told_at, None, "one source is told of when its time to decide is over");
        assert_eq!(story(&old, "parted"), [("ana".to_owned(), format!("{made} (other_event)"))]);
        assert_eq!(story(&new, "parted_from"), [("ana".to_owned(), format!("{} (other_event)", from.id))]);
        assert!(matches!(house.desk.check_audit().await.unwrap(), AuditCheck::Whole(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_grouping_nor_a_new_judgement_nor_a_place_puts_it_back_and_later_copies_follow_it() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let from = house.only().await.id;
        let made = house.desk.part(&ana, from, &at("b"), Apart::OtherEvent).await.unwrap();
        let mut copy = clash("b3", 20);
        copy.post.text = clash("b", 0).post.text;
        house.stage.take(&[copy, clash("d", 21)]).await.unwrap();
        let counts = async || {
            let [old, new] = [from, made].map(|id| incident(&house, &ana, id));
            (old.await.incident.posts, new.await.incident.posts)
        };
        assert_eq!((open(&house).await, counts().await), (2, (2, 2)));
        let mut again = clash("b", 1);
        again.id = "verdict-2".to_owned();
        house.stage.take(&[again]).await.unwrap();
        assert_eq!((open(&house).await, counts().await), (2, (2, 2)));
        let set = house.desk.set_place(&ana, made, &code(TIRON)).await.unwrap();
        assert_eq!(set.placed, Placed::Here { taken: Vec::new() });
        house.stage.take(&[clash("e", 30)]).await.unwrap();
        assert_eq!((open(&house).await, counts().await), (2, (3, 2)));
        // A person may put it back.
        house.desk.merge(&ana, made, from).await.unwrap();
        assert_eq!((open(&house).await, house.only().await.posts), (1, 5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_taken_out_that_is_edited_is_judged_and_grouped_as_a_new_one_unless_its_text_is_the_same() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0), clash("b", 1), clash("c", 2)]).await.unwrap();
        let from = house.only().await.id;
        let [b, c] = [at("b"), at("c")];
        let own = house.desk.part(&ana, from, &b, Apart::OtherEvent).await.unwrap();
        let other = house.desk.part(&ana, from, &c, Apart::OtherEvent).await.unwrap();
        let posts = async |id| incident(&house, &ana, id).await.incident.posts;
        let edit = |id: &str, text: &str, category, verdict: &str| {
            let mut edit = finding(clash(id, 1).post, category, Severity::Waspada, Some(support::TIRON));
            edit.post.text = text.to_owned();
            edit.post.seen_at = clash(id, 5).post.seen_at;
            (edit.id, edit.post.raw) = (verdict.to_owned(), Raw::new(text.as_bytes()));
            edit
        };
        let same = edit("b", &clash("b", 1).post.text, Category::Kf04, "satu");
        house.stage.take(&[same]).await.unwrap();
        assert_eq!(
            (posts(from).await, posts(own).await, posts(other).await),
            (1, 1, 1),
            "its text is the same"
        );
        // Another text: back where it tells of the same, elsewhere where it tells of something else.
        let back = edit("b", "ralat: perguruan di Tiron masih bentrok", Category::Kf13, "dua");
        let away = edit("c", "ralat: yang di Tiron itu tenda TPS rusak", Category::Kf04, "tiga");
        house.stage.take(&[back, away]).await.unwrap();
        assert_eq!((posts(from).await, posts(own).await, posts(other).await), (2, 0, 0));
        let own = incident(&house, &ana, own).await;
        assert_eq!(own.incident.status, Status::Ditarik);
        assert_eq!(story(&own, "moved")[0].1, format!("{from} (lexicon)"));
        assert_eq!(open(&house).await, 2, "and one of its own category");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_post_and_what_is_over_are_not_taken_apart_and_nobody_takes_from_what_is_not_theirs() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let id = house.only().await.id;
        let part =
            async |actor: &Actor, post: &str| house.desk.part(actor, id, &at(post), Apart::NoEvent).await;
        assert!(matches!(part(&ana, "a").await, Err(DeskError::Refused("only_post"))));
        assert!(matches!(part(&ana, "z").await, Err(DeskError::NotFound)));
        house.stage.take(&[clash("b", 1)]).await.unwrap();
        assert!(matches!(part(&bawaslu(), "b").await, Err(DeskError::NotFound)));
        house.desk.reject(&ana, id, "latihan").await.unwrap();
        let late = part(&ana, "b").await;
        assert!(matches!(late, Err(DeskError::Status { status: Status::Ditolak, .. })), "{late:?}");
        assert_eq!(incident(&house, &ana, id).await.incident.posts, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_has_decided_stays_decided_and_one_matter_and_what_leaves_is_undecided() {
    for confirmed in [false, true] {
        for house in houses().await {
            let ana = analyst("ana");
            let far = |id: &str, hours: i64| {
                let mut one = clash(id, hours * 60 - 600);
                one.post.author.as_mut().unwrap().handle = Some("@satu_orang".to_owned());
                one
            };
            house.stage.take(&[far("a", 0), far("b", 5), far("c", 10)]).await.unwrap();
            let id = house.only().await.id;
            if confirmed {
                house.desk.confirm(&ana, id, Some(Severity::Siaga), None).await.unwrap();
            }
            let made = house.desk.part(&ana, id, &at("b"), Apart::OtherTime).await.unwrap();
            let (old, new) =
                (incident(&house, &ana, id).await.incident, incident(&house, &ana, made).await.incident);
            assert_eq!((new.status, new.effective), (Status::Baru, None));
            // What the post joined into one falls apart again where nobody has heard of it or decided on it.
            assert_eq!((old.posts, open(&house).await), if confirmed { (2, 2) } else { (1, 3) });
            let decided = confirmed.then_some(Severity::Siaga);
            assert_eq!(old.effective, decided);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_person_has_set_the_place_of_a_matter_what_leaves_it_lies_where_it_says_itself() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.set_place(&ana, id, &code("35.19.06.2004")).await.unwrap();
        let made = house.desk.part(&ana, id, &at("b"), Apart::OtherPlace).await.unwrap();
        assert_eq!(incident(&house, &ana, made).await.incident.place, Some(code(TIRON)));
        assert_eq!(incident(&house, &ana, id).await.incident.place, Some(code("35.19.06.2004")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_officials_the_class_stays_and_bawaslu_alone_takes_apart() {
    for house in houses().await {
        let item = |id: &str, minutes| {
            let mut item = finding(post(id, id, minutes), Category::Kf14, Severity::Waspada, Some(TIRON));
            item.signals[0].subject = Some(Subject { class: SubjectClass::Kades, span: None });
            item
        };
        house.stage.take(&[item("a", 0), item("b", 1)]).await.unwrap();
        let all = house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap();
        let id = all[0].incident.id;
        assert!(house.desk.part(&analyst("ana"), id, &at("b"), Apart::OtherOfficial).await.is_err());
        let made = house.desk.part(&bawaslu(), id, &at("b"), Apart::OtherOfficial).await.unwrap();
        let mut copy = item("b2", 5);
        copy.post.text = "b".to_owned();
        let mut other = item("b3", 6);
        other.post.text = "b".to_owned();
        other.signals[0].subject = Some(Subject { class: SubjectClass::Pns, span: None });
        house.stage.take(&[copy, other]).await.unwrap();
        assert_eq!(
            incident(&house, &bawaslu(), made).await.incident.posts,
            2,
            "another class is another one"
        );
        assert_eq!(incident(&house, &bawaslu(), id).await.incident.posts, 1);
    }
}

/// Post `id` with the words of `of`.
fn copy_of(of: &Finding, id: &str, minutes: i64) -> Finding {
    let mut copy = clash(id, minutes);
    copy.post.text.clone_from(&of.post.text);
    copy
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_comes_after_what_was_taken_out_is_turned_down_comes_to_no_other_matter() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let from = house.only().await.id;
        let made = house.desk.part(&ana, from, &at("b"), Apart::NoEvent).await.unwrap();
        house.desk.reject(&ana, made, "latihan").await.unwrap();
        house.stage.take(&[copy_of(&clash("b", 1), "b2", 20)]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let new = rows.iter().map(|row| &row.incident).find(|one| one.id != from).expect("on its own");
        assert_eq!((new.follows, new.posts), (Some(made), 1));
        assert_eq!(incident(&house, &ana, from).await.incident.posts, 1);
        // Beyond the time that one session covers, too; and with it where a person merges it back.
        house.stage.take(&[copy_of(&clash("b", 1), "b3", 20 + 7 * 60)]).await.unwrap();
        assert_eq!(incident(&house, &ana, from).await.incident.posts, 1);
        house.desk.merge(&ana, new.id, from).await.unwrap();
        house.stage.take(&[copy_of(&clash("b", 1), "b4", 10)]).await.unwrap();
        assert_eq!(open(&house).await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_merged_into_what_was_taken_out_brings_its_group_along() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let from = house.only().await.id;
        let made = house.desk.part(&ana, from, &at("b"), Apart::OtherEvent).await.unwrap();
        house.desk.merge(&ana, from, made).await.unwrap();
        house.stage.take(&[clash("c", 2), copy_of(&clash("b", 1), "b2", 3)]).await.unwrap();
        let one = house.only().await;
        assert_eq!((one.id, one.posts), (made, 4));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_text_of_two_classes_of_officials_taken_out_twice_takes_each_copy_to_its_own() {
    for house in houses().await {
        let item = |id: &str, text: &str, minutes, class| {
            let mut item = finding(post(id, text, minutes), Category::Kf14, Severity::Waspada, Some(TIRON));
            item.signals[0].subject = Some(Subject { class, span: None });
            item
        };
        for (class, name) in [(SubjectClass::Kades, "k"), (SubjectClass::Pns, "p")] {
            let other = item(&format!("{name}1"), &format!("lain {name}"), 0, class);
            house.stage.take(&[other, item(&format!("{name}2"), "satu teks", 1, class)]).await.unwrap();
        }
        let all = house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap();
        for view in all {
            let post = view.posts.iter().find(|one| one.finding.post.text == "satu teks").unwrap();
            let post = post.finding.post.id.as_str().to_owned();
            house.desk.part(&bawaslu(), view.incident.id, &post, Apart::OtherOfficial).await.unwrap();
        }
        let copies = [("k3", SubjectClass::Kades), ("p3", SubjectClass::Pns)]
            .map(|(id, it)| item(id, "satu teks", 2, it));
        house.stage.take(&copies).await.unwrap();
        let all = house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap();
        let mut posts: Vec<i64> = all.iter().map(|view| view.incident.posts).collect();
        posts.sort_unstable();
        assert_eq!(posts, [1, 1, 2, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_falls_apart_lies_where_a_person_has_set_it() {
    for house in houses().await {
        let ana = analyst("ana");
        let one = |id: &str, hours: i64| {
            let mut one = clash(id, hours * 60 - 600);
            one.post.author.as_mut().unwrap().handle = Some("@satu_orang".to_owned());
            one
        };
        house.stage.take(&[one("a", 0), one("b", 5)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.set_place(&ana, id, &code(TIRON)).await.unwrap();
        let mut next = one("c", 10);
        next.signals[0].place.code = Some(code("35.19.08.2003"));
        house.stage.take(&[next]).await.unwrap();
        house.desk.part(&ana, id, &at("b"), Apart::OtherTime).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let places: Vec<_> = rows.iter().map(|row| row.incident.place.clone()).collect();
        assert_eq!(places, vec![Some(code(TIRON)); 3]);
    }
}
