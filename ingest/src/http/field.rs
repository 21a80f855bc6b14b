//! The form for registered reporters behind a personal link: for phones, without JavaScript.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use stream::RegionCode;

use super::api::{RETRY_AFTER, room};
use super::note::{MAX_CHARS, Note, NoteError, SEEN};
use super::whereabouts::{MAX_CHOICES, Whereabouts};
use super::{IngestState, ReporterGrant};

/// The largest form, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// The page's style; the policy below allows this one only.
const STYLE: &str = include_str!("../../templates/lapangan.css");

/// Nothing but this page's own form and style runs or loads.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

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

/// A note that was received.
struct Received {
    number: String,
    /// The full name of the area it names; nothing for one without, or as written.
    place: Option<String>,
}

/// A place to choose.
struct Choice {
    code: String,
    name: String,
}

/// A thing to tick.
struct Tick {
    code: &'static str,
    words: &'static str,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "lapangan.html")]
struct Page<'a> {
    lang: Lang,
    title: &'a str,
    region: String,
    note: &'a Note,
    ticks: Vec<Tick>,
    choices: Vec<Choice>,
    /// How many places more there are to choose from, and how to get at them.
    more: Option<String>,
    unknown_place: bool,
    place_hint: String,
    position_hint: String,
    flaw: Option<String>,
    received: Option<Received>,
}

impl Page<'_> {
    fn t(&self, key: &str) -> &'static str {
        self.lang.get(&format!("ingest.field.{key}"))
    }

    fn max_chars(&self) -> usize {
        MAX_CHARS
    }

    fn style(&self) -> &'static str {
        STYLE
    }
}

#[derive(Template)]
#[template(path = "lapangan_pesan.html")]
struct Message<'a> {
    lang: Lang,
    heading: &'a str,
    text: &'a str,
    style: &'static str,
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

fn page(
    grant: &ReporterGrant,
    lang: Lang,
    note: &Note,
    status: StatusCode,
    flaw: Option<&'static str>,
    place: Option<&Whereabouts>,
    received: Option<Received>,
) -> Response {
    let places = Gazetteer::in_use();
    let choices = match place {
        Some(Whereabouts::Choose(codes)) => {
            let choice = |code: &RegionCode| Choice { code: code.to_string(), name: places.full_name(code) };
            codes.iter().take(MAX_CHOICES).map(choice).collect()
        }
        _ => Vec::new(),
    };
    let more = match place {
        Some(Whereabouts::Choose(codes)) => codes.len().checked_sub(MAX_CHOICES).filter(|more| *more > 0),
        _ => None,
    };
    let (place_like, position_like) = example(&places, grant.region.as_ref(), lang);
    let example = [("place", place_like.as_str()), ("position", position_like.as_str())];
    let ticks = SEEN.into_iter().map(|code| Tick {
        code,
        words: lang.get(&format!("ingest.field.seen.{code}")),
        ticked: note.seen.contains(&code),
    });
    let page = Page {
        lang,
        title: &grant.title,
        region: grant.region.as_ref().map(|region| places.full_name(region)).unwrap_or_default(),
        note,
        ticks: ticks.collect(),
        choices,
        more: more.map(|more| lang.fill("ingest.field.place_more", &[("more", &more.to_string())])),
        unknown_place: place == Some(&Whereabouts::Unknown),
        place_hint: lang.fill("ingest.field.place_hint", &example),
        position_hint: lang.fill("ingest.field.position_hint", &example),
        flaw: flaw.map(|key| lang.fill(key, &example)),
        received,
    };
    rendered(status, page.render())
}

/// A place and a position as they may be written: those of the first village of the reporter's own area.
fn example(places: &Gazetteer, region: Option<&RegionCode>, lang: Lang) -> (String, String) {
    let first = region.cloned().map(|mut at| {
        while let Some(inside) = places.children(&at).into_iter().next() {
            at = inside;
        }
        at
    });
    let name = |code: &RegionCode| places.name(code).map(str::to_owned);
    let place = first.as_ref().and_then(|code| {
        let around = code.parent().as_ref().and_then(name);
        Some([name(code), around].into_iter().flatten().collect::<Vec<_>>().join(", "))
            .filter(|place| !place.is_empty())
    });
    let position = first.as_ref().and_then(|code| places.center(code));
    let neutral = |key: &str| lang.get(&format!("ingest.field.{key}")).to_owned();
    (
        place.unwrap_or_else(|| neutral("place_like")),
        position.map_or_else(|| neutral("position_like"), |(lat, lon)| format!("{lat:.4}, {lon:.4}")),
    )
}

fn message(lang: Lang, status: StatusCode, heading: &str, text: &str) -> Response {
    let heading = lang.get(&format!("ingest.field.{heading}"));
    let text = lang.get(&format!("ingest.field.{text}"));
    rendered(status, Message { lang, heading, text, style: STYLE }.render())
}

fn rendered(status: StatusCode, page: askama::Result<String>) -> Response {
    match page {
        Ok(page) => guarded((status, Html(page)).into_response()),
        Err(error) => {
            tracing::error!(%error, "a page of the field form cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The link is a secret: nothing keeps it, nothing passes it on.
fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
