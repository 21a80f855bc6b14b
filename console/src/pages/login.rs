//! Signing in and out, and one's own password.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::AccountError;
use crate::failure::local;
use crate::headers::{cookie, set_cookie};
use crate::secret::random_token;
use crate::shell::{Caller, SESSION_COOKIE, Shell, front_page, page};
use crate::{ConsoleState, Failure};

/// The cookie against forged logins: the form carries the same value.
const LOGIN_COOKIE: &str = "kentongan_masuk";

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    s: Shell,
    token: String,
    to: String,
    error: Option<&'static str>,
}

/// Where to go on after signing in.
#[derive(Deserialize)]
pub(crate) struct To {
    #[serde(default)]
    ke: String,
}

/// The front page: whatever the role sees first.
pub(crate) async fn front(caller: Caller) -> Response {
    match &caller.visitor {
        Some(visitor) => Redirect::to(front_page(&visitor.grant)).into_response(),
        None => Redirect::to("/masuk").into_response(),
    }
}

/// `GET /masuk`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Query(to): Query<To>,
) -> Result<Response, Failure> {
    if caller.visitor.is_some() {
        return Ok(Redirect::to(local(&to.ke)).into_response());
    }
    form(&state, &caller, to.ke, None)
}

fn form(
    state: &ConsoleState,
    caller: &Caller,
    to: String,
    error: Option<&'static str>,
) -> Result<Response, Failure> {
    let token = random_token();
    let cookie = set_cookie(LOGIN_COOKIE, &token, 3600, state.secure_cookies);
    let mut response = page(&LoginPage { s: Shell::new(state, caller), token, to, error })?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// What the login form sends.
#[derive(Deserialize)]
pub(crate) struct LoginForm {
    name: String,
    password: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    ke: String,
}

/// `POST /masuk`.
pub(crate) async fn enter(
    State(state): State<ConsoleState>,
    caller: Caller,
    headers: HeaderMap,
    Form(login): Form<LoginForm>,
) -> Result<Response, Failure> {
    let expected = cookie(&headers, LOGIN_COOKIE).unwrap_or_default();
    if expected.is_empty() || !alerts::keys::same(expected.as_bytes(), login.token.as_bytes()) {
        return Err(Failure::StaleForm);
    }
    let entered = match state.accounts.login(&login.name, &login.password).await {
        Ok(entered) => entered,
        Err(AccountError::WrongLogin) => {
            state.desk.audit("-", "login_failed", "console", "").await?;
            let text = caller.lang.get("console.failure.login_wrong");
            let mut response = form(&state, &caller, login.ke, Some(text))?;
            *response.status_mut() = axum::http::StatusCode::UNAUTHORIZED;
            return Ok(response);
        }
        Err(error) => return Err(error.into()),
    };
    state.desk.audit(&entered.account.name, "login", "console", "").await?;
    let to = if login.ke.is_empty() { front_page(&entered.account.grant) } else { local(&login.ke) };
    let session = set_cookie(SESSION_COOKIE, &entered.token, entered.max_age_s, state.secure_cookies);
    let done = set_cookie(LOGIN_COOKIE, "", 0, state.secure_cookies);
    Ok(with_cookies(Redirect::to(to), [session, done]))
}

/// `POST /keluar`.
pub(crate) async fn leave(State(state): State<ConsoleState>, caller: Caller) -> Result<Response, Failure> {
    if let Some(session) = caller.session() {
        state.accounts.logout(session).await?;
    }
    Ok(signed_out(&state, "/masuk"))
}

/// To the login at `path`, without a session.
fn signed_out(state: &ConsoleState, path: &str) -> Response {
    with_cookies(Redirect::to(path), [set_cookie(SESSION_COOKIE, "", 0, state.secure_cookies)])
}

fn with_cookies<const N: usize>(redirect: Redirect, cookies: [HeaderValue; N]) -> Response {
    let mut response = redirect.into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    s: Shell,
}

/// `GET /sandi`.
pub(crate) async fn show_password(
    State(state): State<ConsoleState>,
    caller: Caller,
) -> Result<Response, Failure> {
    page(&PasswordPage { s: Shell::new(&state, &caller) })
}

/// What the password form sends.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

/// `POST /sandi`: every session of the account ends, this one too. Of the first run's password the file goes as well.
pub(crate) async fn change_password(
    State(state): State<ConsoleState>,
    caller: Caller,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Failure> {
    let name = caller.actor()?.name;
    if form.new != form.again {
        return Err(Failure::bad("console.failure.password_again"));
    }
    let before = state.accounts.change_password(&name, &form.old, &form.new).await?;
    state.desk.audit(&name, "password", "account", "").await?;
    if before.first_password
        && let Err(error) = tokio::fs::remove_file(&state.password_file).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the file with the first password, which no longer holds, stays");
    }
    Ok(signed_out(&state, "/masuk?kabar=password_changed"))
}
