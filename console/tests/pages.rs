//! The pages as people use them: the queue, decisions, Bawaslu's desk, answers on a phone, headers, languages.

use std::sync::Arc;
use std::time::Duration;

use alerts::DeskRole;
use axum::http::StatusCode;
use console::PublicState;

use common::{Made, World, finding};

mod common;

#[tokio::test]
async fn the_queue_shows_what_waits_marks_nothing_private_and_links_to_each_incident() {
    let world = World::new(true).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let got = client.get("/antrean").await;
    assert_eq!(got.status, StatusCode::OK);
    for part in ["SIMULASI – DATA REKAAN", "usulan AWAS", "Kec. Kurun, Kab. Gunung Mas", "×2", "sisa"] {
        assert!(got.body.contains(part), "{part}");
    }
    for private in ["warga_rekaan", "081234567890", "Warga Rekaan", "rekaan_1"] {
        assert!(!got.body.contains(private), "{private}");
    }
    let id = world.id_of("KF-04").await;
    assert!(got.body.contains(&format!("href=\"/kejadian/{id}\"")));
    let rows = client.get("/antrean?bagian=1").await.body;
    assert!(rows.contains(&id) && !rows.contains("<html"));
}

#[tokio::test]
async fn a_filter_stands_in_the_address_and_an_unknown_region_is_said() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let by_name = client.get("/antrean?wilayah=Pamekasan").await.body;
    assert!(by_name.contains("Politik uang") && !by_name.contains("id=\"KTG-1\""));
    let by_category = client.get("/antrean?kategori=KF-12").await.body;
    assert!(by_category.contains("ditutup portal") && !by_category.contains("bagi amplop"));
    assert!(client.get("/antrean?wilayah=Antahberantah").await.body.contains("tidak dikenal"));
}

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
async fn awas_takes_two_persons_or_a_call_back() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let rina = world.sign_in("rina", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-04").await);
    let confirm = format!("{path}/konfirmasi");
    let first = ani.post(&confirm, &[("severity", "AWAS"), ("call_back", "")]).await;
    assert!(first.header("location").ends_with("?kabar=waits"), "{}", first.header("location"));
    let page = rina.get(&path).await.body;
    assert!(page.contains("AWAS menunggu orang kedua") && page.contains("SIAGA"));
    assert_eq!(ani.post(&confirm, &[("severity", "AWAS")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = rina.post(&confirm, &[("severity", "AWAS")]).await;
    assert!(second.header("location").ends_with("?kabar=confirmed"));
    assert!(rina.get(&path).await.body.contains("<span class=\"sev awas\">AWAS</span>"));

    let other = format!("/kejadian/{}", world.id_of("KF-02").await);
    let fields = [("severity", "AWAS"), ("call_back", "Telepon Polsek pukul 17.05")];
    let alone = ani.post(&format!("{other}/konfirmasi"), &fields).await;
    assert!(alone.header("location").ends_with("?kabar=confirmed"));
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_a_second_decision_comes_too_late() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}/tolak", world.id_of("KF-07").await);
    assert_eq!(client.post(&path, &[("reason", "  ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(client.post(&path, &[("reason", "Sudah dicek")]).await.status, StatusCode::SEE_OTHER);
    let late = client.post(&path, &[("reason", "sekali lagi")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("orang lain lebih dahulu"));
}

#[tokio::test]
async fn a_place_is_found_by_name_and_set_and_a_made_up_code_is_refused() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-12").await);
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
async fn bawaslu_releases_a_finding_once_and_with_a_reason() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    let path = format!("/netralitas/{}", world.id_of("KF-14").await);
    let page = client.get(&path).await.body;
    assert!(page.contains("Kepala desa") && page.contains("mobilisasi"));
    let list = client.get("/netralitas").await.body;
    assert!(list.contains("batas 7 hari") && list.contains("<mark"), "{list}");
    assert!(!list.contains("<sup"), "a note without its list reads like the number of a candidate: {list}");
    let release = format!("{path}/rilis");
    assert_eq!(client.post(&release, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let got = client.post(&release, &[("reason", "Layak diteruskan")]).await;
    assert!(got.header("location").ends_with("?kabar=released"));
    assert!(!client.get(&path).await.body.contains("id=\"rilis\""));
}

#[tokio::test]
async fn a_release_that_reached_nobody_says_so_on_the_page_and_can_be_made_again() {
    let world = World::new(false).await;
    let made = Made {
        category: "KF-14",
        severity: "WASPADA",
        place: None,
        text: "Kades Rekaan kumpulkan ketua RT, arahkan pilih nomor sekian.",
        words: "arahkan pilih",
        own_id: "n",
        reporter: false,
    };
    world.take(&[finding(world.clock.now(), &made)]).await;
    let client = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    let path = format!("/netralitas/{}", world.id_of("KF-14").await);
    let release = format!("{path}/rilis");
    let to_nobody = ["<span class=\"tag strong\">diteruskan tanpa penerima<", "id=\"rilis\""];
    let to_bawaslu = "<span class=\"tag strong\">sudah diteruskan<";

    // Without a place there is no Bawaslu to tell.
    let got = client.post(&release, &[("reason", "Layak diteruskan")]).await;
    assert!(got.header("location").ends_with("?kabar=released_to_nobody"), "{}", got.header("location"));
    let page = client.get(got.header("location")).await.body;
    assert!(page.contains("TIDAK ADA jabatan yang diberi tahu"), "{page}");
    assert!(to_nobody.iter().all(|part| page.contains(part)) && !page.contains(to_bawaslu), "{page}");
    let list = client.get("/netralitas").await.body;
    assert!(list.contains("diteruskan tanpa penerima") && list.contains("#rilis"));

    client.post(&format!("{path}/tempat"), &[("code", "62.10.02")]).await;
    let got = client.post(&release, &[("reason", "Lokasi sudah ditetapkan")]).await;
    assert!(got.header("location").ends_with("?kabar=released"), "{}", got.header("location"));
    let page = client.get(got.header("location")).await.body;
    assert!(page.contains(to_bawaslu) && !to_nobody.iter().any(|part| page.contains(part)), "{page}");
    assert!(!client.get("/netralitas").await.body.contains("#rilis"));
}

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
    let number = format!("<dd>{id}-");
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
async fn a_program_that_reads_an_incident_learns_what_else_happened_there() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-04").await;
    let got = client.get(&format!("/api/v1/incidents/{id}")).await;
    let view: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    let beside = view["related"].as_array().unwrap();
    assert!(beside.len() == 1 && beside[0]["near"] == "around", "known to the kecamatan: {beside:?}");
    let page = client.get(&format!("/kejadian/{id}")).await.body;
    assert!(beside.iter().all(|other| page.contains(&format!("/kejadian/KTG-{}", other["id"]))), "{page}");
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
    assert_eq!(odd.status, StatusCode::NOT_FOUND);
    assert!(phone.get(&link).await.body.contains("<button"));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    for got in [client.get("/antrean").await, client.get("/tidak-ada").await, world.phone().get("/j/x").await]
    {
        let csp = got.header("content-security-policy");
        assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"), "{csp}");
        assert!(!csp.contains("unsafe"));
        assert_eq!(got.header("referrer-policy"), "no-referrer");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("cache-control"), "no-store");
    }
    let page = client.get("/antrean").await.body;
    assert!(!page.contains("style=\"") && !page.contains("onclick"));
    assert_eq!(page.matches("<script").count(), page.matches("<script src=").count());
    let script = page.split("<script src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(client.get(script).await.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn the_language_is_indonesian_until_somebody_switches() {
    let world = World::new(false).await;
    let mut client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    assert!(client.get("/antrean").await.body.contains("Tidak ada insiden yang menunggu"));
    let switched = client.get("/bahasa/en?kembali=/antrean").await;
    assert_eq!(switched.header("location"), "/antrean");
    client.cookie =
        format!("{}; {}", client.cookie, switched.header("set-cookie").split(';').next().unwrap());
    let page = client.get("/antrean").await.body;
    assert!(page.contains("lang=\"en\"") && page.contains("No incident is waiting"));
    assert_eq!(client.get("/bahasa/en?kembali=//contoh.id").await.header("location"), "/");
}

#[tokio::test]
async fn a_system_that_is_not_ready_says_so_on_every_page_and_sends_people_to_the_telephone() {
    let mut world = World::new(false).await;
    world.day().await;
    world.state.probes.ready = Arc::new(|| Err("postgres://rahasia is gone".to_owned()));
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let page = client.get("/antrean").await.body;
    assert!(page.contains("110 (Polri) atau 112") && page.contains("Sistem terganggu"));
    let probe = world.stranger().get("/-/ready").await;
    assert_eq!(probe.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.contains("rahasia") && !probe.body.contains("rahasia"));
    assert_eq!(world.stranger().get("/-/healthy").await.status, StatusCode::OK);
    let down = PublicState { ready: world.state.probes.ready.clone(), ..world.public.clone() };
    world.public = down;
    let link = world.links().await.remove(0);
    assert!(world.phone().get(&link).await.body.contains("Sistem terganggu"));
}

#[tokio::test]
async fn an_unreachable_database_is_an_apology_without_its_name() {
    let world = World::new(false).await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    world.alerts.db.pool().close().await;
    let got = client.get("/antrean").await;
    assert!(got.status.is_server_error());
    assert!(got.body.contains("110 atau 112") && !got.body.to_lowercase().contains("pool"));
}

#[tokio::test]
async fn a_kill_switch_is_turned_with_a_reason_and_shows_until_it_is_turned_back() {
    let world = World::new(false).await;
    let client = world.sign_in("oki", DeskRole::Ops, &[]).await;
    let turn = [("scope", "region:62.10"), ("reason", "latihan")];
    assert_eq!(client.post("/sumber/sakelar", &turn).await.status, StatusCode::SEE_OTHER);
    assert!(client.get("/sumber").await.body.contains("region:62.10"));
    let back = [("scope", "region:62.10"), ("reason", "selesai"), ("off", "1")];
    assert_eq!(client.post("/sumber/sakelar", &back).await.status, StatusCode::SEE_OTHER);
    assert!(!client.get("/sumber").await.body.contains("<b class=\"gapline\">region:62.10"));
    let odd = client.post("/sumber/sakelar", &[("scope", "semua"), ("reason", "x")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_admin_revokes_others_and_not_the_own_account() {
    let world = World::new(false).await;
    world.sign_in("ani", DeskRole::Analis, &[]).await;
    let ani = world.again("ani").await;
    let admin = world.sign_in("admin", DeskRole::Admin, &[]).await;
    assert!(admin.get("/orang").await.body.contains("ani"));
    let own = admin.post("/orang/cabut", &[("kind", "user"), ("name", "admin")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = admin.post("/orang/cabut", &[("kind", "user"), ("name", "ani")]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    assert!(ani.get("/antrean").await.header("location").starts_with("/masuk"));
}

#[tokio::test]
async fn the_api_gives_the_incident_without_its_author_and_refuses_an_unknown_filter() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-04").await;
    let one = client.get(&format!("/api/v1/incidents/{id}")).await;
    let json: serde_json::Value = serde_json::from_str(&one.body).unwrap();
    assert_eq!(json["incident"]["category"], "KF-04");
    assert!(json["posts"][0]["author"].as_str().unwrap().starts_with("akun-"));
    for private in ["Warga Rekaan", "rekaan_1", "081234567890", "base64"] {
        assert!(!one.body.contains(private), "{private}");
    }
    let bad = client.get("/api/v1/incidents?severity=PARAH").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bad.header("content-type"), "application/problem+json");
    assert!(bad.body.contains("Nilai saringan tidak dikenal."), "{}", bad.body);
}

#[tokio::test]
async fn what_nobody_decided_shows_who_was_told_when_its_clock_ran_out() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-07").await;
    world.clock.advance(Duration::from_secs(4 * 3600 + 60));
    world.tell().await;
    let page = client.get(&format!("/kejadian/{id}")).await.body;
    assert!(page.contains("Panwascam") && page.contains("belum diputuskan dalam batas waktu"));
}

#[tokio::test]
async fn the_api_says_what_holds_as_the_page_does() {
    let world = World::new(false).await;
    world.day().await;
    let id = world.id_of("KF-02").await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let list: serde_json::Value = serde_json::from_str(&ani.get("/api/v1/incidents").await.body).unwrap();
    assert!(list["incidents"].as_array().unwrap().iter().all(|row| row["holds"] != "AWAS"));
    let one: serde_json::Value =
        serde_json::from_str(&ani.get(&format!("/api/v1/incidents/{id}")).await.body).unwrap();
    assert_eq!((&one["holds"], &one["incident"]["effective"]), (&"WASPADA".into(), &serde_json::Value::Null));
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
    let oki = world.sign_in("oki", DeskRole::Ops, &[]).await;
    assert!(!oki.get("/sumber").await.body.contains("Hanya admin dan ops"));
}

#[tokio::test]
async fn a_link_of_an_office_complained_of_by_now_opens_shows_no_news_and_takes_its_answer() {
    let world = World::new(false).await;
    world.day().await;
    let made = common::Made {
        category: "KF-02",
        severity: "SIAGA",
        place: Some("62.10.02"),
        text: "Kapolsek mengancam warga, besok serbu kantor KPU Kurun",
        words: "serbu kantor KPU",
        own_id: "99",
        reporter: false,
    };
    let mut complaint = common::finding(world.clock.now(), &made);
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

#[tokio::test]
async fn a_search_shows_the_machines_severity_as_a_proposal() {
    let world = World::new(true).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let found = ani.get("/cari?kata=serbu").await.body;
    assert!(found.contains("<span class=\"sev open siaga\">usulan SIAGA</span>"), "{found}");
    let link = format!("href=\"/kejadian/{0}\">Insiden {0}</a>", world.id_of("KF-02").await);
    assert!(found.contains(&link), "{found}");
    let found = ani.get("/cari?kata=amplop").await.body;
    assert!(found.contains("<span class=\"sev waspada\">WASPADA</span>"), "{found}");
}

#[tokio::test]
async fn a_press_of_bawaslu_leads_back_to_its_own_page_and_promises_no_telling() {
    let world = World::new(true).await;
    world.day().await;
    let budi = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    let path = format!("/netralitas/{}", world.id_of("KF-14").await);
    let pressed = budi.post(&format!("{path}/konfirmasi"), &[("severity", "WASPADA")]).await;
    assert_eq!(pressed.header("location"), format!("{path}?kabar=confirmed_only"));
    let page = budi.get(&format!("{path}?kabar=confirmed_only")).await.body;
    assert!(page.contains("Belum ada yang diberi tahu sampai diteruskan"), "{page}");
    let odd = budi.post(&format!("{path}/konfirmasi"), &[("berat", "WASPADA")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.body.contains("Isian formulir tidak dapat dibaca"), "{}", odd.body);
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
