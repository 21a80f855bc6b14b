//! The accounts as ingest asks for them: who may send posts.

use async_trait::async_trait;
use console::accounts::{Accounts, TokenScope};
use ingest::http::{Gate, GateDown, ReporterGrant, TokenGrant};

/// The gate before `POST /api/v1/posts` and the field form.
pub(crate) struct AccountGate(pub(crate) Accounts);

#[async_trait]
impl Gate for AccountGate {
    async fn token(&self, token: &str) -> Result<Option<TokenGrant>, GateDown> {
        let found = self.0.token(token).await.map_err(|error| GateDown(error.to_string()))?;
        Ok(found.filter(|token| token.scope == TokenScope::Send).map(|token| TokenGrant {
            name: token.name,
            trusted: token.trusted,
            source: token.source,
            source_region: token.region,
        }))
    }

    async fn reporter(&self, link: &str) -> Result<Option<ReporterGrant>, GateDown> {
        let found = self.0.reporter_of_link(link).await.map_err(|error| GateDown(error.to_string()))?;
        Ok(found.map(|reporter| ReporterGrant {
            id: reporter.id,
            title: reporter.label,
            region: Some(reporter.region),
        }))
    }
}
