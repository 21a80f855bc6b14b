//! One event told under several heads: each its own matter with its own clocks, and no office takes the second for an
//! alarm out of nowhere.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::token;

const KAPOLSEK: &str = "kapolsek-35.19.08";

/// Two sources tell of `category` at `place`, `minutes` after the eve.
async fn told(house: &House, category: Category, place: &str, minutes: i64) -> IncidentId {
    let tell = |n: i64| {
        let id = format!("{category}-{minutes}-{n}-{place}");
        finding(post(&id, &format!("laporan {id}"), minutes), category, Severity::Waspada, Some(place))
    };
    house.stage.take(&[tell(1), tell(2)]).await.unwrap();
    house.work().await;
    let filter = QueueFilter { category: Some(category), ..QueueFilter::default() };
    let rows = house.desk.queue(&analyst("ana"), &filter).await.unwrap();
    rows.iter().map(|row| row.incident.id).max().expect("it stands there")
}

/// The last message to `address`.
fn last(house: &House, address: &str) -> String {
    house.messages(address).pop().expect("a message")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_matter_at_the_same_place_points_at_the_first_and_keeps_its_own_clocks() {
    for house in houses().await {
        let ana = analyst("ana");
        let fire = told(&house, Category::Kf04, TIRON, 0).await;
        let first = last(&house, KAPOLSEK);
        assert!(first.contains("[WASPADA][KF-04] Indikasi"), "{first}");
        let number = first.split("ID ").nth(1).unwrap().split_whitespace().next().unwrap();
        house.pass(31).await;
        let threat = told(&house, Category::Kf08, TIRON, 30).await;
        let second = last(&house, KAPOLSEK);
        let mark =
            format!("[WASPADA][KF-08] PERKEMBANGAN DI DESA/KELURAHAN YANG SAMA, lihat {number}. Indikasi");
        assert!(second.contains(&mark), "{second}");
        let subject = second.lines().next().unwrap();
        assert!(
            subject.starts_with(&format!(
                "[WASPADA][KF-08] Perkembangan di desa/kelurahan yang sama, lihat {number}: "
            )),
            "{subject}"
        );
        let page = house.desk.answer_page(&token(&house, KAPOLSEK)).await.unwrap();
        assert_eq!((page.beside.map(|beside| beside.number).as_deref(), page.open), (Some(number), true));
        let supervisor = last(&house, "bawaslu-35.19");
        assert!(supervisor.contains("[KF-08] Indikasi"), "it heard of no other matter there: {supervisor}");

        let view = house.desk.incident(&ana, threat).await.unwrap();
        let clocks: Vec<&str> = view.clocks.iter().map(|clock| clock.kind.as_str()).collect();
        assert!(["unconfirmed", "climb", "repeat"].iter().all(|kind| clocks.contains(kind)), "{clocks:?}");
        let related: Vec<_> =
            view.related.iter().map(|other| (other.incident.id, other.near, other.apart_s)).collect();
        assert_eq!(related, [(fire, Near::Place, 30 * 60)]);
        let back = house.desk.incident(&ana, fire).await.unwrap().related;
        assert_eq!(back.iter().map(|other| other.incident.id).collect::<Vec<_>>(), [threat]);

        // Who has heard of the matter itself is told of its confirmation as of any other.
        house.desk.confirm(&ana, threat, None, None).await.unwrap();
        house.work().await;
        let confirmed = last(&house, KAPOLSEK);
        assert!(confirmed.contains("[WASPADA][KF-08] Indikasi"), "{confirmed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_kecamatan_a_fire_is_no_development_of_letters_that_did_not_come_but_of_a_clash() {
    for house in houses().await {
        told(&house, Category::Kf05, "35.19.08", 0).await;
        told(&house, Category::Kf04, "35.19.08", 10).await;
        assert!(last(&house, KAPOLSEK).contains("[KF-04] Indikasi"), "{}", last(&house, KAPOLSEK));
        told(&house, Category::Kf01, "35.19.08", 20).await;
        assert!(
            last(&house, KAPOLSEK).contains("[KF-01] PERKEMBANGAN DI KECAMATAN YANG SAMA"),
            "{}",
            last(&house, KAPOLSEK)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_village_another_day_and_what_was_turned_down_are_nothing_to_point_at() {
    for house in houses().await {
        let ana = analyst("ana");
        let fire = told(&house, Category::Kf04, TIRON, 0).await;
        let elsewhere = told(&house, Category::Kf08, "35.19.08.2003", 10).await;
        assert!(last(&house, KAPOLSEK).contains("[KF-08] Indikasi"), "{}", last(&house, KAPOLSEK));
        assert!(house.desk.incident(&ana, elsewhere).await.unwrap().related.is_empty());
        house.desk.reject(&ana, fire, "sampah dibakar warga").await.unwrap();
        house.work().await;
        let cancelled = told(&house, Category::Kf11, TIRON, 20).await;
        assert!(last(&house, KAPOLSEK).contains("[KF-11] Indikasi"), "{}", last(&house, KAPOLSEK));
        let related = house.desk.incident(&ana, cancelled).await.unwrap().related;
        assert_eq!(related.len(), 1, "the desk sees what was turned down, too");
        assert_eq!(related[0].incident.status, Status::Ditolak);
        house.pass(7 * 60).await;
        let later = told(&house, Category::Kf01, TIRON, 7 * 60).await;
        assert!(last(&house, KAPOLSEK).contains("[KF-01] Indikasi"), "{}", last(&house, KAPOLSEK));
        assert!(house.desk.incident(&ana, later).await.unwrap().related.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_on_bawaslus_desk_is_no_neighbour_of_what_stands_on_the_analysts() {
    for house in houses().await {
        let aide = finding(post("n", "netral", 0), Category::Kf14, Severity::Waspada, Some(TIRON));
        house.stage.take(&[aide]).await.unwrap();
        let fight = told(&house, Category::Kf13, TIRON, 5).await;
        assert!(house.desk.incident(&analyst("ana"), fight).await.unwrap().related.is_empty());
        let findings = house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap();
        assert!(findings[0].related.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_of_one_village_sees_the_neighbours_that_may_lie_there_and_nothing_of_the_next_village() {
    for house in houses().await {
        let fight = told(&house, Category::Kf01, TIRON, 0).await;
        told(&house, Category::Kf04, "35.19.08", 10).await;
        told(&house, Category::Kf11, "35.19.08", 20).await;
        let beside = |view: IncidentView| (view.maybe_same.len(), view.related.len());
        let wide = house.desk.incident(&analyst("ana"), fight).await.unwrap();
        assert_eq!(beside(wide), (2, 2));
        let villager = Actor { regions: vec![code(TIRON)], ..analyst("tia") };
        assert_eq!(beside(house.desk.incident(&villager, fight).await.unwrap()), (2, 2));
        let next = Actor { regions: vec![code("35.19.08.2003")], ..analyst("tio") };
        assert!(house.desk.incident(&next, fight).await.is_err());
        assert_eq!(house.desk.queue(&next, &QueueFilter::default()).await.unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_turned_down_is_nothing_to_point_at_once_it_is_merged_either() {
    for house in houses().await {
        let ana = analyst("ana");
        let fire = told(&house, Category::Kf04, TIRON, 0).await;
        house.desk.reject(&ana, fire, "sampah dibakar warga").await.unwrap();
        let nowhere = finding(post("n", "entah di mana", 5), Category::Kf04, Severity::Waspada, None);
        house.stage.take(&[nowhere]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let open = rows.iter().find(|row| row.incident.place.is_none()).unwrap().incident.id;
        house.desk.merge(&ana, fire, open).await.unwrap();
        house.work().await;
        sqlx::query("UPDATE notifications SET state = 'failed' WHERE incident = $1")
            .bind(open.0)
            .execute(house.alerts.db.pool())
            .await
            .unwrap();
        told(&house, Category::Kf11, TIRON, 20).await;
        assert!(last(&house, KAPOLSEK).contains("[KF-11] Indikasi"), "{}", last(&house, KAPOLSEK));
    }
}
