//! Accounts, sessions, tokens and reporters on a real database.

use std::time::Duration;

use alerts::DeskRole;
use alerts::db::Db;
use alerts::keys::Secret;
use console::accounts::{AccountError, Accounts, TokenScope};
use stream::{Clock, RegionCode};

#[path = "../../alerts/tests/support/databases.rs"]
mod databases;

const PASSWORD: &str = "kata-sandi-rekaan";

struct Place {
    accounts: Accounts,
    db: Db,
    clock: Clock,
    _dir: Option<tempfile::TempDir>,
}

/// A place on SQLite, and one on PostgreSQL where one is given.
async fn places() -> Vec<Place> {
    let dir = tempfile::tempdir().unwrap();
    let mut places = Vec::new();
    for url in databases::databases(dir.path()).await {
        let db = Db::open(&url).await.unwrap();
        let clock = Clock::manual("2024-11-26T10:00:00Z".parse().unwrap());
        let accounts = Accounts::new(db.clone(), Secret::new([7; 32]), clock.clone());
        places.push(Place { accounts, db, clock, _dir: None });
    }
    places[0]._dir = Some(dir);
    places
}

fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).unwrap()
}

#[tokio::test]
async fn the_first_run_makes_one_admin_and_the_second_run_none() {
    for place in &places().await {
        let made = place.accounts.first_run().await.unwrap().expect("no account yet");
        assert_eq!(made.account.grant.role, DeskRole::Admin);
        assert!(place.accounts.login("admin", &made.password).await.is_ok());
        assert!(place.accounts.first_run().await.unwrap().is_none());
        // That it was made for it is known until somebody changes it; what is made later is its owner's matter.
        place.accounts.add_user("ani", DeskRole::Analis, &[], Some(PASSWORD)).await.unwrap();
        let first = async || {
            let users = place.accounts.users().await.unwrap();
            users.into_iter().filter(|user| user.first_password).map(|user| user.name).collect::<Vec<_>>()
        };
        assert_eq!(first().await, ["admin"]);
        place.accounts.change_password("admin", &made.password, PASSWORD).await.unwrap();
        assert_eq!(first().await, [""; 0]);
    }
}

#[tokio::test]
async fn a_session_opens_its_account_until_it_ends_or_the_account_is_revoked() {
    for place in &places().await {
        let accounts = &place.accounts;
        accounts.add_user("ani", DeskRole::Analis, &[region("62.10")], Some(PASSWORD)).await.unwrap();
        let first = accounts.login("ani", PASSWORD).await.unwrap();
        let second = accounts.login(" ani ", PASSWORD).await.unwrap();
        assert_ne!(first.token, second.token);
        let account = accounts.session(&first.token).await.unwrap().unwrap();
        assert_eq!((account.name.as_str(), account.grant.regions), ("ani", vec![region("62.10")]));

        accounts.logout(&first.token).await.unwrap();
        assert!(accounts.session(&first.token).await.unwrap().is_none());
        assert!(accounts.session(&second.token).await.unwrap().is_some());

        accounts.revoke_user("ani").await.unwrap();
        assert!(accounts.session(&second.token).await.unwrap().is_none());
        assert!(matches!(accounts.login("ani", PASSWORD).await, Err(AccountError::WrongLogin)));
    }
}

#[tokio::test]
async fn a_session_is_over_after_a_shift() {
    for place in &places().await {
        place.accounts.add_user("ani", DeskRole::Analis, &[], Some(PASSWORD)).await.unwrap();
        let login = place.accounts.login("ani", PASSWORD).await.unwrap();
        place.clock.advance(Duration::from_secs(12 * 3600 - 1));
        assert!(place.accounts.session(&login.token).await.unwrap().is_some());
        place.clock.advance(Duration::from_secs(2));
        assert!(place.accounts.session(&login.token).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn no_password_and_no_token_stands_in_the_database_as_it_is() {
    for place in &places().await {
        place.accounts.add_user("ani", DeskRole::Analis, &[], Some(PASSWORD)).await.unwrap();
        let login = place.accounts.login("ani", PASSWORD).await.unwrap();
        let token =
            place.accounts.add_token("pengirim", TokenScope::Send, "kabar", true, None).await.unwrap();
        let mut stored = String::new();
        for query in [
            "SELECT password || role || regions FROM account",
            "SELECT digest || account_id FROM account_session",
            "SELECT digest || name || source FROM api_token",
        ] {
            for row in sqlx::query(query).fetch_all(place.db.pool()).await.unwrap() {
                stored.push_str(&sqlx::Row::get::<String, _>(&row, 0));
            }
        }
        assert!(stored.contains("$argon2id$"));
        for secret in [PASSWORD, &login.token, &token.secret] {
            assert!(!stored.contains(secret));
        }
    }
}

#[tokio::test]
async fn guessing_is_slowed_after_five_wrong_tries_even_with_the_right_password_then() {
    for place in &places().await {
        place.accounts.add_user("ani", DeskRole::Analis, &[], Some(PASSWORD)).await.unwrap();
        for _ in 0..5 {
            assert!(matches!(
                place.accounts.login("ani", "salah-salah-salah").await,
                Err(AccountError::WrongLogin)
            ));
        }
        assert!(matches!(place.accounts.login("ani", PASSWORD).await, Err(AccountError::TooMany(1..=300))));
        place.clock.advance(Duration::from_secs(301));
        assert!(place.accounts.login("ani", PASSWORD).await.is_ok());
    }
}

#[tokio::test]
async fn a_name_is_taken_once_and_a_bad_name_or_password_is_refused() {
    for place in &places().await {
        let add = async |name: &str, password: &str| {
            place
                .accounts
                .add_user(name, DeskRole::Ops, &[], Some(password))
                .await
                .map(|made| made.account.name)
        };
        assert_eq!(add("budi", PASSWORD).await.unwrap(), "budi");
        assert!(matches!(add("budi", PASSWORD).await, Err(AccountError::Taken(_))));
        assert!(matches!(add("<b>", PASSWORD).await, Err(AccountError::BadName(_))));
        assert!(matches!(add("", PASSWORD).await, Err(AccountError::BadName(_))));
        assert!(matches!(add("citra", "pendek").await, Err(AccountError::BadPassword)));
    }
}

#[tokio::test]
async fn a_changed_password_ends_every_session_and_needs_the_old_one() {
    for place in &places().await {
        place.accounts.add_user("ani", DeskRole::Analis, &[], Some(PASSWORD)).await.unwrap();
        let login = place.accounts.login("ani", PASSWORD).await.unwrap();
        let wrong = place.accounts.change_password("ani", "bukan-kata-sandinya", "kata-sandi-baru-1").await;
        assert!(matches!(wrong, Err(AccountError::WrongLogin)));
        place.accounts.change_password("ani", PASSWORD, "kata-sandi-baru-1").await.unwrap();
        assert!(place.accounts.session(&login.token).await.unwrap().is_none());
        assert!(place.accounts.login("ani", "kata-sandi-baru-1").await.is_ok());
    }
}

#[tokio::test]
async fn a_token_opens_what_it_was_made_for_until_it_is_revoked() {
    for place in &places().await {
        let made = place
            .accounts
            .add_token("pengirim", TokenScope::Send, "kabar", true, Some(region("35.28")))
            .await
            .unwrap();
        let found = place.accounts.token(&made.secret).await.unwrap().unwrap();
        assert_eq!(found, made.token);
        assert!(found.trusted && found.scope == TokenScope::Send);
        assert!(place.accounts.token("ktg_salah").await.unwrap().is_none());
        place.accounts.revoke_token("pengirim").await.unwrap();
        assert!(place.accounts.token(&made.secret).await.unwrap().is_none());
        assert!(matches!(place.accounts.revoke_token("pengirim").await, Err(AccountError::Unknown(_))));
        assert_eq!(place.accounts.tokens().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_reporters_link_is_signed_and_void_once_revoked() {
    for place in &places().await {
        let accounts = &place.accounts;
        let reporter = accounts.add_reporter("Pelapor 1", region("62.10.02")).await.unwrap();
        let link = accounts.reporter_link(&reporter);
        assert_eq!(accounts.reporter_of_link(&link).await.unwrap(), Some(reporter.clone()));
        let (id, signature) = link.split_once('.').unwrap();
        let mut forged = signature.to_owned();
        forged.replace_range(0..1, if forged.starts_with('A') { "B" } else { "A" });
        for bad in [format!("{id}.{forged}"), format!("{id}."), id.to_owned(), String::new()] {
            assert_eq!(accounts.reporter_of_link(&bad).await.unwrap(), None, "{bad}");
        }
        assert!(matches!(
            accounts.add_reporter("Pelapor 1", region("62.10.02")).await,
            Err(AccountError::Taken(_))
        ));
        accounts.revoke_reporter("Pelapor 1").await.unwrap();
        assert_eq!(accounts.reporter_of_link(&link).await.unwrap(), None);
        let again = accounts.add_reporter("Pelapor 1", region("62.10.03")).await.unwrap();
        let new_link = accounts.reporter_link(&again);
        assert_eq!(accounts.reporter_of_link(&new_link).await.unwrap(), Some(again));
        assert_eq!(accounts.reporter_of_link(&link).await.unwrap(), None, "the old link stays void");
    }
}
