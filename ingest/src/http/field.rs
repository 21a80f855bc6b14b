//! The form for registered reporters behind a personal link: for phones, without JavaScript.

mod page;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use serde::Deserialize;
use stream::RegionCode;

use super::api::{RETRY_AFTER, room};
use super::note::{Note, NoteError};
use super::whereabouts::Whereabouts;
use super::{IngestState, ReporterGrant};
use page::{Received, guarded, message, page};

/// The largest form, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// What the address may carry beside the link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lang: String,
    terkirim: String,
    tempat: String,
}

impl Asked {
    fn lang(&self) -> Lang {
        Lang::parse(&self.lang).unwrap_or_default()
    }

    /// What was received: its number, and the place that it was understood to be about.
    fn received(&self) -> Option<Received> {
        let number: String = self.terkirim.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        let places = Gazetteer::in_use();
        let area = RegionCode::parse(&self.tempat).ok().filter(|code| places.area(code).is_some());
        (!number.is_empty()).then(|| Received { number, place: area.map(|code| places.full_name(&code)) })
    }
}

/// Shows the form.
pub(super) async fn show(
    State(state): State<IngestState>,
    Path(link): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let grant = match admit(&state, &link, asked.lang()).await {
        Ok(grant) => grant,
        Err(refusal) => return refusal,
    };
    let note = Note { nonce: (state.nonce)(), ..Note::default() };
    page(&grant, asked.lang(), &note, StatusCode::OK, None, None, asked.received())
}

/// Takes the form: as a post when everything is told, else shows what is missing or to choose.
pub(super) async fn send(
    State(state): State<IngestState>,
    Path(link): Path<String>,
    Query(asked): Query<Asked>,
    body: Bytes,
) -> Response {
    let lang = asked.lang();
    let grant = match admit(&state, &link, lang).await {
        Ok(grant) => grant,
        Err(refusal) => return refusal,
    };
    if body.len() > MAX_FORM {
        return message(lang, StatusCode::PAYLOAD_TOO_LARGE, "too_long_heading", "text_too_long");
    }
    let Ok(pairs) = serde_urlencoded::from_bytes::<Vec<(String, String)>>(&body) else {
        return message(lang, StatusCode::BAD_REQUEST, "broken_heading", "broken");
    };
    let mut note = Note::read(pairs);
    if !note.has_nonce() {
        note.nonce = (state.nonce)();
    }
    if let Some(flaw) = note.flaw() {
        return page(&grant, lang, &note, StatusCode::UNPROCESSABLE_ENTITY, Some(flaw.key()), None, None);
    }
    let places = Gazetteer::in_use();
    let whereabouts = note.whereabouts(&places, grant.region.as_ref());
    let area = match &whereabouts {
        Whereabouts::Area(code) => Some(code),
        Whereabouts::AsWritten => None,
        Whereabouts::Choose(_) | Whereabouts::Unknown => {
            return page(&grant, lang, &note, StatusCode::OK, None, Some(&whereabouts), None);
        }
    };
    match accept(&state, &note, area, &grant, &body).await {
        Ok(number) => {
            let lang = if lang == Lang::En { "&lang=en" } else { "" };
            let place = area.map(|code| format!("&tempat={code}")).unwrap_or_default();
            guarded(Redirect::to(&format!("/lapangan/{link}?terkirim={number}{place}{lang}")).into_response())
        }
        Err(refusal) => refusal(lang),
    }
}

/// Puts the note on the bus; gives the number shown to the reporter.
async fn accept(
    state: &IngestState,
    note: &Note,
    area: Option<&RegionCode>,
    grant: &ReporterGrant,
    body: &[u8],
) -> Result<String, fn(Lang) -> Response> {
    let later = |lang| {
        let mut response = message(lang, StatusCode::SERVICE_UNAVAILABLE, "later_heading", "later");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        response
    };
    let made = note.record(&Gazetteer::in_use(), area, grant, body, state.clock.now());
    let (post, record) = match made {
        Ok(made) => made,
        Err(NoteError::Item(_) | NoteError::Bus(_)) => {
            return Err(|lang| {
                message(lang, StatusCode::UNPROCESSABLE_ENTITY, "too_long_heading", "text_too_long")
            });
        }
    };
    room(&state.bus, state.max_lag).await.map_err(|_| later as fn(Lang) -> Response)?;
    if let Err(error) = state.bus.publish(vec![record]).await {
        tracing::warn!(%error, "a field note was not taken");
        return Err(later);
    }
    stream::metrics::posts_read(&post.source, 1);
    Ok(post.id.as_str()[..8].to_owned())
}

/// The reporter the link belongs to, or the page that refuses.
async fn admit(state: &IngestState, link: &str, lang: Lang) -> Result<ReporterGrant, Response> {
    match state.gate.reporter(link).await {
        Ok(Some(grant)) => Ok(grant),
        Ok(None) => Err(message(lang, StatusCode::NOT_FOUND, "unknown_heading", "unknown")),
        Err(error) => {
            tracing::warn!(%error, "a reporter's link could not be checked");
            Err(message(lang, StatusCode::SERVICE_UNAVAILABLE, "later_heading", "later"))
        }
    }
}
