//! The pages of the field form: the form with what is to be filled in anew or chosen, and what stands in its place.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use sha2::{Digest, Sha256};
use stream::RegionCode;

use super::super::ReporterGrant;
use super::super::note::{MAX_CHARS, Note, SEEN};
use super::super::whereabouts::{MAX_CHOICES, Whereabouts};

/// The page's style; the policy below allows this one only.
const STYLE: &str = include_str!("../../../templates/lapangan.css");

/// Nothing but this page's own form and style runs or loads.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// A note that was received.
pub(super) struct Received {
    pub(super) number: String,
    /// The full name of the area it names; nothing for one without, or as written.
    pub(super) place: Option<String>,
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

pub(super) fn page(
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

pub(super) fn message(lang: Lang, status: StatusCode, heading: &str, text: &str) -> Response {
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
pub(super) fn guarded(mut response: Response) -> Response {
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
