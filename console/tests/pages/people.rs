//! The page of accounts.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;

#[tokio::test]
async fn an_admin_revokes_others_and_not_the_own_account() {
    let world = World::new(false).await;
    world.sign_in("ani", DeskRole::Analis, &[]).await;
    let ani = world.again("ani").await;
    let admin = world.sign_in("admin", DeskRole::Admin, &[]).await;
    let page = admin.get("/orang").await.body;
    let sure = page.find("Ya, cabut ani").expect("a press that says whom");
    assert!(
        page[..sure].rfind("<details").is_some_and(|fold| !page[fold..sure].contains("</details>")),
        "{page}"
    );
    assert!(!page.contains("Ya, cabut admin"));
    let own = admin.post("/orang/cabut", &[("kind", "user"), ("name", "admin")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = admin.post("/orang/cabut", &[("kind", "user"), ("name", "ani")]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    assert!(ani.get("/antrean").await.header("location").starts_with("/masuk"));
}

#[tokio::test]
async fn the_first_password_is_asked_to_be_changed_until_it_is_and_its_file_goes_with_it() {
    const ASKED: &str = "masih memakai kata sandi pertama";
    let world = World::new(false).await;
    let made = world.state.accounts.first_run().await.unwrap().expect("no account yet");
    std::fs::write(&world.state.password_file, &made.password).unwrap();
    let admin = world.again_with("admin", &made.password).await;
    for path in ["/sumber", "/orang", "/sandi"] {
        let page = admin.get(path).await.body;
        assert!(page.contains(ASKED) && page.contains("href=\"/sandi\""), "{path}");
    }
    // Who made an own account is not asked, and finds the page all the same.
    let page = world.sign_in("ani", DeskRole::Analis, &[]).await.get("/antrean").await.body;
    assert!(!page.contains(ASKED) && page.contains("Ganti kata sandi"));

    let change = async |old: &str, new: &str, again: &str| {
        admin.post("/sandi", &[("old", old), ("new", new), ("again", again)]).await
    };
    let differ = change(&made.password, "kata-sandi-baru-1", "kata-sandi-baru-2").await;
    assert_eq!(differ.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(differ.body.contains("tidak sama"), "{}", differ.body);
    assert!(
        change("bukan-kata-sandinya", "kata-sandi-baru-1", "kata-sandi-baru-1")
            .await
            .status
            .is_client_error()
    );
    assert!(world.state.password_file.exists(), "nothing has changed");
    let done = change(&made.password, "kata-sandi-baru-1", "kata-sandi-baru-1").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let login = world.stranger().get(done.header("location")).await.body;
    assert!(login.contains("Kata sandi sudah diganti") && login.contains("name=\"password\""), "{login}");
    assert!(!world.state.password_file.exists());
    let admin = world.again_with("admin", "kata-sandi-baru-1").await;
    assert!(!admin.get("/orang").await.body.contains(ASKED));
    let audited: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM audit WHERE actor = 'admin' AND action = 'password'")
            .fetch_one(world.alerts.db.pool())
            .await
            .unwrap();
    assert_eq!(audited, 1);
}
