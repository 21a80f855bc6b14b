//! The posts of an incident, without their authors, copies of one text together.

use std::collections::BTreeSet;

use sqlx::Row;
use stream::{Author, Category, Finding, Part, Place, Post, Queue, RegionCode};

use crate::db::{Db, DbError};
use crate::group;
use crate::model::*;
use crate::store;

/// The field of a field note that holds the area of its reporter.
const HOME: &str = "reporter_region";

/// The posts of `incident`; one that shows two matters which a person merged stands once, under the incident's own
/// category if it has that.
pub(super) async fn posts(db: &Db, incident: &Incident) -> Result<Vec<PostView>, DbError> {
    let rows = sqlx::query(
        "SELECT s.post, s.category, s.author_key, s.copy_key, f.doc, f.sha256, e.raw FROM signals s
         JOIN findings f ON f.finding = s.finding
         LEFT JOIN evidence e ON e.post = s.post AND e.sha256 = f.sha256
         WHERE s.incident = $1 ORDER BY s.event_at, s.post, CASE WHEN s.category = $2 THEN 0 ELSE 1 END, s.category",
    )
    .bind(incident.id.0)
    .bind(incident.category.as_str())
    .fetch_all(db.pool())
    .await?;
    let mut posts: Vec<Copies> = Vec::new();
    for row in rows {
        let (copy, post): (String, String) = (row.try_get("copy_key")?, row.try_get("post")?);
        if let Some(first) = posts.iter_mut().find(|first| first.copy == copy) {
            first.posts.insert(post);
            continue;
        }
        let mut finding: Finding = serde_json::from_str(&row.try_get::<String, _>("doc")?)?;
        let code: String = row.try_get("category")?;
        let category = Category::parse(&code).ok_or(DbError::BadValue { column: "category", value: code })?;
        let own = finding.signals.iter().find(|signal| signal.category == category);
        let outside = own.and_then(|signal| outside(&finding.post, &signal.place));
        let clues = own.map(|signal| signal.place.clues.clone()).unwrap_or_default();
        only_for(&mut finding, incident.queue);
        // A news house is its own author; without one nobody is shown: posts of many hands share that key.
        let known = finding.post.channel == stream::Channel::Berita
            || finding.post.author.as_ref().is_some_and(|it| it.handle.is_some() || it.name.is_some());
        hide_author(&mut finding);
        let sha256: String = row.try_get("sha256")?;
        let intact = row.try_get::<Option<String>, _>("raw")?.is_some_and(|raw| is_intact(&raw, &sha256));
        let author = if known { Some(row.try_get("author_key")?) } else { None };
        let shown = PostView { finding, category, copies: 1, author, outside, clues, intact, sha256 };
        posts.push(Copies { copy, posts: BTreeSet::from([post]), shown });
    }
    Ok(posts.into_iter().map(Copies::counted).collect())
}

/// Leaves of `finding` what the readers of `queue` may see: how the same post reads for the other desk is not shown
/// (SG-18), on the page as through the API. That an office which it accuses there is told of neither matter (SG-14) does
/// show; its reason then names no complaint.
fn only_for(finding: &mut Finding, queue: Queue) {
    finding.signals.retain(|signal| signal.queue() == queue);
    finding.cleared.retain(|cleared| cleared.category.queue() == queue);
    for account in finding.signals.iter_mut().filter_map(|signal| signal.account.as_mut()) {
        account.runner_up.take_if(|other| other.category.queue() != queue);
    }
}

/// The area that the reporter of `post` is registered for, when `place` lies outside of it.
fn outside(post: &Post, place: &Place) -> Option<RegionCode> {
    let home = post.extra.get(HOME).filter(|_| post.verified_reporter())?;
    let (home, place) = (RegionCode::parse(home.as_str()?).ok()?, group::sure_place(place)?);
    // A place known less deeply than the area may lie in it.
    (!home.contains(&place) && !place.contains(&home)).then_some(home)
}

/// Posts of one text, the first of them shown.
struct Copies {
    copy: String,
    posts: BTreeSet<String>,
    shown: PostView,
}

impl Copies {
    fn counted(self) -> PostView {
        let copies = i64::try_from(self.posts.len()).unwrap_or(i64::MAX);
        PostView { copies, ..self.shown }
    }
}

/// Whether the bytes kept still have the hash they came with (SG-07).
fn is_intact(base64: &str, sha256: &str) -> bool {
    let kept = serde_json::json!({ "base64": base64, "sha256": sha256 });
    serde_json::from_value::<stream::Raw>(kept).is_ok_and(|raw| raw.bytes().is_some())
}

/// Takes name and handle out; the profile text stays only where a hit points into it (SG-03).
fn hide_author(finding: &mut Finding) {
    let in_bio = finding
        .signals
        .iter()
        .flat_map(|signal| {
            let subject = signal.subject.iter().filter_map(|subject| subject.span);
            let accused = signal.accused.iter().filter_map(|accused| accused.span);
            signal.hits.iter().flat_map(|hit| hit.spans.iter().copied()).chain(subject).chain(accused)
        })
        .any(|span| span.part == Part::Bio);
    if let Some(author) = &mut finding.post.author {
        let bio = author.bio.take().filter(|_| in_bio);
        *author = Author { bio, verified_reporter: author.verified_reporter, ..Author::default() };
    }
}

/// The incidents that `posts` stand in, as far as `actor` may open them.
pub(crate) async fn incidents_of(
    db: &Db,
    actor: &Actor,
    posts: &[&str],
) -> Result<Vec<(String, IncidentId, Queue)>, DbError> {
    let mut found = Vec::new();
    for post in posts {
        let rows = sqlx::query(
            "SELECT DISTINCT i.id, i.queue, i.place FROM signals s JOIN incidents i ON i.id = s.incident
             WHERE s.post = $1 ORDER BY i.id",
        )
        .bind(*post)
        .fetch_all(db.pool())
        .await?;
        for row in rows {
            let queue: String = row.try_get("queue")?;
            let place: Option<String> = row.try_get("place")?;
            let place = place.map(|place| store::region("place", &place)).transpose()?;
            if let Some(queue) = Queue::parse(&queue).filter(|queue| actor.acts(*queue, place.as_ref())) {
                found.push(((*post).to_owned(), IncidentId(row.try_get("id")?), queue));
            }
        }
    }
    Ok(found)
}
