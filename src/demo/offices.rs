//! The made-up offices: each reads the messages it gets and answers through the link in them, or stays silent.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use alerts::{Actor, Answer, Desk, DeskError, DeskRole, IncidentId, Office};
use jiff::SignedDuration;
use stream::{Category, Clock};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::AnswerRule;

/// How often the offices look, by the machine's clock, while the day is run through …
const LOOK: Duration = Duration::from_millis(500);
/// … and once the clock goes at the machine's pace: looking costs a third of a core.
const LOOK_LATER: Duration = Duration::from_secs(5);

/// What of an incident decides an answer.
struct Matter {
    category: Category,
    posts: BTreeSet<String>,
}

impl Matter {
    async fn of(desk: &Desk, actor: &Actor, id: IncidentId) -> Result<Matter, DeskError> {
        let view = desk.incident(actor, id).await?;
        let posts = view.posts.iter().filter_map(|post| post.finding.post.sender_id.clone()).collect();
        Ok(Matter { category: view.incident.category, posts })
    }
}

/// The answer links in the messages that lie in the offices' folders, by the number of the message.
struct Mail {
    folder: PathBuf,
    links: BTreeMap<String, String>,
    /// Links that took no answer: each is told of once and not pressed again.
    refused: BTreeSet<String>,
}

impl Mail {
    /// Opens what has come in since the last look.
    fn look(&mut self) -> std::io::Result<()> {
        for office in std::fs::read_dir(&self.folder).into_iter().flatten() {
            for message in std::fs::read_dir(office?.path())? {
                let path = message?.path();
                let name =
                    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                // A name is the message's number and the beginning of its id.
                let Some((number, _)) = name.rsplit_once('-') else { continue };
                if path.extension().is_some_and(|end| end == "txt") && !self.links.contains_key(number) {
                    let token = token(&std::fs::read_to_string(&path)?).unwrap_or_default();
                    self.links.insert(number.to_owned(), token);
                }
            }
        }
        Ok(())
    }
}

/// The last part of the answer link in a message.
fn token(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("/j/")?;
    rest.split_whitespace().next().map(str::to_owned)
}

/// Answers the messages in `folder` until `stop`.
pub(crate) async fn offices(
    desk: Desk,
    folder: PathBuf,
    rules: Vec<AnswerRule>,
    clock: Clock,
    stop: CancellationToken,
) {
    let actors = [DeskRole::Analis, DeskRole::Bawaslu].map(|role| Actor {
        name: "simulasi".to_owned(),
        role,
        regions: Vec::new(),
    });
    let mut mail = Mail { folder, links: BTreeMap::new(), refused: BTreeSet::new() };
    loop {
        let pause = clock.real(Duration::from_secs(60)).clamp(LOOK, LOOK_LATER);
        tokio::select! { () = tokio::time::sleep(pause) => {}, () = stop.cancelled() => return }
        if let Err(error) = mail.look() {
            warn!(%error, "the made-up offices could not open their messages");
        }
        for actor in &actors {
            match due(&desk, &mail, actor, &rules, &clock).await {
                Ok(due) => {
                    press(due, &mut mail.refused, |token, answer| answer_one(&desk, token, answer)).await;
                }
                Err(error) => warn!(%error, "the made-up offices could not answer"),
            }
        }
    }
}

async fn answer_one(desk: &Desk, token: String, answer: Answer) -> Result<(), DeskError> {
    desk.answer(&token, answer).await.map(drop)
}

/// Gives every answer of `due`, each through its own link: one that is refused holds up no other office.
async fn press<F>(
    due: Vec<(String, Answer)>,
    refused: &mut BTreeSet<String>,
    mut answer_one: impl FnMut(String, Answer) -> F,
) where
    F: Future<Output = Result<(), DeskError>>,
{
    for (token, answer) in due {
        if refused.contains(&token) {
            continue;
        }
        if let Err(error) = answer_one(token.clone(), answer).await {
            if is_fault(&error) {
                warn!(%error, "a made-up office could not answer");
            }
            if !error.is_retryable() {
                refused.insert(token);
            }
        }
    }
}

/// Whether `error` is worth a warning: that the desk has closed or joined the matter meanwhile is none.
fn is_fault(error: &DeskError) -> bool {
    !matches!(error, DeskError::Refused(_) | DeskError::Status { .. })
}

/// The answers that `rules` have ready by now, each with the token of its link.
async fn due(
    desk: &Desk,
    mail: &Mail,
    actor: &Actor,
    rules: &[AnswerRule],
    clock: &Clock,
) -> Result<Vec<(String, Answer)>, DeskError> {
    let mut due = Vec::new();
    let mut matters: BTreeMap<IncidentId, Matter> = BTreeMap::new();
    for note in desk.notifications(actor, 2000).await? {
        let (Some(sent_at), None, Some(office)) = (note.sent_at, note.answer, &note.office) else { continue };
        let Some(token) = mail.links.get(&note.number).filter(|token| !token.is_empty()) else { continue };
        let matter = match matters.entry(note.incident) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Matter::of(desk, actor, note.incident).await?),
        };
        let Some(rule) = rules.iter().find(|rule| fits(rule, office, matter)) else { continue };
        if sent_at + SignedDuration::from_mins(i64::from(rule.after_minutes)) <= clock.now() {
            due.push((token.clone(), rule.answer));
        }
    }
    Ok(due)
}

fn fits(rule: &AnswerRule, office: &Office, matter: &Matter) -> bool {
    rule.post.as_ref().is_none_or(|post| matter.posts.contains(post))
        && rule.role.as_ref().is_none_or(|role| office.role.as_str() == role)
        && rule.region.as_ref().is_none_or(|region| region.contains(&office.region))
        && rule.category.is_none_or(|category| category == matter.category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_that_answers_what_is_closed_is_nothing_to_warn_of() {
        assert!(!is_fault(&DeskError::Refused("closed")));
        assert!(is_fault(&DeskError::NotFound));
    }

    #[tokio::test]
    async fn an_office_whose_link_is_refused_holds_up_no_other_and_is_not_asked_again() {
        let due = || vec![("mati".to_owned(), Answer::Tahu), ("hidup".to_owned(), Answer::Menuju)];
        let (mut refused, mut pressed) = (BTreeSet::new(), Vec::new());
        for _ in 0..3 {
            press(due(), &mut refused, |token, _| {
                let dead = token == "mati";
                pressed.push(token);
                async move { if dead { Err(DeskError::NotFound) } else { Ok(()) } }
            })
            .await;
        }
        assert_eq!(pressed, ["mati", "hidup", "hidup", "hidup"]);
    }
}
