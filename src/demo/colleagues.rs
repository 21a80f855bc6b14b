//! The made-up colleagues at the desk: through the day two analysts and one of Bawaslu decide as a careful officer
//! would, so that whoever signs in finds a desk at work and not a day that nobody looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use alerts::{Actor, Desk, DeskError, DeskRole, Incident, IncidentId, QueueFilter, Status};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use stream::{Category, Clock, Queue, Severity};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::DayPost;

/// How often they look, in minutes of the day.
const LOOK_MIN: u64 = 3;
/// They look no oftener than this, by the machine's clock: a day that is played faster has less watchful colleagues.
const LEAST: Duration = Duration::from_millis(100);

/// How a matter is treated; of the rules in `desk.toml` the first whose keys all fit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeskRule {
    /// The incident holds one of these posts.
    posts: Option<Vec<String>>,
    category: Option<Category>,
    /// The severity that its signals propose.
    proposed: Option<Severity>,
    /// Minutes until it is confirmed or turned down; none: it is left to whoever signs in.
    after_minutes: Option<u32>,
    /// At what it is confirmed; none: what a careful officer would propose.
    severity: Option<Severity>,
    /// Minutes after the first person until a second one confirms AWAS; none: that is left to whoever signs in.
    second_after: Option<u32>,
    /// Minutes without a new post until it is declared over; none: it stays in hand.
    finish_after: Option<u32>,
    /// Bawaslu passes it on to the regency once it is confirmed.
    #[serde(default)]
    release: bool,
}

/// `desk.toml`: what the colleagues write and how they treat what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeskFile {
    /// Why they turn a matter down.
    turned_down: String,
    /// How they close one.
    closed: String,
    /// Why they pass one on.
    passed_on: String,
    rule: Vec<DeskRule>,
}

impl DeskRule {
    fn fits(&self, incident: &Incident, posts: &BTreeSet<String>) -> bool {
        self.posts.as_ref().is_none_or(|named| named.iter().any(|post| posts.contains(post)))
            && self.category.is_none_or(|category| category == incident.category)
            && self.proposed.is_none_or(|severity| severity == incident.proposed)
    }
}

/// What a careful officer would want of each post: its category and the severity.
pub(crate) struct Truth(BTreeMap<String, (Category, Severity)>);

impl Truth {
    /// As the day's posts say it; what belongs in no queue is left out.
    pub(crate) fn of(posts: &[DayPost]) -> Truth {
        let wanted = posts.iter().filter_map(|post| {
            let text = |key: &str| post.expect.get(key).and_then(|value| value.as_str());
            let id = post.item.get("id")?.as_str()?.to_owned();
            Queue::parse(text("queue")?)?;
            Some((id, (Category::parse(text("category")?)?, Severity::parse(text("severity")?)?)))
        });
        Truth(wanted.collect())
    }

    /// The gravest that is right for a matter of `category` with `posts`; `None` when none of them belongs into its
    /// queue. What stands there under another category than the right one is worth a look, not more.
    fn severity(&self, category: Category, posts: &BTreeSet<String>) -> Option<Severity> {
        let queue = |known: Category| known.queue() == category.queue();
        let right = posts.iter().filter_map(|post| self.0.get(post)).filter(|(known, _)| queue(*known));
        let counted = right.map(|(known, severity)| match *known == category {
            true => *severity,
            false => (*severity).min(Severity::Waspada),
        });
        counted.max()
    }
}

/// What is to be done with a matter now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Confirm(Severity),
    /// The second person confirms AWAS.
    Second,
    Release,
    TurnDown,
    Handle,
    Finish,
}

/// The next step with `incident`, which holds `posts`, at `now`; `None` while there is nothing to do.
fn next(
    incident: &Incident,
    posts: &BTreeSet<String>,
    truth: &Truth,
    rule: &DeskRule,
    now: Timestamp,
) -> Option<Step> {
    let past = |since: Timestamp, minutes: u32| since + SignedDuration::from_mins(i64::from(minutes)) <= now;
    let decide = rule.after_minutes?;
    let right = truth.severity(incident.category, posts);
    if incident.status == Status::Baru {
        // A joke that counts as NORMAL is neither told of nor turned down.
        let step = match right {
            None => Step::TurnDown,
            Some(Severity::Normal) if incident.queue == Queue::Konflik => return None,
            Some(right) => Step::Confirm(rule.severity.unwrap_or(right)),
        };
        return past(incident.first_event, decide).then_some(step);
    }
    if incident.awas_waits_for_second.is_some() {
        return rule
            .second_after
            .filter(|minutes| past(incident.first_event, decide + minutes))
            .map(|_| Step::Second);
    }
    let level = rule.severity.or(right);
    if let Some(graver) = level.filter(|level| incident.effective.is_some_and(|held| held < *level)) {
        return past(incident.last_event, decide).then_some(Step::Confirm(graver));
    }
    if rule.release && !incident.released {
        return Some(Step::Release);
    }
    let over = rule.finish_after.is_some_and(|minutes| past(incident.last_event, minutes));
    match incident.status {
        Status::Dikonfirmasi if past(incident.first_event, decide + HANDLE_AFTER) => Some(Step::Handle),
        Status::Ditangani if over => Some(Step::Finish),
        _ => None,
    }
}

/// Minutes from the decision until the matter is taken in hand.
const HANDLE_AFTER: u32 = 20;

/// Works at the desk until `over`: what is left then is for whoever signs in. `done` says that the line has brought all
/// of the day; what it brought late, on a machine that is busy, is treated as if it had come in time.
pub(crate) async fn colleagues(
    desk: Desk,
    file: DeskFile,
    truth: Truth,
    clock: Clock,
    over: Timestamp,
    (done, stop): (CancellationToken, CancellationToken),
) {
    let mut known: Known = BTreeMap::new();
    let mut rounds = 0;
    // The last rounds take a matter from its confirmation to its end.
    while !stop.is_cancelled() && rounds < LAST_ROUNDS {
        // After midnight the clock goes at the machine's pace: nobody sleeps into that.
        let left = Duration::try_from(over.duration_since(clock.now())).unwrap_or_default();
        let pause = clock.real(left.min(Duration::from_secs(LOOK_MIN * 60))).max(LEAST);
        tokio::select! { () = tokio::time::sleep(pause) => {}, () = stop.cancelled() => return }
        rounds += usize::from(done.is_cancelled());
        let now = clock.now().min(over);
        for role in [DeskRole::Analis, DeskRole::Bawaslu] {
            if let Err(error) = look(&desk, role, &file, &truth, now, &mut known).await {
                warn!(%error, "the made-up colleagues could not decide");
            }
        }
    }
}

/// The posts of each incident, and how many they were when they were looked at.
type Known = BTreeMap<IncidentId, (i64, BTreeSet<String>)>;

/// Confirm, second person, in hand, over: so many rounds a matter takes at most.
const LAST_ROUNDS: usize = 5;

/// One of them: `second` of the analysts is another person.
fn person(role: DeskRole, second: bool) -> Actor {
    let name = match role {
        DeskRole::Bawaslu => "piket-bawaslu",
        _ if second => "piket-2",
        _ => "piket-1",
    };
    Actor { name: name.to_owned(), role, regions: Vec::new() }
}

/// Goes once through the open matters of `role`.
async fn look(
    desk: &Desk,
    role: DeskRole,
    file: &DeskFile,
    truth: &Truth,
    now: Timestamp,
    known: &mut Known,
) -> Result<(), DeskError> {
    let actor = person(role, false);
    for row in desk.queue(&actor, &QueueFilter { limit: 500, ..QueueFilter::default() }).await? {
        let incident = row.incident;
        let fresh = known.get(&incident.id).is_none_or(|(posts, _)| *posts != incident.posts);
        if fresh {
            let view = desk.incident(&actor, incident.id).await?;
            let posts = view.posts.iter().filter_map(|post| post.finding.post.sender_id.clone()).collect();
            known.insert(incident.id, (incident.posts, posts));
        }
        let Some((_, posts)) = known.get(&incident.id) else { continue };
        let Some(rule) = file.rule.iter().find(|rule| rule.fits(&incident, posts)) else { continue };
        let Some(step) = next(&incident, posts, truth, rule, now) else { continue };
        // Somebody who has signed in may have been faster.
        if let Err(error) = act(desk, role, incident.id, step, file).await
            && !matches!(error, DeskError::Status { .. } | DeskError::Refused(_))
        {
            return Err(error);
        }
    }
    Ok(())
}

async fn act(
    desk: &Desk,
    role: DeskRole,
    id: IncidentId,
    step: Step,
    file: &DeskFile,
) -> Result<(), DeskError> {
    let actor = person(role, step == Step::Second);
    match step {
        Step::Confirm(severity) => desk.confirm(&actor, id, Some(severity), None).await.map(drop),
        Step::Second => desk.confirm(&actor, id, Some(Severity::Awas), None).await.map(drop),
        Step::Release => desk.release(&actor, id, &file.passed_on).await,
        Step::TurnDown => desk.reject(&actor, id, &file.turned_down).await,
        Step::Handle => desk.handle(&actor, id).await.map(drop),
        Step::Finish => desk.finish(&actor, id, &file.closed).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = include_str!("../../deploy/demo/desk.toml");

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn incident(proposed: Severity) -> Incident {
        Incident::begun(IncidentId(1), Category::Kf01, proposed, at(0))
    }

    fn rule(text: &str) -> DeskRule {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn every_post_that_the_colleagues_treat_by_name_is_one_of_the_day() {
        let day = super::super::Day::read().unwrap();
        let file: DeskFile = toml::from_str(RULES).unwrap();
        let ids: BTreeSet<&str> = day.posts.iter().filter_map(|post| post.item.get("id")?.as_str()).collect();
        for named in file.rule.iter().flat_map(|rule| rule.posts.iter().flatten()) {
            assert!(ids.contains(named.as_str()), "{named}");
        }
    }

    #[test]
    fn an_awas_takes_two_colleagues_and_what_was_no_matter_is_turned_down() {
        let truth = Truth(BTreeMap::from([("a".to_owned(), (Category::Kf01, Severity::Awas))]));
        let (held, calm) = (BTreeSet::from(["a".to_owned()]), BTreeSet::from(["b".to_owned()]));
        let rule = rule("after_minutes = 3\nsecond_after = 4\nfinish_after = 60");
        let mut matter = incident(Severity::Awas);
        let step = |matter: &Incident, posts, minute| next(matter, posts, &truth, &rule, at(minute));
        assert_eq!(step(&matter, &held, 2), None);
        assert_eq!(step(&matter, &held, 3), Some(Step::Confirm(Severity::Awas)));
        assert_eq!(step(&matter, &calm, 3), Some(Step::TurnDown));
        (matter.status, matter.effective) = (Status::Dikonfirmasi, Some(Severity::Siaga));
        matter.awas_waits_for_second = Some("piket-1".to_owned());
        assert_eq!(step(&matter, &held, 6), None);
        assert_eq!(step(&matter, &held, 7), Some(Step::Second));
        (matter.awas_waits_for_second, matter.effective) = (None, Some(Severity::Awas));
        assert_eq!(step(&matter, &held, 30), Some(Step::Handle));
        matter.status = Status::Ditangani;
        assert_eq!(step(&matter, &held, 59), None);
        assert_eq!(step(&matter, &held, 60), Some(Step::Finish));
    }

    #[test]
    fn a_matter_without_minutes_is_left_to_whoever_signs_in() {
        let truth = Truth(BTreeMap::from([("a".to_owned(), (Category::Kf01, Severity::Siaga))]));
        let held = BTreeSet::from(["a".to_owned()]);
        assert_eq!(next(&incident(Severity::Siaga), &held, &truth, &rule(""), at(600)), None);
    }
}
