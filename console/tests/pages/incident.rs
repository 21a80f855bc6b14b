//! The page of one incident: what, why, where, who.

use alerts::DeskRole;
use axum::http::StatusCode;
use stream::PostId;

use crate::common::World;
use crate::common::made::{Made, finding};

#[tokio::test]
async fn the_page_of_an_incident_says_what_why_where_and_who() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-02").await;
    let page = client.get(&format!("/kejadian/{id}")).await.body;
    for part in [
        "Ajakan menyerbu kantor penyelenggara",
        "KF-02-serbu-kantor",
        "serbu kantor KPU",
        "Kena aturan, tetapi dibatalkan",
        "62.10.02",
        "Sudah diberi tahu",
        "Danramil",
        "Riwayat",
        "bukan status keadaan konflik",
        "akun-",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&#60;script&#62;alert") || page.contains("&lt;script&gt;alert"));
}

#[tokio::test]
async fn a_place_is_found_by_name_and_set_and_a_made_up_code_is_refused() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-12").await);
    let many = client.get(&format!("{path}?tempat=Sukamaju")).await.body;
    assert_eq!(many.matches("name=\"code\"").count(), 12, "{many}");
    assert!(many.contains(" lagi: tambahkan kecamatan"), "{many}");
    let half = client.get(&format!("{path}?tempat=Bujur,%20Pamekasan")).await.body;
    assert!(half.contains("Desa Bujur Barat") && !half.contains(" lagi: tambahkan"), "{half}");
    let found = client.get(&format!("{path}?tempat=Kurun%20Gunung%20Mas")).await.body;
    assert!(found.contains("value=\"62.10.02\""), "no kecamatan Kurun among what was found");
    let set = format!("{path}/tempat");
    assert_eq!(client.post(&set, &[("code", "99.99")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(client.post(&set, &[("code", "62.10.02")]).await.status, StatusCode::SEE_OTHER);
    assert!(client.get(&path).await.body.contains("<h1>Kec. Kurun, Kab. Gunung Mas"));
}

#[tokio::test]
async fn a_place_known_to_the_province_or_the_kabupaten_is_told_as_deep_as_it_is_known() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-02").await);
    let known = [
        ("62", "sampai provinsi", "sampai kabupaten"),
        ("62.10", "sampai kabupaten/kota", "sampai provinsi"),
    ];
    for (code, said, not_said) in known {
        client.post(&format!("{path}/tempat"), &[("code", code)]).await;
        let page = client.get(&path).await.body;
        assert!(page.contains(said) && !page.contains(not_said), "{code}");
    }
}

#[tokio::test]
async fn an_area_of_a_lexicon_exchanged_while_the_desk_is_open_is_found_set_and_called_by_name() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-12").await);
    let set = format!("{path}/tempat");
    let new = [("code", "62.10.88")];
    assert_eq!(client.post(&set, &new).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("regions")).unwrap();
    let area = "[area]\n\"62.10.88\" = { name = \"Ambalau Hulu\" }\n";
    std::fs::write(folder.path().join("regions").join("kami.toml"), area).unwrap();
    lexicons::Lexicon::load(Some(folder.path())).unwrap().adopt_land();
    let found = client.get(&format!("{path}?tempat=Ambalau%20Hulu")).await.body;
    assert!(found.contains("value=\"62.10.88\""), "the new kecamatan is not among what was found");
    assert_eq!(client.post(&set, &new).await.status, StatusCode::SEE_OTHER);
    assert!(client.get(&path).await.body.contains("<h1>Kec. Ambalau Hulu, Kab. Gunung Mas"));
    let written = world.alerts.writer.place(&"62.10.88".parse().unwrap());
    assert_eq!(written, "Kec. Ambalau Hulu, Kab. Gunung Mas (62.10.88)");
    lexicons::Lexicon::builtin().adopt_land();
    assert!(client.get(&path).await.body.contains("<h1>62.10.88"));
}

#[tokio::test]
async fn a_post_without_an_author_shows_none() {
    let world = World::new(false).await;
    let made = Made {
        category: "KF-05",
        severity: "SIAGA",
        place: Some("62.10.02"),
        text: "kotak suara belum datang di TPS 3",
        words: "belum datang",
        own_id: "tanpa-nama",
        reporter: false,
    };
    let mut nameless = finding(world.clock.now(), &made);
    nameless.post.author = None;
    world.take(&[nameless]).await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let page = client.get(&format!("/kejadian/{}", world.id_of("KF-05").await)).await.body;
    assert!(page.contains("tidak disebut") && !page.contains("akun-"));
}

#[tokio::test]
async fn an_author_is_revealed_with_a_reason_that_stands_in_the_audit() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-04").await);
    let page = client.get(&path).await.body;
    let post = page.split("name=\"post\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let reveal = format!("{path}/penulis");
    let without = client.post(&reveal, &[("post", post), ("reason", " ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let got = client.post(&reveal, &[("post", post), ("reason", "cek keselamatan")]).await;
    assert!(got.body.contains("Warga Rekaan 1"));
    assert!(got.header("refresh").starts_with("120;"));
    assert!(!client.get(&path).await.body.contains("Warga Rekaan 1"));
    let admin = alerts::Actor { name: "admin".into(), role: DeskRole::Admin, regions: Vec::new() };
    let rows = world.state.desk.audit_rows(&admin, 20).await.unwrap();
    let row = rows.iter().find(|row| row.action == "reveal").expect("a row of the audit");
    assert!(row.actor == "ani" && row.detail.contains("cek keselamatan"));
}

#[tokio::test]
async fn a_place_that_merges_an_incident_into_another_says_so() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}?kabar=placed_merged", world.id_of("KF-02").await);
    let page = ani.get(&format!("{path}&dari=KTG-99")).await.body;
    assert!(page.contains("KTG-99 digabung ke insiden ini"), "{page}");
    assert!(!ani.get(&format!("{path}&dari=%3Cb%3Ex")).await.body.contains("<b>x"));
}

#[tokio::test]
async fn a_place_that_takes_another_incident_in_says_which_and_why() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let own = world.id_of("KF-12").await;
    let made = Made {
        category: "KF-12",
        severity: "WASPADA",
        place: Some("35.19.08.2003"),
        text: "Portal kebun ditutup warga lagi.",
        words: "ditutup warga",
        own_id: "90",
        reporter: false,
    };
    world.take(&[finding(world.clock.now(), &made)]).await;
    let done = ani.post(&format!("/kejadian/{own}/tempat"), &[("code", "35.19.08")]).await;
    let there = done.header("location").to_owned();
    assert!(there.starts_with(&format!("/kejadian/{own}?kabar=placed_taken&dari=KTG-")), "{there}");
    let taken = there.split("dari=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().to_owned();
    let page = ani.get(&there).await.body;
    assert!(page.contains(&format!("{taken} digabung ke insiden ini, yang lebih dulu terjadi")), "{page}");
    let village = lexicons::gazetteer::Gazetteer::in_use();
    let village = village.name(&stream::RegionCode::parse("35.19.08.2003").unwrap()).unwrap().to_owned();
    assert!(page.contains(&village), "{page}");
}

#[tokio::test]
async fn a_post_that_is_no_part_of_the_incident_is_taken_out_on_its_page_with_a_reason() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-02").await;
    let path = format!("/kejadian/{id}");
    let page = ani.get(&path).await.body;
    let form = page.split("/keluarkan").nth(1).expect("the form beside a post").to_owned();
    assert!(form.contains("<option value=\"other_place\">tempat lain") && !form.contains("pejabat lain"));
    let post = form.split("name=\"post\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let out = format!("{path}/keluarkan");
    let bare = ani.post(&out, &[("post", post), ("why", "")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.body.contains(&format!("href=\"{path}\"")), "no way back to the incident");
    let done = ani.post(&out, &[("post", post), ("why", "other_place")]).await;
    let there = done.header("location").to_owned();
    assert!(there.ends_with(&format!("?kabar=parted&dari={id}")), "{there}");
    let own = ani.get(&there).await.body;
    assert!(own.contains(&format!("Dikeluarkan dari {id}. Insiden ini berdiri sendiri")), "{own}");
    assert!(own.contains(&format!("Dikeluarkan dari {id} (tempat lain)")), "{own}");
    let left = ani.get(&path).await.body;
    assert!(left.contains("Unggahan dikeluarkan menjadi KTG-") && left.contains("1 sumber"), "{left}");
    assert!(!left.contains("/keluarkan"), "the last one is turned down");
}

#[tokio::test]
async fn a_post_taken_out_to_where_the_account_does_not_reach_leads_back_to_its_incident() {
    let world = World::new(false).await;
    let made = |text, own_id, place| Made {
        category: "KF-02",
        severity: "WASPADA",
        place: Some(place),
        text,
        words: "serbu",
        own_id,
        reporter: false,
    };
    let own = made("Ayo serbu kantor", "71", "62.10.02.1001");
    let beyond = made("Besok kita serbu", "72", "62.10.02.1012");
    let now = world.clock.now();
    world.take(&[finding(now, &own), finding(now, &beyond)]).await;
    let id = world.id_of("KF-02").await;
    let ani = world.sign_in("ani", DeskRole::Analis, &["62.10.02.1001"]).await;
    let post = PostId::of_source("kabar-rekaan", "72");
    let out = format!("/kejadian/{id}/keluarkan");
    let done = ani.post(&out, &[("post", post.as_str()), ("why", "other_place")]).await;
    let there = done.header("location").to_owned();
    assert!(there.starts_with(&format!("/kejadian/{id}?kabar=parted_elsewhere&dari=KTG-")), "{there}");
    let page = ani.get(&there).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("yang terletak di luar wilayah akun Anda"), "{}", page.body);
}
