//! What a post calls a place that several bear, or that no list has: whoever hears of the matter hears that it is a guess.

use lexicons::gazetteer::Gazetteer;
use sqlx::AnyConnection;
use stream::{Category, Finding, Level, Place, Post};

use crate::Incident;
use crate::db::DbError;
use crate::message::Doubt;

/// So many of the gravest posts are asked for names that no list has, and so many names are told.
const ASKED: i64 = 5;
const NAMES: usize = 3;

/// What is not sure of the place of `incident`. Of what is Bawaslu's no village is named.
pub(crate) async fn doubt(conn: &mut AnyConnection, incident: &Incident) -> Result<Doubt, DbError> {
    let level = incident.place.as_ref().map(|place| place.level());
    if incident.category == Category::Kf14 {
        return Ok(Doubt::default());
    }
    let guess = match level {
        Some(level) if level <= Level::Kabupaten => guess(conn, incident).await?,
        _ => None,
    };
    let mut unlisted: Vec<String> = Vec::new();
    if level != Some(Level::Desa) {
        for finding in gravest(conn, incident, "", ASKED).await? {
            let own = finding.signals.iter().find(|signal| signal.category == incident.category);
            let spans = own.into_iter().flat_map(|signal| &signal.place.hamlets);
            for name in spans.filter_map(|span| span.of(&finding.post)).map(one_line) {
                if !unlisted.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
                    unlisted.push(name);
                }
            }
        }
        unlisted.truncate(NAMES);
    }
    Ok(Doubt { guess, unlisted })
}

/// The words by which the gravest post of `incident` names a place that several bear, empty where they are not known;
/// `None` where no post does, or a person has set the place.
async fn guess(conn: &mut AnyConnection, incident: &Incident) -> Result<Option<String>, DbError> {
    let open = " AND s.choices > 1 AND i.place_set = 0";
    let Some(finding) = gravest(conn, incident, open, 1).await?.pop() else { return Ok(None) };
    let own = finding.signals.iter().find(|signal| signal.category == incident.category);
    Ok(Some(own.and_then(|signal| words(&finding.post, &signal.place)).unwrap_or_default()))
}

/// The findings of the gravest posts of `incident` under its own category that satisfy `more`, as many as `limit`.
async fn gravest(
    conn: &mut AnyConnection,
    incident: &Incident,
    more: &'static str,
    limit: i64,
) -> Result<Vec<Finding>, DbError> {
    let docs: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT f.doc FROM signals s JOIN findings f ON f.finding = s.finding JOIN incidents i ON i.id = s.incident
         WHERE s.incident = $1 AND s.category = $2{more} ORDER BY s.severity DESC, s.event_at, s.post LIMIT {limit}"
    )))
    .bind(incident.id.0)
    .bind(incident.category.as_str())
    .fetch_all(conn)
    .await?;
    docs.iter().map(|doc| Ok(serde_json::from_str(doc)?)).collect()
}

/// The words of `post` that name one of the candidates of `place`. What its author says of himself is nobody's to read.
fn words(post: &Post, place: &Place) -> Option<String> {
    let land = Gazetteer::in_use();
    let areas = place.candidates.iter().filter_map(|candidate| land.area(&candidate.code));
    let names: Vec<String> = areas.map(|area| land.name_of(area).to_lowercase()).collect();
    let told = place.clues.iter().filter(|clue| clue.kind != "bio").filter_map(|clue| clue.span?.of(post));
    told.map(one_line).find(|words| names.iter().any(|name| words.to_lowercase().contains(name)))
}

/// `words` with single blanks between them.
fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
