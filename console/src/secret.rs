//! The secret of one installation and what is made from it: signatures of reporters' links and of forms.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// 256 random bits of one installation, kept outside the database: who has a copy of the database alone can
/// forge no link.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// The secret with these bytes.
    pub fn new(bytes: [u8; 32]) -> Secret {
        Secret(bytes)
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
        BASE64_URL_SAFE_NO_PAD.encode(&self.mac(purpose, parts)[..16])
    }

    /// Whether `signature` is ours for `parts`.
    pub fn verify(&self, purpose: &str, parts: &[&str], signature: &str) -> bool {
        same(self.sign(purpose, parts).as_bytes(), signature.as_bytes())
    }
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

/// 256 random bits from the system, as they stand in cookies and tokens.
pub(crate) fn random_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
