//! The files that pages load, embedded, served under a name that holds their hash.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::Failure;

/// One embedded file.
pub(crate) struct Asset {
    /// Its address, with the hash of its content in the name.
    pub(crate) href: String,
    name: String,
    kind: &'static str,
    body: &'static str,
}

macro_rules! asset {
    ($stem:literal, $end:literal, $kind:literal) => {
        Asset::new($stem, $end, $kind, include_str!(concat!("../assets/", $stem, ".", $end)))
    };
}

/// The style of the console.
pub(crate) static CSS: LazyLock<Asset> =
    LazyLock::new(|| asset!("console", "css", "text/css; charset=utf-8"));
/// The script of the console: live updates and keys; everything works without it.
pub(crate) static JS: LazyLock<Asset> =
    LazyLock::new(|| asset!("console", "js", "text/javascript; charset=utf-8"));
/// The style of the answer page, small enough for a weak connection.
pub(crate) static ANSWER_CSS: LazyLock<Asset> =
    LazyLock::new(|| asset!("answer", "css", "text/css; charset=utf-8"));
/// The mark: a slit drum.
pub(crate) static MARK: LazyLock<Asset> = LazyLock::new(|| asset!("mark", "svg", "image/svg+xml"));

fn all() -> [&'static Asset; 4] {
    [&CSS, &JS, &ANSWER_CSS, &MARK]
}

impl Asset {
    fn new(stem: &str, end: &str, kind: &'static str, body: &'static str) -> Asset {
        let hash = &stream::sha256_hex(body.as_bytes())[..12];
        let name = format!("{stem}.{hash}.{end}");
        Asset { href: format!("/a/{name}"), name, kind, body }
    }
}

/// Serves an embedded file; its name changes with its content, so a browser may keep it for ever.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    match all().into_iter().find(|asset| asset.name == name) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.body,
        )
            .into_response(),
        None => Failure::NotFound.into_response(),
    }
}
