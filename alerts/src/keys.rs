//! The secret of one installation and what is made from it: links and forms signed, authors turned into tokens.

use std::path::Path;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of the signature in a link: 128 bits.
const SIGNATURE: usize = 16;
/// The purpose of the signatures in answer links.
const ANSWER: &str = "answer link";

/// Random bytes of one installation, kept outside the database: who has a copy of the database alone can forge
/// no link.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
#[error("key file {path}: {cause}")]
pub struct KeyError {
    path: String,
    cause: String,
}

impl Secret {
    /// The secret with these bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Secret {
        Secret(bytes.into())
    }

    /// Reads the secret at `path`, or makes a new one there that only its owner may read.
    ///
    /// # Errors
    /// [`KeyError`] when the file cannot be read or made, or is too short.
    pub fn load_or_make(path: &Path) -> Result<Secret, KeyError> {
        let wrong = |cause: String| KeyError { path: path.display().to_string(), cause };
        match std::fs::read(path) {
            Ok(secret) if secret.len() >= 32 => return Ok(Secret(secret)),
            Ok(secret) => return Err(wrong(format!("{} bytes where at least 32 are needed", secret.len()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(error.to_string())),
        }
        let secret: [u8; 32] = rand::random();
        let made = write_private(path, &secret);
        match made {
            Ok(()) => Ok(Secret::new(secret)),
            // Another process was faster: its secret holds.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                std::fs::read(path).map(Secret).map_err(|error| wrong(error.to_string()))
            }
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    /// A keyed hash of `parts` for one `purpose`; another purpose gives another hash of the same parts.
    pub fn mac(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// The keyed hash as 22 characters that may stand in a link: 128 bits.
    pub fn sign(&self, purpose: &str, parts: &[&str]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.mac(purpose, parts)[..SIGNATURE])
    }

    /// Whether `signature` is ours for `parts`.
    pub fn verify(&self, purpose: &str, parts: &[&str], signature: &str) -> bool {
        same(self.sign(purpose, parts).as_bytes(), signature.as_bytes())
    }

    /// The token in the answer link of notification `id`.
    pub fn token(&self, id: &str) -> String {
        format!("{id}.{}", self.sign(ANSWER, &[id]))
    }

    /// The notification whose link holds `token`, if the token is ours.
    pub fn notification<'a>(&self, token: &'a str) -> Option<&'a str> {
        let (id, signature) = token.split_once('.')?;
        self.verify(ANSWER, &[id], signature).then_some(id)
    }

    /// The author `who` as a token that tells nothing of who it is (SG-03).
    pub fn author(&self, who: &str) -> String {
        let token: String =
            self.mac("author token", &[who]).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("akun-{token}")
    }
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
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
        let keys = Secret::new([7; 32]);
        let token = keys.token("abc123");
        assert_eq!(keys.notification(&token), Some("abc123"));
        assert_eq!(keys.notification(&token.replacen("abc", "abd", 1)), None);
        assert_eq!(keys.notification("abc123."), None);
        assert_eq!(Secret::new([8; 32]).notification(&token), None);
    }

    #[test]
    fn a_signature_holds_for_its_own_purpose_and_parts_only() {
        let secret = Secret::new([7; 32]);
        let signature = secret.sign("reporter", &["r1", "0"]);
        assert!(secret.verify("reporter", &["r1", "0"], &signature));
        assert!(!secret.verify("reporter", &["r1", "1"], &signature));
        assert!(!secret.verify("answer", &["r1", "0"], &signature));
        assert!(!Secret::new([8; 32]).verify("reporter", &["r1", "0"], &signature));
        // Moving a border between parts makes another hash.
        assert!(!secret.verify("reporter", &["r", "10"], &signature));
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        assert_eq!(format!("{:?}", Secret::new([7; 32])), "Secret(…)");
    }

    #[test]
    fn a_secret_once_made_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kentongan.key");
        let token = Secret::load_or_make(&path).unwrap().token("x");
        assert_eq!(Secret::load_or_make(&path).unwrap().token("x"), token);
        std::fs::write(&path, "short").unwrap();
        assert!(Secret::load_or_make(&path).is_err());
    }
}
