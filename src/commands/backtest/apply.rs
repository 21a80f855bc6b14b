//! Publishing the new verdicts: one finding for each post that fares differently, with the id the classifier gives.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::bail;
use lexicons::{Lang, Lexicon};
use stream::{Bus, BusError, Incoming, Outgoing, Survey, Topic};

use super::compare::verdict_to_publish;
use super::records::{Spot, bar, read, short};
use super::report::Applied;
use crate::across::across;

/// How long the classifier may take until it has read what was looked at.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is asked how far it is.
const ASK_EVERY: Duration = Duration::from_millis(300);

/// Publishes what `now` says of the posts at `spots`. For one post the last finding holds, so the classifier must
/// have judged all of them before, and what came since is left to it.
pub(super) async fn publish(
    bus: &Bus,
    survey: &mut Survey,
    spots: &[Spot],
    now: &Lexicon,
    lang: Lang,
) -> anyhow::Result<Applied> {
    let mut applied = Applied { published: 0, left_out: 0 };
    if spots.is_empty() {
        return Ok(applied);
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
        for verdict in across(&batch, |record| verdict(record, now)) {
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
    Ok(applied)
}

/// Waits until the classifier has read everything up to the end of `survey`; gives what came since.
async fn judged(bus: &Bus, survey: &Survey, lang: Lang) -> anyhow::Result<Survey> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let lag = bus.behind().await?;
        let tail = survey.newer(bus).await?;
        let behind = lag.iter().find(|lag| lag.group == "classify" && lag.topic == Topic::Posts);
        match behind.map(|lag| lag.lag) {
            Some(lag) if lag > tail.total() => {
                if Instant::now() > deadline {
                    bail!(lang.fill("cli.backtest.behind", &[("count", &lag.to_string())]));
                }
                tokio::time::sleep(ASK_EVERY).await;
            }
            _ => return Ok(tail),
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
fn verdict(record: &Incoming, now: &Lexicon) -> Result<Option<([u8; 16], Outgoing)>, BusError> {
    let Some(post) = read(record)? else { return Ok(None) };
    let id = short(&post.id);
    Outgoing::record(&verdict_to_publish(now, post)).map(|outgoing| Some((id, outgoing)))
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
        for round in 1..=2 {
            let applied = publish(&bus, &mut survey, &spots, &lexicon, Lang::Id).await.unwrap();
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
}
