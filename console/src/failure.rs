//! What can go wrong between a request and its page; one place turns it into words, and none shows internal text.

use std::borrow::Cow;

use alerts::{Action, DeskError, Status};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use lexicons::Lang;

use crate::accounts::AccountError;

/// Why a request was not answered with its page.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing stands there, or nothing that this caller may know of.
    #[error("not found")]
    NotFound,
    /// A session is needed first; afterwards the caller goes on to this path.
    #[error("login needed")]
    LoginNeeded(String),
    /// The caller's roles or regions do not reach here.
    #[error("forbidden")]
    Forbidden,
    /// The form's token is missing or of another session.
    #[error("stale form")]
    StaleForm,
    /// What was sent cannot be used; the key of the text that says why.
    #[error("bad request: {0}")]
    Bad(Cow<'static, str>),
    /// The matter has moved on, so that this can no longer be done; the key of the text that says why.
    #[error("conflict: {0}")]
    Conflict(Cow<'static, str>),
    /// Too many tries; come again after so many seconds.
    #[error("too many tries")]
    TooMany(u64),
    /// The database or the archive cannot be reached now: trying again may help. The text is for the log.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours. The text is for the log.
    #[error("internal: {0}")]
    Internal(String),
}

impl Failure {
    /// What was sent cannot be used, for the reason at `key`.
    pub fn bad(key: &'static str) -> Failure {
        Failure::Bad(Cow::Borrowed(key))
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::LoginNeeded(_) => StatusCode::UNAUTHORIZED,
            Failure::Forbidden | Failure::StaleForm => StatusCode::FORBIDDEN,
            Failure::Bad(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Conflict(_) => StatusCode::CONFLICT,
            Failure::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Failure::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of the text that people read.
    pub fn text_key(&self) -> &str {
        match self {
            Failure::NotFound => "console.failure.not_found",
            Failure::LoginNeeded(_) => "console.failure.login",
            Failure::Forbidden => "console.failure.forbidden",
            Failure::StaleForm => "console.failure.stale",
            Failure::Bad(key) | Failure::Conflict(key) => key,
            Failure::TooMany(_) => "console.failure.too_many",
            Failure::Unavailable(_) => "console.failure.unavailable",
            Failure::Internal(_) => "console.failure.internal",
        }
    }

    /// The stable word of the JSON API (`type` of problem+json).
    pub fn problem(&self) -> &'static str {
        match self {
            Failure::NotFound => "not-found",
            Failure::LoginNeeded(_) => "login-needed",
            Failure::Forbidden => "forbidden",
            Failure::StaleForm => "stale-form",
            Failure::Bad(_) => "bad-request",
            Failure::Conflict(_) => "conflict",
            Failure::TooMany(_) => "too-many-tries",
            Failure::Unavailable(_) => "unavailable",
            Failure::Internal(_) => "internal",
        }
    }
}

impl IntoResponse for Failure {
    /// The bare status, with the failure attached: the shell, which knows the caller's language, writes the page.
    fn into_response(self) -> Response {
        match &self {
            Failure::Unavailable(cause) => tracing::warn!(error = %cause, "a page could not be served now"),
            Failure::Internal(cause) => tracing::error!(error = %cause, "a page failed"),
            _ => {}
        }
        let mut response = self.status().into_response();
        let retry = match self {
            Failure::TooMany(seconds) => Some(seconds),
            Failure::Unavailable(_) => Some(5),
            _ => None,
        };
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Failure::Internal(error.to_string())
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Failure {
        match error {
            DeskError::NotFound => Failure::NotFound,
            DeskError::Forbidden { .. } => Failure::Forbidden,
            DeskError::Status { status, action } => Failure::Conflict(too_late(status, action)),
            DeskError::Refused(code) => Failure::Bad(refused(code)),
            error if error.is_retryable() => Failure::Unavailable(error.to_string()),
            error => Failure::Internal(error.to_string()),
        }
    }
}

/// The key of why `action` is not possible in `status`: what was done meanwhile, by whomever.
fn too_late(status: Status, action: Action) -> Cow<'static, str> {
    match action {
        // What is open may be confirmed again: it is something else that has been done already.
        Action::Confirm if status.is_open() => "console.failure.status".into(),
        _ => format!("console.failure_status.{status}").into(),
    }
}

/// The key of what the desk refused: its own text if there is one.
fn refused(code: &'static str) -> Cow<'static, str> {
    let key = format!("alerts.refused.{code}");
    if Lang::Id.texts().has(&key) { key.into() } else { "console.failure.refused".into() }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Failure {
        match error {
            AccountError::WrongLogin => Failure::bad("console.failure.login_wrong"),
            AccountError::TooMany(seconds) => Failure::TooMany(seconds),
            AccountError::Unknown(_) => Failure::NotFound,
            AccountError::Taken(_) | AccountError::BadName(_) => Failure::bad("console.failure.name"),
            AccountError::BadPassword => Failure::bad("console.failure.password"),
            error if error.is_retryable() => Failure::Unavailable(error.to_string()),
            error => Failure::Internal(error.to_string()),
        }
    }
}

/// To the login page, and from there on to `path`.
pub(crate) fn to_login(path: &str) -> Response {
    Redirect::to(&format!("/masuk?ke={}", encode(path))).into_response()
}

/// `text` as it may stand in the query of a link.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// `path` when it leads to a page of ours, else the front page: a login link must not lead elsewhere.
pub(crate) fn local(path: &str) -> &str {
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if ours { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_link_leads_to_our_own_pages_only() {
        assert_eq!(local("/kejadian/KTG-1"), "/kejadian/KTG-1");
        for foreign in ["https://example.org", "//example.org", "/\\example.org", "", "/a\r\nb"] {
            assert_eq!(local(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn every_status_says_why_something_can_no_longer_be_done() {
        for status in Status::ALL {
            let key = too_late(*status, Action::Reject);
            assert!(Lang::Id.texts().has(&key) && Lang::En.texts().has(&key), "{key}");
        }
    }

    #[test]
    fn internal_text_is_in_no_answer() {
        let response = Failure::Internal("password of the database".into()).into_response();
        assert_eq!(response.status(), 500);
        assert!(!format!("{:?}", response.headers()).contains("password"));
    }
}
