//! The made-up offices: each reads the messages it gets and answers through the link in them, or stays silent.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use alerts::{Actor, Desk, DeskRole, IncidentId, NotificationView, Office};
use jiff::SignedDuration;
use stream::{Category, Clock};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::AnswerRule;

/// How often the offices look, by the machine's clock.
const LOOK: Duration = Duration::from_millis(500);

/// What of an incident decides an answer.
struct Matter {
    category: Category,
    posts: BTreeSet<String>,
}

/// Answers until `stop`.
pub(crate) async fn offices(desk: Desk, rules: Vec<AnswerRule>, clock: Clock, stop: CancellationToken) {
    let actors = [DeskRole::Analis, DeskRole::Bawaslu]
        .map(|role| Actor { name: "simulasi".to_owned(), role, regions: Vec::new() });
    loop {
        tokio::select! { () = tokio::time::sleep(LOOK) => {}, () = stop.cancelled() => return }
        for actor in &actors {
            if let Err(error) = round(&desk, actor, &rules, &clock).await {
                warn!(%error, "the made-up offices could not look at their messages");
            }
        }
    }
}

async fn round(desk: &Desk, actor: &Actor, rules: &[AnswerRule], clock: &Clock) -> Result<(), alerts::DeskError> {
    let mut matters: BTreeMap<IncidentId, Matter> = BTreeMap::new();
    for note in desk.notifications(actor, 2000).await? {
        let (Some(sent_at), None, Some(office), Some(token)) = (note.sent_at, note.answer, &note.office, token(&note))
        else {
            continue;
        };
        if !matters.contains_key(&note.incident) {
            let view = desk.incident(actor, note.incident).await?;
            let posts = view.posts.iter().filter_map(|post| post.finding.post.sender_id.clone()).collect();
            matters.insert(note.incident, Matter { category: view.incident.category, posts });
        }
        let Some(rule) = rules.iter().find(|rule| fits(rule, office, &matters[&note.incident])) else { continue };
        if sent_at + SignedDuration::from_mins(i64::from(rule.after_minutes)) <= clock.now() {
            desk.answer(token, rule.answer).await?;
        }
    }
    Ok(())
}

fn fits(rule: &AnswerRule, office: &Office, matter: &Matter) -> bool {
    rule.post.as_ref().is_none_or(|post| matter.posts.contains(post))
        && rule.role.as_ref().is_none_or(|role| office.role.as_str() == role)
        && rule.region.as_ref().is_none_or(|region| region.contains(&office.region))
        && rule.category.is_none_or(|category| category == matter.category)
}

/// The last part of the answer link in a message.
fn token(note: &NotificationView) -> Option<&str> {
    let (_, rest) = note.body.split_once("/j/")?;
    rest.split_whitespace().next()
}
