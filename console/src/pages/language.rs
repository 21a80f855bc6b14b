//! The language switch, the help page, and the answer where no page is.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use lexicons::Lang;
use serde::Deserialize;

use crate::failure::local;
use crate::headers::{LANG_COOKIE, set_cookie};
use crate::shell::{Caller, Shell, page};
use crate::view::rests::Rests;
use crate::{ConsoleState, Failure};

/// Where the switch leads back to.
#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    kembali: String,
}

/// `GET /bahasa/{code}`: remembers the language and goes back.
pub(crate) async fn switch(
    State(state): State<ConsoleState>,
    Path(code): Path<String>,
    Query(back): Query<Back>,
) -> Result<Response, Failure> {
    let lang = Lang::parse(&code).ok_or(Failure::NotFound)?;
    let cookie = set_cookie(LANG_COOKIE, lang.code(), 365 * 24 * 3600, state.secure_cookies);
    let mut response = Redirect::to(local(&back.kembali)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The keys and what they do on which page; the same list is in `console.js` and beside each button.
const KEYS: &[(&str, &str)] = &[
    ("j", "next"),
    ("k", "previous"),
    ("o", "open"),
    ("e", "confirm"),
    ("x", "reject"),
    ("u", "back"),
    ("?", "help"),
];

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    s: Shell,
    keys: Vec<(&'static str, &'static str)>,
    ladder: Vec<(&'static str, &'static str, &'static str)>,
    rests: Vec<Rests>,
}

/// `GET /bantuan`.
pub(crate) async fn help(State(state): State<ConsoleState>, caller: Caller) -> Result<Response, Failure> {
    let lang = caller.lang;
    let keys = KEYS.iter().map(|(key, name)| (*key, lang.get(&format!("console.key_does.{name}")))).collect();
    let ladder = stream::Severity::ALL
        .iter()
        .rev()
        .map(|severity| {
            let class = crate::view::names::severity_class(*severity);
            (severity.as_str(), class, lang.get(&format!("console.ladder.{severity}")))
        })
        .collect();
    let rests = Rests::ladder(lang);
    page(&HelpPage { s: Shell::new(&state, &caller), keys, ladder, rests })
}

/// Where no page is.
pub(crate) async fn lost() -> Failure {
    Failure::NotFound
}
