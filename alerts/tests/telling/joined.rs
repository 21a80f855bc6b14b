//! Incidents merged into one: a decision on either reaches whoever was told of the other, once.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::token;

/// The queue's incidents but those `known`, the newest number last.
async fn others(house: &House, known: &[IncidentId]) -> Vec<IncidentId> {
    let rows = house.desk.queue(&analyst("ana"), &QueueFilter::default()).await.unwrap();
    let mut others: Vec<IncidentId> =
        rows.iter().map(|row| row.incident.id).filter(|id| !known.contains(id)).collect();
    others.sort();
    others
}

/// How many messages to `address` there are, and the last of them.
fn heard(house: &House, address: &str) -> (usize, String) {
    let all = house.messages(address);
    (all.len(), all.last().cloned().unwrap_or_default())
}

const KADES: &str = "kades-35.19.08.2011";
const BHABIN: &str = "bhabin-35.19.08.2011";

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_of_an_undecided_matter_hears_once_that_the_one_merged_with_it_is_confirmed() {
    for into_decided in [false, true] {
        for house in houses().await {
            house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
            house.work().await;
            let open = house.only().await.id;
            let grave = finding(post("c", "diserang", 0), Category::Kf01, Severity::Siaga, Some(TIRON));
            house.stage.take(&[grave]).await.unwrap();
            let (ana, decided) = (analyst("ana"), others(&house, &[open]).await[0]);
            house.desk.confirm(&ana, decided, None, None).await.unwrap();
            house.work().await;
            assert_eq!(heard(&house, KADES).0, 1, "a clash of crowds is not told to him first");
            let before = heard(&house, BHABIN).0;
            let (from, into) = if into_decided { (open, decided) } else { (decided, open) };
            house.desk.merge(&ana, from, into).await.unwrap();
            house.work().await;
            let (count, news) = heard(&house, KADES);
            assert!(count == 2 && news.contains("[SIAGA][KF-"), "{news}");
            assert!(news.contains("dikonfirmasi analis") && news.contains("/j/"), "{news}");
            assert_eq!(heard(&house, BHABIN).0, before, "he knows");
            house.stage.take(&[clash("d", 2)]).await.unwrap();
            house.work().await;
            assert_eq!(heard(&house, KADES).0, 2, "once");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_answered_the_undecided_matter_hears_that_the_answer_holds() {
    for house in houses().await {
        let told = |id: &str, n| {
            finding(post(id, &format!("laporan {id}"), n), Category::Kf13, Severity::Siaga, Some(TIRON))
        };
        house.stage.take(&[told("a", 0), told("b", 1)]).await.unwrap();
        house.work().await;
        house.desk.answer(&token(&house, KADES), Answer::Menuju).await.unwrap();
        let open = house.only().await.id;
        let grave = finding(post("c", "diserang", 0), Category::Kf01, Severity::Siaga, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        let decided = others(&house, &[open]).await[0];
        house.desk.confirm(&analyst("ana"), decided, None, None).await.unwrap();
        house.desk.merge(&analyst("ana"), decided, open).await.unwrap();
        house.work().await;
        let news = heard(&house, KADES).1;
        assert!(news.contains("KABAR") && news.contains("tetap berlaku: Menuju lokasi"), "{news}");
        assert!(!news.contains("/j/"), "{news}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_post_that_bridges_a_confirmed_matter_and_one_told_as_unverified_tells_of_the_decision() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.pass(240).await;
        let (camat, first) = ("camat-35.19.08", house.only().await.id);
        assert!(heard(&house, camat).1.contains("BELUM terverifikasi"));
        house.stage.take(&[clash("c", 500)]).await.unwrap();
        let second = others(&house, &[first]).await[0];
        house.desk.confirm(&analyst("ana"), second, None, None).await.unwrap();
        house.work().await;
        let before = (heard(&house, camat).0, heard(&house, KADES).0);
        house.stage.take(&[clash("d", 250)]).await.unwrap();
        house.work().await;
        assert_eq!(house.only().await.id, first);
        let (count, news) = heard(&house, camat);
        assert!(count == before.0 + 1 && news.contains("dikonfirmasi analis"), "{news}");
        assert_eq!(heard(&house, KADES).0, before.1, "he was told when it was decided");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_a_matter_turned_down_tells_nobody_of_the_one_it_is_merged_into() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let (ana, link, rejected) = (analyst("ana"), token(&house, KADES), house.only().await.id);
        house.desk.reject(&ana, rejected, "latihan").await.unwrap();
        house.stage.take(&[clash("c", 2)]).await.unwrap();
        let open = house.only().await.id;
        assert_ne!(open, rejected);
        // The cancellation has not left yet, and leaves all the same.
        house.desk.merge(&ana, rejected, open).await.unwrap();
        house.work().await;
        let told = house.messages(KADES);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().any(|text| text.contains("[DIBATALKAN]")), "{told:?}");
        let anew = told.iter().find(|text| text.contains(&format!("ID {open}"))).unwrap();
        assert!(anew.contains("Indikasi") && anew.contains("/j/"), "it is told as what it is now: {anew}");
        let page = house.desk.answer_page(&link).await.unwrap();
        let ended = page.ended.map(|ended| ended.status);
        assert_eq!((ended, page.open), (Some(Status::Ditolak), false), "the old link says what holds for it");
    }
}

/// A post of `category` in Tiron, AWAS as it tells of `tag`.
fn grave(id: &str, category: Category, tag: &str) -> Finding {
    let mut told = finding(post(id, &format!("laporan {id}"), 0), category, Severity::Awas, Some(TIRON));
    told.signals[0].tags = vec![tag.to_owned()];
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_a_fact_stands_for_no_decision_and_whoever_was_told_without_it_is_asked() {
    for house in houses().await {
        let tells = |id: &str| grave(id, Category::Kf13, "ada_korban");
        house.stage.take(&[tells("a"), tells("b")]).await.unwrap();
        house.work().await;
        let open = house.only().await.id;
        house.stage.take(&[grave("c", Category::Kf01, "ada_api")]).await.unwrap();
        let (ana, decided) = (analyst("ana"), others(&house, &[open]).await[0]);
        house.desk.confirm(&ana, decided, None, Some("ditelepon balik")).await.unwrap();
        house.work().await;
        assert_eq!(heard(&house, KADES).0, 1, "at once, as a proposal");
        house.desk.merge(&ana, open, decided).await.unwrap();
        house.work().await;
        let told = house.messages(KADES);
        let asked = told.iter().filter(|text| text.contains("dikonfirmasi analis") && text.contains("/j/"));
        assert_eq!(asked.filter(|text| text.contains("[AWAS]")).count(), 1, "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_of_bawaslus_that_was_released_and_turned_down_releases_none_that_it_is_merged_into() {
    for house in houses().await {
        let item = |id: &str, class| {
            let mut item = finding(post(id, id, 0), Category::Kf14, Severity::Waspada, Some(TIRON));
            item.signals[0].subject = Some(Subject { class, span: None });
            item
        };
        let (budi, first, second) = (bawaslu(), IncidentId(1), IncidentId(2));
        house.stage.take(&[item("a", SubjectClass::Lurah)]).await.unwrap();
        house.desk.release(&budi, first, "layak ditelusuri").await.unwrap();
        house.desk.reject(&budi, first, "salah orang").await.unwrap();
        house.stage.take(&[item("b", SubjectClass::Kades)]).await.unwrap();
        house.desk.merge(&budi, first, second).await.unwrap();
        let view = house.desk.incident(&budi, second).await.unwrap();
        assert!(!view.incident.released, "nobody has released it");
        house.desk.release(&budi, second, "layak").await.unwrap();
        assert!(house.desk.incident(&budi, second).await.unwrap().forwarded());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_of_an_open_matter_hears_that_the_finished_one_merged_into_it_was_confirmed() {
    for house in houses().await {
        let told = finding(post("c", "diserang", 0), Category::Kf01, Severity::Siaga, Some(TIRON));
        house.stage.take(&[told]).await.unwrap();
        let (ana, finished) = (analyst("ana"), house.only().await.id);
        house.desk.confirm(&ana, finished, None, None).await.unwrap();
        house.desk.finish(&ana, finished, "sudah tenang").await.unwrap();
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let open = others(&house, &[finished]).await[0];
        house.desk.merge(&ana, finished, open).await.unwrap();
        house.work().await;
        let into = house.desk.incident(&ana, open).await.unwrap().incident;
        assert_eq!((into.status, into.effective), (Status::Dikonfirmasi, Some(Severity::Siaga)));
        let (count, news) = heard(&house, KADES);
        assert!(count == 2 && news.contains("dikonfirmasi analis") && news.contains("/j/"), "{news}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_heard_by_the_climb_of_a_matter_decided_by_a_merge_hears_of_no_second_decision_below_it() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let open = house.only().await.id;
        let ana = analyst("ana");
        let of = |id: &str, category, severity| finding(post(id, id, 0), category, severity, Some(TIRON));
        house.stage.take(&[of("c", Category::Kf01, Severity::Siaga)]).await.unwrap();
        let graver = others(&house, &[open]).await[0];
        house.desk.confirm(&ana, graver, None, None).await.unwrap();
        house.desk.merge(&ana, graver, open).await.unwrap();
        house.pass(240).await;
        let kesbangpol = "kesbangpol-35.19";
        let before = heard(&house, kesbangpol);
        assert!(before.0 > 0, "it climbed");
        house.stage.take(&[of("d", Category::Kf06, Severity::Waspada)]).await.unwrap();
        let milder = others(&house, &[open]).await[0];
        house.desk.confirm(&ana, milder, None, None).await.unwrap();
        house.desk.merge(&ana, milder, open).await.unwrap();
        house.work().await;
        assert_eq!(heard(&house, kesbangpol), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_of_one_of_two_merged_matters_is_news_to_those_of_the_other_alone() {
    for house in houses().await {
        let ana = analyst("ana");
        for (id, category, tag) in [("a", Category::Kf13, "ada_api"), ("b", Category::Kf01, "ada_korban")] {
            house.stage.take(&[grave(id, category, tag)]).await.unwrap();
            let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
            let new = rows.iter().find(|row| row.incident.status == Status::Baru).unwrap().incident.id;
            house.desk.confirm(&ana, new, None, Some("ditelepon balik")).await.unwrap();
            house.work().await;
        }
        house.desk.merge(&ana, IncidentId(2), IncidentId(1)).await.unwrap();
        house.work().await;
        let news = |address: &str| {
            let all = house.messages(address).into_iter();
            all.filter(|text| text.contains("] KABAR:")).collect::<Vec<_>>()
        };
        let kades = news(KADES);
        assert!(kades.len() == 1 && kades[0].contains("menyebut korban, belum"), "{kades:?}");
        assert!(news(BHABIN).is_empty(), "he was told of both");
        house.stage.take(&[grave("c", Category::Kf13, "ada_korban")]).await.unwrap();
        house.work().await;
        assert_eq!((news(KADES).len(), news(BHABIN).len()), (1, 0));
    }
}
