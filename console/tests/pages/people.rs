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
