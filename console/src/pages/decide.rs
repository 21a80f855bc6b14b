//! What a person decides on an incident: each press is one act of the desk, then back to the page.

use alerts::{Confirmed, IncidentId};
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use stream::{RegionCode, Severity};

use super::incident::{base, number, side};
use crate::shell::Caller;
use crate::{ConsoleState, Failure};

fn back(caller: &Caller, id: IncidentId, news: &str) -> Redirect {
    Redirect::to(&format!("{}/{id}?kabar={news}", base(side(caller))))
}

/// A text that may not be empty.
fn required(text: &str) -> Result<&str, Failure> {
    let text = text.trim();
    if text.is_empty() { Err(Failure::bad("console.failure.reason")) } else { Ok(text) }
}

/// What the form of a confirmation sends.
#[derive(Deserialize)]
pub(crate) struct ConfirmForm {
    severity: String,
    #[serde(default)]
    call_back: String,
}

/// `POST …/konfirmasi`.
pub(crate) async fn confirm(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<ConfirmForm>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    let severity = Severity::parse(&form.severity).ok_or(Failure::bad("console.failure.form"))?;
    let call_back = Some(form.call_back.trim()).filter(|note| !note.is_empty());
    match state.desk.confirm(&caller.actor()?, id, Some(severity), call_back).await? {
        Confirmed::At(_) => Ok(back(&caller, id, "confirmed")),
        Confirmed::WaitsForSecond => Ok(back(&caller, id, "waits")),
    }
}

/// What a form with a reason or note sends.
#[derive(Deserialize)]
pub(crate) struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// `POST …/tolak`.
pub(crate) async fn reject(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    state.desk.reject(&caller.actor()?, id, required(&form.reason)?).await?;
    Ok(back(&caller, id, "rejected"))
}

/// What the form of a place sends.
#[derive(Deserialize)]
pub(crate) struct PlaceForm {
    code: String,
}

/// `POST …/tempat`.
pub(crate) async fn set_place(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<PlaceForm>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    let code = RegionCode::parse(form.code.trim()).map_err(|_| Failure::bad("console.failure.place"))?;
    if lexicons::gazetteer::Gazetteer::builtin().area(&code).is_none() {
        return Err(Failure::bad("console.failure.place"));
    }
    state.desk.set_place(&caller.actor()?, id, &code).await?;
    Ok(back(&caller, id, "placed"))
}

/// `POST …/tangani`.
pub(crate) async fn handle(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    state.desk.handle(&caller.actor()?, id).await?;
    Ok(back(&caller, id, "handled"))
}

/// `POST …/selesai`.
pub(crate) async fn finish(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    state.desk.finish(&caller.actor()?, id, required(&form.reason)?).await?;
    Ok(back(&caller, id, "finished"))
}

/// What the form of a merge sends.
#[derive(Deserialize)]
pub(crate) struct MergeForm {
    into: String,
}

/// `POST …/gabung`: takes this incident into another.
pub(crate) async fn merge(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<MergeForm>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    let into = IncidentId::parse(form.into.trim()).ok_or(Failure::bad("console.failure.form"))?;
    state.desk.merge(&caller.actor()?, id, into).await?;
    Ok(back(&caller, into, "merged"))
}

/// `POST …/rilis`: Bawaslu releases a KF-14 matter (SG-02).
pub(crate) async fn release(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Redirect, Failure> {
    let id = number(&id)?;
    state.desk.release(&caller.actor()?, id, required(&form.reason)?).await?;
    Ok(back(&caller, id, "released"))
}
