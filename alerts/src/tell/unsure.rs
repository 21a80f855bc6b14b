//! What a post calls a place that several bear: whoever hears of the region around them all hears that it is a guess.

use lexicons::gazetteer::Gazetteer;
use stream::{Category, Finding, Level, Place, Post};

use crate::Incident;
use crate::db::{DbError, Tx};

/// The words by which the gravest post of `incident` names a place that several bear, empty where they are not known;
/// `None` where no post does, a person has set the place, or it is known to a kecamatan. Of what is Bawaslu's no village
/// is named.
pub(super) async fn named(tx: &mut Tx, incident: &Incident) -> Result<Option<String>, DbError> {
    let wide = incident.place.as_ref().is_some_and(|place| place.level() <= Level::Kabupaten);
    if !wide || incident.category == Category::Kf14 {
        return Ok(None);
    }
    let doc: Option<String> = sqlx::query_scalar(
        "SELECT f.doc FROM signals s JOIN findings f ON f.finding = s.finding JOIN incidents i ON i.id = s.incident
         WHERE s.incident = $1 AND s.category = $2 AND s.choices > 1 AND i.place_set = 0
         ORDER BY s.severity DESC, s.event_at, s.post LIMIT 1",
    )
    .bind(incident.id.0)
    .bind(incident.category.as_str())
    .fetch_optional(tx.conn())
    .await?;
    let Some(doc) = doc else { return Ok(None) };
    let finding: Finding = serde_json::from_str(&doc)?;
    let own = finding.signals.iter().find(|signal| signal.category == incident.category);
    Ok(Some(own.and_then(|signal| words(&finding.post, &signal.place)).unwrap_or_default()))
}

/// The words of `post` that name one of the candidates of `place`. What its author says of himself is nobody's to read.
fn words(post: &Post, place: &Place) -> Option<String> {
    let land = Gazetteer::in_use();
    let areas = place.candidates.iter().filter_map(|candidate| land.area(&candidate.code));
    let names: Vec<String> = areas.map(|area| land.name_of(area).to_lowercase()).collect();
    let told = place.clues.iter().filter(|clue| clue.kind != "bio").filter_map(|clue| clue.span?.of(post));
    let words = told.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
    words.into_iter().find(|words| names.iter().any(|name| words.to_lowercase().contains(name)))
}
