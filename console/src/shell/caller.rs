//! Who calls, as far as it is known, and what they may.

use alerts::Actor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lexicons::Lang;
use stream::RegionCode;

use crate::access::{Grant, Need};
use crate::failure::Failure;

/// Who calls, as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The language of the answer.
    pub(crate) lang: Lang,
    /// Path and query of the request.
    pub(crate) path: String,
    /// Who signed in.
    pub(crate) visitor: Option<Visitor>,
}

/// Somebody, or a program, that we know.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The account's or token's name.
    pub(crate) name: String,
    /// What it may.
    pub(crate) grant: Grant,
    /// It signed in with the password of the first run, which is still to be changed.
    pub(crate) first_password: bool,
    /// The session's cookie; none for a token.
    pub(super) session: Option<String>,
    /// What forms carry.
    pub(super) csrf: String,
}

impl Caller {
    /// The desk's view of the caller.
    pub(crate) fn actor(&self) -> Result<Actor, Failure> {
        let visitor = self.visitor.as_ref().ok_or_else(|| Failure::LoginNeeded(self.path.clone()))?;
        Ok(visitor.grant.actor(&visitor.name))
    }

    /// Whether the caller satisfies `need`.
    pub(crate) fn may(&self, need: Need) -> bool {
        need.open() || self.visitor.as_ref().is_some_and(|visitor| visitor.grant.allows(need))
    }

    /// The regions of whoever signed in; none means the whole country.
    pub(crate) fn regions(&self) -> &[RegionCode] {
        self.visitor.as_ref().map(|visitor| visitor.grant.regions.as_slice()).unwrap_or_default()
    }

    /// The session's cookie, for signing out.
    pub(crate) fn session(&self) -> Option<&str> {
        self.visitor.as_ref()?.session.as_deref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.ok_or_else(|| Failure::Internal("a route without guard".to_owned()))
    }
}

#[cfg(test)]
impl Caller {
    /// Somebody of `role` at `path`.
    pub(crate) fn of(role: alerts::DeskRole, path: &str) -> Caller {
        let grant = Grant { role, regions: Vec::new() };
        let visitor = Visitor {
            name: "ani".to_owned(),
            grant,
            first_password: false,
            session: None,
            csrf: String::new(),
        };
        Caller { lang: Lang::Id, path: path.to_owned(), visitor: Some(visitor) }
    }
}
