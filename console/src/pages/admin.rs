//! Accounts, tokens and reporters: listed and revoked here, made on the command line.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use stream::{RegionCode, Zone};

use crate::shell::{Caller, Shell, page};
use crate::view::{names, time};
use crate::{ConsoleState, Failure};

/// One account, token or reporter.
struct Line {
    name: String,
    what: String,
    regions: String,
    since: String,
    revoked: bool,
    me: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    s: Shell,
    groups: Vec<(&'static str, &'static str, Vec<Line>)>,
}

/// `GET /orang`.
pub(crate) async fn show(State(state): State<ConsoleState>, caller: Caller) -> Result<Response, Failure> {
    let lang = caller.lang;
    let me = caller.actor()?.name;
    let since = |at| time::stamp(lang, at, Zone::Wib);
    let regions = |codes: &[RegionCode]| match codes {
        [] => lang.get("console.people.everywhere").to_owned(),
        codes => codes.iter().map(names::region).collect::<Vec<_>>().join("; "),
    };
    let users = state.accounts.users().await?.into_iter().map(|user| Line {
        me: user.name == me,
        what: names::named(lang, "console.desk_role", user.grant.role.as_str()),
        regions: regions(&user.grant.regions),
        since: since(user.created_at),
        revoked: user.revoked_at.is_some(),
        name: user.name,
    });
    let tokens = state.accounts.tokens().await?.into_iter().map(|token| Line {
        what: {
            let scope = token.scope.as_str();
            let does = names::named(lang, "console.scope", scope);
            if scope == token.source { does } else { format!("{does} · {}", token.source) }
        },
        regions: token.region.as_ref().map_or_else(|| "–".to_owned(), names::region),
        since: since(token.created_at),
        revoked: token.revoked_at.is_some(),
        name: token.name,
        me: false,
    });
    let reporters = state.accounts.reporters().await?.into_iter().map(|reporter| Line {
        what: lang.get("console.people.reporter").to_owned(),
        regions: names::region(&reporter.region),
        since: since(reporter.created_at),
        revoked: reporter.revoked_at.is_some(),
        name: reporter.label,
        me: false,
    });
    let groups = vec![
        ("user", lang.get("console.people.users"), users.collect()),
        ("token", lang.get("console.people.tokens"), tokens.collect()),
        ("reporter", lang.get("console.people.reporters"), reporters.collect()),
    ];
    page(&PeoplePage { s: Shell::new(&state, &caller), groups })
}

/// What the form of a revocation sends.
#[derive(Deserialize)]
pub(crate) struct RevokeForm {
    kind: String,
    name: String,
}

/// `POST /orang/cabut`.
pub(crate) async fn revoke(
    State(state): State<ConsoleState>,
    caller: Caller,
    Form(form): Form<RevokeForm>,
) -> Result<Redirect, Failure> {
    let actor = caller.actor()?;
    match form.kind.as_str() {
        // Nobody locks the own door from inside.
        "user" if form.name == actor.name => return Err(Failure::bad("console.failure.own")),
        "user" => state.accounts.revoke_user(&form.name).await?,
        "token" => state.accounts.revoke_token(&form.name).await?,
        "reporter" => state.accounts.revoke_reporter(&form.name).await?,
        _ => return Err(Failure::bad("console.failure.form")),
    }
    state.desk.audit(&actor.name, "revoke", &form.kind, &form.name).await?;
    Ok(Redirect::to("/orang?kabar=revoked"))
}
