//! A registered reporter says that all is calm: it stands at what is open in his village, and the desk is called.

use alerts::*;
use stream::*;

use crate::support::*;

/// A registered reporter's note of calm at `place`, `minutes` after the eve.
fn calm(id: &str, place: &str, minutes: i64) -> Finding {
    let mut note = clash(id, minutes);
    note.signals.clear();
    note.calm = Some(Place { code: Some(code(place)), ..Place::default() });
    note
}

/// A house with a matter of `category` in Tiron that is proposed at SIAGA.
async fn open(house: &House, category: Category) -> IncidentId {
    let told = finding(post("a", "laporan a", 0), category, Severity::Siaga, Some(TIRON));
    house.stage.take(&[told]).await.unwrap();
    house.work().await;
    let actor = if category == Category::Kf14 { bawaslu() } else { analyst("ana") };
    house.desk.queue(&actor, &QueueFilter::default()).await.unwrap()[0].incident.id
}

/// How often the history of `id` tells of calm, and what the desk was told of it.
async fn heard(house: &House, actor: &Actor, id: IncidentId) -> (usize, Vec<String>) {
    house.work().await;
    let view = house.desk.incident(actor, id).await.unwrap();
    let lines = view.history.iter().filter(|line| line.kind == "calm").count();
    let mut paged = house.messages("meja");
    paged.retain(|text| text.contains("KABAR PELAPOR"));
    (lines, paged)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporters_note_of_calm_stands_at_what_is_open_in_his_village_and_calls_the_desk_once() {
    for house in houses().await {
        let (ana, id) = (analyst("ana"), open(&house, Category::Kf13).await);
        let before = house.only().await;
        for _ in 0..2 {
            house.stage.take(&[calm("n", TIRON, 20)]).await.unwrap();
            let (lines, paged) = heard(&house, &ana, id).await;
            assert_eq!((lines, paged.len()), (1, 1), "{paged:?}");
            assert!(paged[0].contains("pelapor terdaftar menyatakan keadaan aman, Desa Tiron"), "{paged:?}");
        }
        assert_eq!(house.only().await, before, "it is no source, and changes nothing of the matter");
        // Of a wider region he speaks for each village in it; another village is no word on this one.
        house.stage.take(&[calm("o", "35.19.08", 21), calm("p", "35.19.08.2003", 22)]).await.unwrap();
        assert_eq!(heard(&house, &ana, id).await.0, 2);
        house.desk.reject(&ana, id, "sudah dicek").await.unwrap();
        house.stage.take(&[calm("q", TIRON, 23)]).await.unwrap();
        assert_eq!(heard(&house, &ana, id).await.0, 2, "it is over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calm_before_it_began_or_about_an_official_is_no_word_on_it() {
    for house in houses().await {
        let id = open(&house, Category::Kf13).await;
        house.stage.take(&[calm("n", TIRON, -20)]).await.unwrap();
        assert_eq!(heard(&house, &analyst("ana"), id).await, (0, Vec::new()));
    }
    for house in houses().await {
        let id = open(&house, Category::Kf14).await;
        house.stage.take(&[calm("n", TIRON, 20)]).await.unwrap();
        assert_eq!(heard(&house, &bawaslu(), id).await, (0, Vec::new()));
    }
}
