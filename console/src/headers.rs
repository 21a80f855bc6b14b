//! The headers that every answer carries, and the cookies of the console.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use lexicons::Lang;

/// No inline script or style, nothing from elsewhere, no frame around us, forms only to us.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Sets the headers of every answer; what an answer set itself (an asset's caching) stands.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The value of the cookie `name`.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` of ours; `max_age` in seconds, 0 removes it.
pub(crate) fn set_cookie(name: &str, value: &str, max_age: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    // Names and values are ours and plain ASCII; anything else would be a fault that must not reach a header.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The cookie that holds the language.
pub(crate) const LANG_COOKIE: &str = "kentongan_bahasa";

/// The language of a request: its cookie, else Indonesian.
pub(crate) fn lang(headers: &HeaderMap) -> Lang {
    cookie(headers, LANG_COOKIE).and_then(Lang::parse).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_the_language_defaults_to_indonesian() {
        let mut headers = HeaderMap::new();
        assert_eq!(lang(&headers), Lang::Id);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; kentongan_bahasa=en; kentongan=x"));
        assert_eq!(lang(&headers), Lang::En);
        assert_eq!(cookie(&headers, "kentongan"), Some("x"));
        assert_eq!(cookie(&headers, "b"), None);
    }

    #[test]
    fn no_inline_script_or_style_is_allowed() {
        assert!(!CSP.contains("unsafe"));
    }
}
