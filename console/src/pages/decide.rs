//! What a person decides on an incident: each press is one act of the desk, then back to the page.

use alerts::{Actor, Apart, Confirmed, Desk, IncidentId, PlaceSet, Placed, Status};
use axum::RequestExt;
use axum::extract::{Form, FromRequest, Path, Request};
use axum::response::Redirect;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use stream::{Queue, RegionCode, Severity};

use super::incident::{base, number, side};
use crate::shell::{Caller, told_by};
use crate::view::places::lies_outside;
use crate::{ConsoleState, Failure};

/// The frame of every press: who presses, on which incident, with what in the form, and where it leads back to.
pub(crate) struct Press<F> {
    desk: Desk,
    actor: Actor,
    id: IncidentId,
    form: F,
    pages: &'static str,
    neutral: bool,
}

/// The page after a press, or why it could not be done.
type Done = Result<Redirect, Failure>;

impl<F: DeserializeOwned> FromRequest<ConsoleState> for Press<F> {
    type Rejection = Failure;

    async fn from_request(mut request: Request, state: &ConsoleState) -> Result<Self, Failure> {
        let caller: Caller = request.extract_parts().await?;
        let path = request.extract_parts::<Path<String>>().await.map_err(|_| Failure::NotFound)?;
        let form = Form::<F>::from_request(request, &()).await;
        let Form(form) = form.map_err(|_| Failure::bad("console.failure.form"))?;
        let (desk, actor) = (state.desk.clone(), caller.actor()?);
        let queue = side(&caller);
        let neutral = queue == Queue::Netralitas;
        Ok(Press { desk, actor, id: number(&path)?, form, pages: base(queue), neutral })
    }
}

impl<F> Press<F> {
    /// Back to the page of the incident, with what was done.
    fn done(&self, news: &str) -> Done {
        self.to(self.id, news)
    }

    fn to(&self, id: IncidentId, news: &str) -> Done {
        Ok(Redirect::to(&format!("{}/{id}?kabar={news}", self.pages)))
    }
}

/// A press that needs no more than the button.
#[derive(Deserialize)]
pub(crate) struct Button {}

/// A reason or note that goes into the history.
#[derive(Deserialize)]
pub(crate) struct ReasonForm {
    #[serde(default)]
    reason: String,
}

impl Press<ReasonForm> {
    /// The reason, which may not be empty.
    fn reason(&self) -> Result<&str, Failure> {
        let text = self.form.reason.trim();
        if text.is_empty() { Err(Failure::bad("console.failure.reason")) } else { Ok(text) }
    }
}

/// What the form of a confirmation sends.
#[derive(Deserialize)]
pub(crate) struct ConfirmForm {
    severity: String,
    #[serde(default)]
    call_back: String,
}

/// `POST …/konfirmasi`.
pub(crate) async fn confirm(press: Press<ConfirmForm>) -> Done {
    let severity = Severity::parse(&press.form.severity).ok_or(Failure::bad("console.failure.form"))?;
    let call_back = Some(press.form.call_back.trim()).filter(|note| !note.is_empty());
    match press.desk.confirm(&press.actor, press.id, Some(severity), call_back).await? {
        // What is for Bawaslu leaves on a release, not on a confirmation.
        Confirmed::At(_) if press.neutral => {
            let view = press.desk.incident(&press.actor, press.id).await?;
            press.done(if view.forwarded() { "confirmed_forwarded" } else { "confirmed_only" })
        }
        Confirmed::At(_) => {
            let view = press.desk.incident(&press.actor, press.id).await?;
            press.done(if view.incident.place.is_some() { "confirmed" } else { "confirmed_nowhere" })
        }
        Confirmed::WaitsForSecond => press.done("waits"),
    }
}

/// `POST …/tolak`.
pub(crate) async fn reject(press: Press<ReasonForm>) -> Done {
    press.desk.reject(&press.actor, press.id, press.reason()?).await?;
    press.done("rejected")
}

/// What the form of a place sends.
#[derive(Deserialize)]
pub(crate) struct PlaceForm {
    code: String,
    /// The reader has been asked whether it lies outside of its kabupaten.
    #[serde(default)]
    yakin: String,
}

/// `POST …/tempat`.
pub(crate) async fn set_place(press: Press<PlaceForm>) -> Done {
    let code = RegionCode::parse(press.form.code.trim());
    let code = code.map_err(|_| Failure::bad("console.failure.place"))?;
    if lexicons::gazetteer::Gazetteer::in_use().area(&code).is_none() {
        return Err(Failure::bad("console.failure.place"));
    }
    if press.form.yakin.is_empty() {
        let view = press.desk.incident(&press.actor, press.id).await?;
        if lies_outside(view.incident.place.as_ref(), &code) {
            return Ok(Redirect::to(&format!("{}/{}?luar={code}#tempat", press.pages, press.id)));
        }
    }
    let PlaceSet { placed, told } = press.desk.set_place(&press.actor, press.id, &code).await?;
    let told = told_by(&told);
    match placed {
        Placed::Into(into) => press.to(into, &format!("placed_merged&dari={}&{told}", press.id)),
        Placed::Here { taken } if taken.is_empty() => press.done(&format!("placed&{told}")),
        Placed::Here { taken } => {
            let taken: Vec<String> = taken.iter().map(ToString::to_string).collect();
            press.done(&format!("placed_taken&dari={}&{told}", taken.join(",")))
        }
    }
}

/// `POST …/tangani`.
pub(crate) async fn handle(press: Press<Button>) -> Done {
    match press.desk.handle(&press.actor, press.id).await? {
        // An office set out, or a colleague pressed, while this page was open.
        Status::Ditangani => press.done("handled_too"),
        _ => press.done("handled"),
    }
}

/// `POST …/selesai`.
pub(crate) async fn finish(press: Press<ReasonForm>) -> Done {
    press.desk.finish(&press.actor, press.id, press.reason()?).await?;
    press.done("finished")
}

/// What the form of a merge sends.
#[derive(Deserialize)]
pub(crate) struct MergeForm {
    into: String,
}

/// `POST …/gabung`: takes this incident into another.
pub(crate) async fn merge(press: Press<MergeForm>) -> Done {
    let into = IncidentId::parse(press.form.into.trim()).ok_or(Failure::bad("console.failure.form"))?;
    press.desk.merge(&press.actor, press.id, into).await?;
    press.to(into, "merged")
}

/// What the form of a post that does not belong here sends.
#[derive(Deserialize)]
pub(crate) struct PartForm {
    post: String,
    #[serde(default)]
    why: String,
}

/// `POST …/keluarkan`: takes a post out of this incident, into one of its own.
pub(crate) async fn part(press: Press<PartForm>) -> Done {
    let why = Apart::parse(press.form.why.trim()).ok_or(Failure::bad("console.failure.reason"))?;
    let post = press.form.post.trim();
    let made = press.desk.part(&press.actor, press.id, post, why).await?;
    let open = press.desk.incidents_of(&press.actor, &[post]).await?;
    // On its own it may lie where the account does not reach.
    if !open.iter().any(|(_, id, _)| *id == made) {
        return press.done(&format!("parted_elsewhere&dari={made}"));
    }
    press.to(made, &format!("parted&dari={}", press.id))
}

/// `POST …/rilis`: Bawaslu releases a KF-14 matter (SG-02).
pub(crate) async fn release(press: Press<ReasonForm>) -> Done {
    press.desk.release(&press.actor, press.id, press.reason()?).await?;
    let forwarded = press.desk.incident(&press.actor, press.id).await?.forwarded();
    press.done(if forwarded { "released" } else { "released_to_nobody" })
}
