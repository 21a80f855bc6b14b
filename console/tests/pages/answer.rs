//! An officer's page on a phone: it shows on GET, takes one answer, and tells how the matter ended.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;
use crate::common::made::{Made, finding};

#[tokio::test]
async fn an_answer_page_fits_a_weak_phone_shows_on_get_and_takes_one_answer() {
    let world = World::new(true).await;
    world.day().await;
    let phone = world.phone();
    let link = world.links().await.remove(0);
    let page = phone.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    let style = page.body.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let style = phone.get(style).await;
    assert_eq!(style.status, StatusCode::OK);
    let size = page.body.len() + style.body.len();
    assert!(size < 14_000, "{size} bytes");
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
    assert_eq!(page.body.matches("<button").count(), 4);
    for part in [
        "SIMULASI",
        "<h1>Indikasi ",
        "Gunung Mas",
        "Kepastian",
        "BELUM",
        "Sumber",
        "Belum diketahui",
        "KTG-",
        "WIB",
        "110",
        "Meja analis: <a href=\"tel:08001234567\">0800-123-4567</a>",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    let offered: Vec<usize> = alerts::Answer::OFFERED
        .iter()
        .map(|answer| page.body.find(&format!("value=\"{answer}\"")).expect("it is offered"))
        .collect();
    assert!(offered.is_sorted(), "in the order of the message");
    for private in ["Warga Rekaan", "serbu kantor", "terbakar,", "1 tahu 2"] {
        assert!(!page.body.contains(private), "{private}");
    }

    // Looking changes nothing, however often.
    assert_eq!(phone.get(&link).await.body, page.body);
    let got = phone.raw_post(&link, &[("jawaban", "menuju")]).await;
    assert_eq!((got.status, got.header("location")), (StatusCode::SEE_OTHER, link.as_str()));
    let used = phone.get(&link).await.body;
    assert!(used.contains("Menuju lokasi") && !used.contains("<button"));
    // A second press does not change the first answer.
    phone.raw_post(&link, &[("jawaban", "aman")]).await;
    assert!(phone.get(&link).await.body.contains("Menuju lokasi"));
}

#[tokio::test]
async fn an_officer_whose_matter_was_turned_down_reads_that_nobody_is_to_go() {
    let world = World::new(false).await;
    world.day().await;
    let phone = world.phone();
    let id = world.id_of("KF-04").await;
    let number = format!("<dd>{id}<");
    let mut links = Vec::new();
    for link in world.links().await {
        let page = phone.get(&link).await.body;
        if page.contains(&number) && page.contains("<button") {
            links.push(link);
        }
    }
    let (going, silent) = (&links[0], &links[1]);
    phone.raw_post(going, &[("jawaban", "menuju")]).await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    client.post(&format!("/kejadian/{id}/tolak"), &[("reason", "bukan kejadian di Kurun")]).await;
    for link in [going, silent] {
        let page = phone.get(link).await.body;
        let told = page.find("Dibatalkan: tidak perlu berangkat").expect("it says so");
        assert!(told < page.find("Indikasi ").unwrap(), "above everything else: {page}");
        for gone in ["perlu verifikasi", "Belum diketahui", "NORMAL", "<button", "bukan kejadian di Kurun"] {
            assert!(!page.contains(gone), "{gone}: {page}");
        }
        assert_eq!(page.contains("Menuju lokasi"), link == going, "the answer stays: {page}");
    }
    // Pressed on a page that was open since before: the same page, not an unknown link.
    let pressed = phone.raw_post(silent, &[("jawaban", "menuju")]).await;
    assert_eq!((pressed.status, pressed.header("location")), (StatusCode::SEE_OTHER, silent.as_str()));
}

#[tokio::test]
async fn the_bare_address_says_in_both_languages_what_it_is_for() {
    let world = World::new(false).await;
    let front = world.phone().get("/").await;
    assert_eq!(front.status, StatusCode::OK);
    for said in ["Alamat untuk petugas lapangan", "The address for officers in the field", "110"] {
        assert!(front.body.contains(said), "{said}: {}", front.body);
    }
    assert!(!front.body.contains("<script") && !front.body.contains("<form"));
}

#[tokio::test]
async fn a_forged_or_cut_link_shows_nothing_of_any_matter() {
    let world = World::new(false).await;
    world.day().await;
    let phone = world.phone();
    let link = world.links().await.remove(0);
    let cut = &link[..link.len() - 3];
    for bad in [cut, "/j/x", "/j/x.y"] {
        for got in [phone.get(bad).await, phone.raw_post(bad, &[("jawaban", "aman")]).await] {
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{bad}");
            assert!(!got.body.contains("KTG-") && got.body.contains("Tautan tidak dikenal"), "{bad}");
        }
    }
    let odd = phone.raw_post(&link, &[("jawaban", "mungkin")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.body.contains("bukan salah satu jawaban") && odd.body.contains("<button"), "{}", odd.body);
    assert!(!odd.body.contains("Tautan tidak dikenal"));
    let odd = phone.raw_post(cut, &[("jawaban", "mungkin")]).await;
    assert!(odd.status == StatusCode::NOT_FOUND && odd.body.contains("Tautan tidak dikenal"));
    assert!(phone.get(&link).await.body.contains("<button"));
}

#[tokio::test]
async fn a_link_of_an_office_complained_of_by_now_opens_shows_no_news_and_takes_its_answer() {
    let world = World::new(false).await;
    world.day().await;
    let made = Made {
        category: "KF-02",
        severity: "SIAGA",
        place: Some("62.10.02"),
        text: "Kapolsek mengancam warga, besok serbu kantor KPU Kurun",
        words: "serbu kantor KPU",
        own_id: "99",
        reporter: false,
    };
    let mut complaint = finding(world.clock.now(), &made);
    let region = stream::RegionCode::parse("62.10.02").unwrap();
    complaint.signals[0].accused =
        Some(stream::Accused { role: stream::Role::Kapolsek, region: Some(region), span: None });
    world.take(&[complaint]).await;
    let (phone, mut withheld) = (world.phone(), Vec::new());
    for link in world.links().await {
        let page = phone.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        if page.body.contains("tidak ditampilkan lagi") {
            assert!(!page.body.contains("Kepastian") && page.body.contains("<button"), "{}", page.body);
            withheld.push(link);
        }
    }
    let link = withheld.first().expect("the Kapolsek was told before");
    phone.raw_post(link, &[("jawaban", "aman")]).await;
    assert!(phone.get(link).await.body.contains("Jawaban sudah diterima"));
}
