//! Publishing the new verdicts: one finding for each post that fares differently, with the id the classifier gives.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use alerts::IncidentId;
use alerts::db::Db;
use anyhow::bail;
use jiff::Timestamp;
use lexicons::{Lang, Lexicon};
use stream::{Bus, BusError, Incoming, Outgoing, Survey, Topic};

use super::compare::verdict_to_publish;
use super::records::{Spot, bar, read, short};
use super::report::Applied;
use crate::across::across;
use crate::config::Config;
use crate::installation::Installation;

/// How long a stage may take until it has read what it is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is asked how far it is.
const ASK_EVERY: Duration = Duration::from_millis(300);

/// One run: the lexicon whose verdicts are published, and when it began.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) began: Timestamp,
}

/// Publishes the new verdicts and names the incidents they touched. Where that fails on the way the failure says how many
/// are out, and that the same command may be given again: a finding has the same id each time, and is taken in once.
pub(super) async fn apply(
    bus: &Bus,
    survey: &mut Survey,
    spots: &[Spot],
    run: Run<'_>,
    database: Option<&Db>,
    lang: Lang,
) -> anyhow::Result<Applied> {
    let mut applied = Applied { published: 0, left_out: 0, incidents: None };
    let done = async {
        publish(bus, survey, spots, run, lang, &mut applied).await?;
        if let (true, Some(database)) = (applied.published > 0, database) {
            applied.incidents = touched(bus, database, run).await?;
        }
        anyhow::Ok(())
    };
    match done.await {
        Ok(()) => Ok(applied),
        Err(failure) => Err(stopped(failure, applied.published, lang)),
    }
}

/// A failure after `published` verdicts are out.
fn stopped(failure: anyhow::Error, published: u64, lang: Lang) -> anyhow::Error {
    match published {
        0 => failure,
        count => failure.context(lang.fill("cli.backtest.stopped", &[("count", &count.to_string())])),
    }
}

/// The database of the alerts role, opened before anything is published: one that cannot be read ends the command while
/// nothing has changed. Of one on another machine that is a file nothing is known here.
pub(super) async fn database(config: &Config) -> anyhow::Result<Option<Db>> {
    let named = config.alerts.database.as_deref().unwrap_or_default();
    if !named.contains("://") && !Path::new(named).exists() {
        return Ok(None);
    }
    Ok(Some(Installation::open(config).await?.db))
}

/// Publishes what the lexicon of `run` says of the posts at `spots`, counted in `applied`. For one post the last finding holds, so the classifier must
/// have judged all of them before, and what came since is left to it.
async fn publish(
    bus: &Bus,
    survey: &mut Survey,
    spots: &[Spot],
    run: Run<'_>,
    lang: Lang,
    applied: &mut Applied,
) -> anyhow::Result<()> {
    if spots.is_empty() {
        return Ok(());
    }
    let mut tail = judged(bus, survey, lang).await?;
    let mut newer = HashSet::new();
    collect(&mut tail, &mut newer).await?;
    survey.again();
    let bar = bar(survey, lang.get("cli.backtest.publishing"));
    loop {
        let mut batch = survey.take().await?;
        if batch.is_empty() {
            break;
        }
        bar.inc(batch.len() as u64);
        batch.retain(|record| spots.binary_search(&Spot::of(record)).is_ok());
        let mut verdicts = Vec::new();
        for verdict in across(&batch, |record| verdict(record, run)) {
            verdicts.extend(verdict?);
        }
        tail = tail.newer(bus).await?;
        collect(&mut tail, &mut newer).await?;
        let found = verdicts.len() as u64;
        let publish: Vec<Outgoing> = verdicts
            .into_iter()
            .filter(|(post, _)| !newer.contains(post))
            .map(|(_, outgoing)| outgoing)
            .collect();
        applied.left_out += found - publish.len() as u64;
        applied.published += publish.len() as u64;
        bus.publish(publish).await?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Waits until the classifier has read everything up to the end of `survey`; gives what came since.
async fn judged(bus: &Bus, survey: &Survey, lang: Lang) -> anyhow::Result<Survey> {
    match lacks(bus, survey, ("classify", Topic::Posts)).await? {
        (tail, None | Some(0)) => Ok(tail),
        (_, Some(lag)) => bail!(lang.fill("cli.backtest.behind", &[("count", &lag.to_string())])),
    }
}

/// The incidents that the published verdicts touched, as soon as the alerts role has read them; none where it does not
/// within a while, or has never run.
async fn touched(bus: &Bus, database: &Db, run: Run<'_>) -> anyhow::Result<Option<Vec<IncidentId>>> {
    let survey = bus.survey(Topic::Findings).await?;
    let (_, lag) = lacks(bus, &survey, ("alerts", Topic::Findings)).await?;
    if lag != Some(0) {
        return Ok(None);
    }
    Ok(Some(alerts::backtest::touched(database, run.lexicon.hash(), run.began).await?))
}

/// Waits until a group has read a topic up to the end of `survey`, but not for ever; gives what came since, and how many
/// records before that end it lacks, if the group has read at all.
async fn lacks(
    bus: &Bus,
    survey: &Survey,
    (group, topic): (&str, Topic),
) -> anyhow::Result<(Survey, Option<u64>)> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let lag = bus.behind().await?;
        let tail = survey.newer(bus).await?;
        let of_group = lag.iter().find(|lag| lag.group == group && lag.topic == topic);
        match of_group.map(|lag| lag.lag.saturating_sub(tail.total())) {
            Some(lag) if lag > 0 && Instant::now() <= deadline => tokio::time::sleep(ASK_EVERY).await,
            lag => return Ok((tail, lag)),
        }
    }
}

/// Notes whose posts came in `tail`.
async fn collect(tail: &mut Survey, newer: &mut HashSet<[u8; 16]>) -> anyhow::Result<()> {
    loop {
        let batch = tail.take().await?;
        if batch.is_empty() {
            return Ok(());
        }
        for post in across(&batch, |record| read(record).map(|post| post.map(|post| short(&post.id)))) {
            newer.extend(post?);
        }
    }
}

/// Which post it is, and its new verdict as a record.
fn verdict(record: &Incoming, run: Run<'_>) -> Result<Option<([u8; 16], Outgoing)>, BusError> {
    let Some(post) = read(record)? else { return Ok(None) };
    let id = short(&post.id);
    Outgoing::record(&verdict_to_publish(run.lexicon, &post, run.began)).map(|outgoing| Some((id, outgoing)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stream::{BusConfig, Finding, Intake, Item, LogConfig, Post, Record};

    use super::*;

    fn post(id: &str, text: &str) -> Post {
        let item =
            json!({"id": id, "channel": "x", "posted_at": "2024-11-25T05:00:00Z", "text": text}).to_string();
        Item::parse(item.as_bytes()).and_then(|item| item.into_post(&Intake::judging())).unwrap()
    }

    async fn send(bus: &Bus, posts: &[Post]) {
        bus.publish(posts.iter().map(|post| Outgoing::record(post).unwrap()).collect()).await.unwrap();
    }

    async fn findings(bus: &Bus) -> Vec<Finding> {
        let mut survey = bus.survey(Topic::Findings).await.unwrap();
        let mut found = Vec::new();
        loop {
            let batch = survey.take().await.unwrap();
            if batch.is_empty() {
                return found;
            }
            found.extend(batch.iter().map(|record| record.read::<Finding>().unwrap()));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_post_edited_meanwhile_is_left_to_the_classifier_and_a_dropped_one_gets_a_finding_without_signals()
     {
        let folder = tempfile::tempdir().unwrap();
        let config =
            LogConfig { path: folder.path().join("bus.db"), reserve_bytes: 0, ..LogConfig::default() };
        let bus = Bus::open(&BusConfig::Log(config)).unwrap();
        let (stays, edited) = (post("a", "sarapan nasi kuning"), post("b", "kereta pagi telat"));
        send(&bus, &[stays.clone(), edited.clone(), post("c", "bukan dari yang berubah")]).await;
        let mut survey = bus.survey(Topic::Posts).await.unwrap();
        let mut spots = Vec::new();
        loop {
            let batch = survey.take().await.unwrap();
            if batch.is_empty() {
                break;
            }
            let ours = batch.iter().filter(|record| [stays.key(), edited.key()].contains(&record.key));
            spots.extend(ours.map(Spot::of));
        }
        spots.sort_unstable();
        send(&bus, &[post("b", "kereta pagi telat dua puluh menit")]).await;

        let lexicon = Lexicon::builtin();
        let run = Run { lexicon: &lexicon, began: Timestamp::UNIX_EPOCH };
        for round in 1..=2 {
            let applied = apply(&bus, &mut survey, &spots, run, None, Lang::Id).await.unwrap();
            assert_eq!((applied.published, applied.left_out), (1, 1));
            let found = findings(&bus).await;
            assert_eq!(found.len(), round);
            for finding in found {
                assert_eq!((&finding.post.id, finding.signals.len()), (&stays.id, 0));
                assert_eq!(
                    finding.id,
                    Finding::id_of(&stays, lexicon.hash(), classify::CODE),
                    "the same again"
                );
            }
        }
    }

    #[test]
    fn a_failure_after_something_is_out_says_how_much_and_that_the_same_again_is_safe() {
        let told = |published, lang| {
            let failure = anyhow::Error::new(alerts::db::DbError::LeaseLost(1));
            crate::words::failure(&stopped(failure, published, lang), lang)
        };
        let [none, some, english] = [told(0, Lang::Id), told(17, Lang::Id), told(17, Lang::En)];
        assert!(some.starts_with("terhenti sesudah 17 penilaian baru terbit"), "{some}");
        assert!(some.contains("boleh diulang") && some.ends_with(&none), "{some}");
        assert!(english.starts_with("stopped after 17 new verdicts"), "{english}");
    }
}
