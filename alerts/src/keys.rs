//! The secret of an installation: signs answer links and turns authors into tokens.

use std::path::Path;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of the signature in a link: 128 bits.
const SIGNATURE: usize = 16;

/// The secret, from which each use derives its own key.
#[derive(Clone)]
pub struct Keys {
    link: Vec<u8>,
    author: Vec<u8>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
#[error("key file {path}: {cause}")]
pub struct KeyError {
    path: String,
    cause: String,
}

fn mac(key: &[u8], message: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message.as_bytes());
    mac
}

impl Keys {
    /// Keys derived from `secret`.
    pub fn new(secret: &[u8]) -> Keys {
        let derive = |purpose: &str| mac(secret, purpose).finalize().into_bytes().to_vec();
        Keys { link: derive("answer link"), author: derive("author token") }
    }

    /// Reads the secret at `path`, or makes a new one there that only its owner may read.
    ///
    /// # Errors
    /// [`KeyError`] when the file cannot be read or made, or is too short.
    pub fn load_or_make(path: &Path) -> Result<Keys, KeyError> {
        let wrong = |cause: String| KeyError { path: path.display().to_string(), cause };
        match std::fs::read(path) {
            Ok(secret) if secret.len() >= 32 => return Ok(Keys::new(&secret)),
            Ok(secret) => return Err(wrong(format!("{} bytes where at least 32 are needed", secret.len()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(error.to_string())),
        }
        let secret: [u8; 32] = rand::random();
        let made = write_private(path, &secret);
        match made {
            Ok(()) => Ok(Keys::new(&secret)),
            // Another process was faster: its secret holds.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                std::fs::read(path).map(|secret| Keys::new(&secret)).map_err(|error| wrong(error.to_string()))
            }
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    /// The token in the answer link of notification `id`.
    pub fn token(&self, id: &str) -> String {
        let signature = mac(&self.link, id).finalize().into_bytes();
        format!("{id}.{}", BASE64_URL_SAFE_NO_PAD.encode(&signature[..SIGNATURE]))
    }

    /// The notification whose link holds `token`, if the token is ours.
    pub fn notification<'a>(&self, token: &'a str) -> Option<&'a str> {
        let (id, signature) = token.split_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        (signature.len() == SIGNATURE && mac(&self.link, id).verify_truncated_left(&signature).is_ok())
            .then_some(id)
    }

    /// The secret that turns authors into tokens (SG-03).
    pub fn author(&self) -> &[u8] {
        &self.author
    }
}

/// Writes a file that must not exist yet and that only its owner may read; whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let half = path.with_extension(format!("{:016x}.part", rand::random::<u64>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&half, path);
    std::fs::remove_file(&half)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_notification_and_a_changed_one_to_none() {
        let keys = Keys::new(&[7; 32]);
        let token = keys.token("abc123");
        assert_eq!(keys.notification(&token), Some("abc123"));
        assert_eq!(keys.notification(&token.replacen("abc", "abd", 1)), None);
        assert_eq!(keys.notification("abc123."), None);
        assert_eq!(Keys::new(&[8; 32]).notification(&token), None);
    }

    #[test]
    fn a_secret_once_made_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kentongan.key");
        let token = Keys::load_or_make(&path).unwrap().token("x");
        assert_eq!(Keys::load_or_make(&path).unwrap().token("x"), token);
        std::fs::write(&path, "short").unwrap();
        assert!(Keys::load_or_make(&path).is_err());
    }
}
