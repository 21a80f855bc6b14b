//! Copies of one text that names no place, on every database at hand: one line of the queue, wherever a person puts it.

mod support;

use alerts::*;
use stream::*;
use support::*;

/// A call that names no place, as told by post `id`.
fn call(id: &str, text: &str, category: Category, minutes: i64) -> Finding {
    finding(post(id, text, minutes), category, Severity::Siaga, None)
}

async fn queue(house: &House) -> Vec<Incident> {
    let rows = house.desk.queue(&analyst("ana"), &QueueFilter::default()).await.unwrap();
    rows.into_iter().map(|row| row.incident).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_a_text_without_place_are_one_incident_and_one_source() {
    for house in houses().await {
        let text = "Besok kita bakar kantornya";
        for n in 0..40 {
            let copy = format!("RT @rekaan: {text}! https://contoh.id/{n}");
            house.stage.take(&[call(&n.to_string(), &copy, Category::Kf04, n * 5)]).await.unwrap();
        }
        let one = house.only().await;
        assert_eq!((one.posts, one.sources, one.place), (40, 1, None));
        assert_eq!(house.desk.incident(&analyst("ana"), one.id).await.unwrap().posts[0].copies, 40);
        // Another text, another category and another day stay apart.
        let others = [
            call("lain", "Besok kita bakar gudangnya", Category::Kf04, 5),
            call("lain-kategori", text, Category::Kf02, 5),
            call("besok", text, Category::Kf04, 40 * 5 + 361),
        ];
        house.stage.take(&others).await.unwrap();
        assert_eq!(queue(&house).await.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_go_where_a_person_has_put_the_first_of_them() {
    for house in houses().await {
        let ana = analyst("ana");
        let (text, other) = ("ayo datangi balai desanya", "sudah mulai ramai di sana");
        house
            .stage
            .take(&[call("a", text, Category::Kf02, 0), call("b", other, Category::Kf02, 1)])
            .await
            .unwrap();
        let of = async |words: &str| {
            let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
            rows.into_iter().find(|row| row.excerpt.contains(words)).unwrap().incident
        };
        house.desk.set_place(&ana, of("balai").await.id, &code(TIRON)).await.unwrap();
        house.stage.take(&[call("c", text, Category::Kf02, 5)]).await.unwrap();
        let at = queue(&house).await.into_iter().find(|one| one.place == Some(code(TIRON))).unwrap();
        assert_eq!((at.posts, at.sources), (2, 1));
        // Merged by a person into the matter that has a place: it keeps the place, and a copy follows.
        house.desk.merge(&ana, of("ramai").await.id, at.id).await.unwrap();
        house.stage.take(&[call("d", other, Category::Kf02, 6)]).await.unwrap();
        let one = house.only().await;
        assert_eq!((one.posts, one.sources, one.place), (4, 2, Some(code(TIRON))));
        // What is over takes no more: the copy stands on its own again.
        house.desk.reject(&ana, one.id, "rekaan").await.unwrap();
        house.stage.take(&[call("e", text, Category::Kf02, 7)]).await.unwrap();
        assert_eq!(house.only().await.place, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_without_place_takes_none_from_the_matter_it_is_merged_into() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let known = house.only().await;
        house.stage.take(&[call("b", "bentrok di desa sebelah", Category::Kf13, 5)]).await.unwrap();
        let lost = queue(&house).await.into_iter().find(|one| one.place.is_none()).unwrap();
        house.desk.merge(&ana, lost.id, known.id).await.unwrap();
        assert_eq!(house.only().await.place, Some(code(TIRON)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forward_with_words_added_is_no_further_source() {
    for house in houses().await {
        let tell = async |id: &str, text: &str, minutes: i64| {
            let mut told = post(id, text, minutes);
            told.author = Some(Author { handle: Some(format!("@rekaan_{id}")), ..Author::default() });
            house.stage.take(&[finding(told, Category::Kf13, Severity::Siaga, Some(TIRON))]).await.unwrap();
        };
        let text = "Massa bawa celurit dan parang kumpul di depan balai desa, polisi belum datang";
        tell("a", text, 0).await;
        for (n, copy) in [
            format!("RT @info: {text}"),
            format!("{text}!!"),
            format!("Fwd info grup sebelah: {text}"),
            format!("{text}, sebarkan!"),
            format!("RT: {text}!!"),
            format!("Terusan: {text}"),
            format!("Mohon info apa benar, dapat dari grup ibu-ibu arisan: {text} hati-hati semua"),
        ]
        .iter()
        .enumerate()
        {
            tell(&format!("salinan{n}"), copy, 1).await;
            assert_eq!(house.only().await.sources, 1, "{copy}");
        }
        house.work().await;
        assert_eq!(house.told(), ["meja"], "one source waits for the desk's clock");
        // Who tells the same in words of his own is a second one, also in the same few words.
        tell("b", "Saya lihat massa bawa celurit kumpul di depan balai desa, warga pada takut", 2).await;
        assert_eq!(house.only().await.sources, 2);
        house.work().await;
        assert!(house.told().len() > 1, "and is told at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn short_reports_in_the_same_few_words_are_two_and_a_merge_finds_the_copies() {
    for house in houses().await {
        let ana = analyst("ana");
        let tell = async |id: &str, text: &str, place: Option<&str>| {
            let mut told = post(id, text, 0);
            told.author = Some(Author { handle: Some(format!("@rekaan_{id}")), ..Author::default() });
            house.stage.take(&[finding(told, Category::Kf13, Severity::Siaga, place)]).await.unwrap();
        };
        tell("a", "Bentrok warga di Tiron", Some(TIRON)).await;
        tell("b", "Ada bentrok warga di Tiron lagi", Some(TIRON)).await;
        assert_eq!(house.only().await.sources, 2);
        // Two that a person puts together are compared anew.
        let text = "rombongan pendekar turun dari truk lalu memukuli orang yang sedang lewat";
        tell("c", text, None).await;
        tell("d", &format!("kiriman tetangga kampung: {text}"), None).await;
        let into = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let into = into.iter().find(|row| row.incident.place.is_some()).unwrap().incident.id;
        for row in house.desk.queue(&ana, &QueueFilter::default()).await.unwrap() {
            if row.incident.place.is_none() {
                house.desk.merge(&ana, row.incident.id, into).await.unwrap();
            }
        }
        let one = house.only().await;
        assert_eq!((one.posts, one.sources), (4, 3));
    }
}
