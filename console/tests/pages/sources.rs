//! The pages of sources, switches and offices.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;

#[tokio::test]
async fn a_kill_switch_is_turned_with_a_reason_and_shows_until_it_is_turned_back() {
    let world = World::new(false).await;
    let client = world.sign_in("oki", DeskRole::Ops, &[]).await;
    let turn = [("scope", "region:62.10"), ("reason", "latihan")];
    assert_eq!(client.post("/sumber/sakelar", &turn).await.status, StatusCode::SEE_OTHER);
    let page = client.get("/sumber").await.body;
    assert!(page.contains("<b class=\"gapline\">Kab. Gunung Mas") && page.contains("(62.10)</b>"), "{page}");
    let back = [("scope", "region:62.10"), ("reason", "selesai"), ("off", "1")];
    assert_eq!(client.post("/sumber/sakelar", &back).await.status, StatusCode::SEE_OTHER);
    assert!(!client.get("/sumber").await.body.contains("<b class=\"gapline\">Kab. Gunung Mas"));
    for (odd, told) in [("semua", "62.10 atau Gunung Mas"), ("Sukajadi", "beberapa wilayah")] {
        let page = client.post("/sumber/sakelar", &[("scope", odd), ("reason", "x")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
        assert!(page.body.contains(told), "{odd}: {}", page.body);
    }
    // As the form shows it: a code, a name, a channel.
    let form = client.get("/sumber").await.body;
    assert!(form.contains("placeholder=\"62.10, Gunung Mas, atau email\""), "{form}");
    for (typed, scope) in
        [("62.10", "region:62.10"), ("gunung mas", "region:62.10"), ("email", "channel:email")]
    {
        let turn = |off: &'static str| [("scope", typed), ("reason", "latihan"), ("off", off)];
        assert_eq!(client.post("/sumber/sakelar", &turn("")).await.status, StatusCode::SEE_OTHER, "{typed}");
        let held = format!("name=\"scope\" value=\"{scope}\"");
        assert!(client.get("/sumber").await.body.contains(&held), "{typed}");
        assert_eq!(client.post("/sumber/sakelar", &turn("1")).await.status, StatusCode::SEE_OTHER, "{typed}");
        assert!(!client.get("/sumber").await.body.contains(&held), "{typed}");
    }
}

#[tokio::test]
async fn the_page_of_sources_counts_what_the_queue_shows_and_says_whose_the_switch_is() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let shown = ani.get("/antrean").await.body.matches("data-row=").count();
    let page = ani.get("/sumber").await.body;
    assert!(
        page.contains(&format!("insiden terbuka</dt><dd class=\"num\">{shown}</dd>")),
        "{shown} in {page}"
    );
    assert!(page.contains("Hanya admin dan ops"));
    // Who is no technician reads what each part does, and its name stands beside for who is.
    for words in [
        "penilaian (classify)",
        "insiden dan pemberitahuan (alerts)",
        "arsip pencarian (archive)",
        "hasil penilaian (findings)",
        "langkah otomatis (pengingat, penerusan ke atasan) yang terlambat dijalankan mesin",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains("Topik") && !page.contains("tenggat"), "{page}");
    let oki = world.sign_in("oki", DeskRole::Ops, &[]).await;
    assert!(!oki.get("/sumber").await.body.contains("Hanya admin dan ops"));
}

#[tokio::test]
async fn offices_that_nobody_can_be_reached_in_are_known_beforehand_within_the_accounts_regions() {
    let world = World::new(false).await;
    let ani = world.sign_in("ani", DeskRole::Analis, &["62.10"]).await;
    let page = ani.get("/pejabat").await.body;
    assert!(page.contains("Kab. Gunung Mas") && page.contains("Bupati/Wali Kota, Dandim"), "{page}");
    assert!(!page.contains("Pamekasan") && page.contains("jabatan belum ada kontak"), "{page}");
    assert_eq!(ani.get("/pejabat?wilayah=35.28").await.status, StatusCode::NOT_FOUND);
    let kurun = ani.get("/pejabat?wilayah=62.10.02").await.body;
    assert!(kurun.contains("Belum ada kontak:") && !kurun.contains("kurun-camat"), "{kurun}");
    let budi = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    assert_eq!(budi.get("/pejabat").await.status, StatusCode::FORBIDDEN);
}
