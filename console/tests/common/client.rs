//! Somebody who makes requests to the console, and the answers.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt;

/// Somebody who makes requests.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) app: Router,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// An answer.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    /// A header as text; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> Got {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Sends a form with the session's token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        self.raw_post(path, &all).await
    }

    /// Sends a form as it is.
    pub(crate) async fn raw_post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let pairs: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let kind = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &kind, Body::from(pairs.join("&"))).await
    }

    /// Asks for a page with a bearer token.
    pub(crate) async fn get_as(&self, path: &str, token: &str) -> Got {
        self.send(Method::GET, path, &[(header::AUTHORIZATION, &format!("Bearer {token}"))], Body::empty())
            .await
    }

    /// Makes a request and reads the whole answer; of an endless stream only its head.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: Body,
    ) -> Got {
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, &self.cookie);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless { Default::default() } else { to_bytes(body, 1 << 20).await.unwrap() };
        let body = String::from_utf8(bytes.to_vec()).unwrap();
        Got { status: parts.status, headers: parts.headers, body }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
