//! Passwords: argon2id hashes, and random ones that a person can type.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;

use super::AccountError;

/// The shortest password, in characters.
pub(super) const MIN_CHARS: usize = 12;
/// The longest password, in characters: argon2 reads all of it.
pub(super) const MAX_CHARS: usize = 200;

/// Each hash takes 19 MiB: so many at a time, the others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Refuses a password that is too short or too long.
pub(super) fn check(password: &str) -> Result<(), AccountError> {
    let fits = (MIN_CHARS..=MAX_CHARS).contains(&password.chars().count());
    if fits { Ok(()) } else { Err(AccountError::BadPassword) }
}

/// The argon2id hash of `password`, in PHC form.
pub(super) async fn hash(password: &str) -> Result<String, AccountError> {
    let password = password.to_owned();
    apart(move || {
        let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
        Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
    })
    .await
}

/// Whether `password` is the one that `hash` was made of. Without a hash the work is done all the same, so that
/// the time does not tell whether an account exists.
pub(super) async fn verify(password: &str, hash: Option<&str>) -> Result<bool, AccountError> {
    let exists = hash.is_some();
    // The hash of a password nobody has.
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let password = password.to_owned();
    let fits = apart(move || {
        let parsed = PasswordHash::new(&hash)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await?;
    Ok(fits && exists)
}

const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Runs `work` on a thread of its own, a few at a time.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
) -> Result<T, AccountError> {
    let _permit = AT_ONCE.acquire().await.map_err(|error| AccountError::Hash(error.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AccountError::Hash(error.to_string()))?
        .map_err(|error| AccountError::Hash(error.to_string()))
}

/// A random password that can be read out: four groups of five letters, 97 bits.
pub(super) fn random() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let group =
        || -> String { (0..5).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect() };
    [group(), group(), group(), group()].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only_and_nobodys_hash_fits_nothing() {
        let hash = hash("rahasia-yang-panjang").await.unwrap();
        assert!(verify("rahasia-yang-panjang", Some(&hash)).await.unwrap());
        assert!(!verify("rahasia-yang-lain", Some(&hash)).await.unwrap());
        assert!(!verify("rahasia-yang-panjang", None).await.unwrap());
        assert!(hash.starts_with("$argon2id$") && !hash.contains("rahasia"));
    }

    #[test]
    fn two_random_passwords_differ_and_are_long_enough() {
        assert_ne!(random(), random());
        assert!(check(&random()).is_ok());
        assert!(check("pendek").is_err());
    }
}
