//! Who may send posts: asked of the accounts, which live elsewhere.

use async_trait::async_trait;
use stream::RegionCode;

/// What a token of the API allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// The token's name, for logs.
    pub name: String,
    /// Whether its items may vouch for reporters.
    pub trusted: bool,
    /// The name of the source its items come from; part of their ids.
    pub source: String,
    /// The home region of the source.
    pub source_region: Option<RegionCode>,
}

/// What a reporter's personal link allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReporterGrant {
    /// Our id of the reporter, no name: part of the ids of the notes.
    pub id: String,
    /// What the reporter is called on the page and in the post: a function, no person's name ("PKD Kurun").
    pub title: String,
    /// The region the reporter works in.
    pub region: Option<RegionCode>,
}

/// The accounts cannot be asked now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the accounts cannot be asked now: {0}")]
pub struct GateDown(pub String);

/// Knows tokens and reporters' links.
#[async_trait]
pub trait Gate: Send + Sync + 'static {
    /// What `token` allows; `None` for one that is unknown or revoked.
    async fn token(&self, token: &str) -> Result<Option<TokenGrant>, GateDown>;

    /// What the link with this signed part allows; `None` for one that is unknown or revoked.
    async fn reporter(&self, link: &str) -> Result<Option<ReporterGrant>, GateDown>;
}
