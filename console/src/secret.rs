//! Random tokens, as they stand in cookies, links and API tokens.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// 256 random bits from the system.
pub(crate) fn random_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
