//! Refusals of the API as `application/problem+json` (RFC 9457).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lexicons::Lang;
use serde_json::{Value, json};

use crate::Words;

/// Why a request is refused.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    kind: &'static str,
    detail: Box<Words>,
    more: Option<(&'static str, Value)>,
    retry_after: Option<u32>,
}

impl Problem {
    /// A refusal; `kind` ends the problem type.
    pub(super) fn new(status: StatusCode, kind: &'static str, detail: Words) -> Problem {
        Problem { status, kind, detail: Box::new(detail), more: None, retry_after: None }
    }

    /// Nothing can be taken now; the client comes again after `seconds`.
    pub(super) fn later(kind: &'static str, detail: Words, seconds: u32) -> Problem {
        Problem { retry_after: Some(seconds), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail) }
    }

    /// This client comes too often; it comes again after `seconds`.
    pub(super) fn too_often(detail: Words, seconds: u32) -> Problem {
        let refused = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
        Problem { retry_after: Some(seconds), ..refused }
    }

    /// The same with one more member.
    pub(super) fn with(self, name: &'static str, value: Value) -> Problem {
        Problem { more: Some((name, value)), ..self }
    }
}

/// The language that a program asks for.
pub(super) fn asked(headers: &HeaderMap) -> Lang {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Lang::accepted(header.unwrap_or_default())
}

/// The text of a refusal at `name`, in each language.
pub(super) fn told(name: &str, values: &[(&str, &str)]) -> Words {
    Words::of(|lang| lang.fill(&format!("ingest.problem.{name}"), values))
}

impl Problem {
    /// The answer, in `lang`; its type is the same in each.
    pub(super) fn respond(self, lang: Lang) -> Response {
        let title = lang.get(&format!("ingest.problem_title.{}", self.status.as_u16()));
        let mut body = json!({
            "type": format!("urn:kentongan:problem:{}", self.kind),
            "title": title,
            "status": self.status.as_u16(),
            "detail": self.detail.get(lang),
        });
        if let Some((name, value)) = self.more {
            body[name] = value;
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
