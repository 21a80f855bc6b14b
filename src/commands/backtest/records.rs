//! Reading the posts on the bus: where a record stands, and which one is a post's last.

use std::collections::HashMap;

use indicatif::{ProgressBar, ProgressStyle};
use lexicons::Lang;
use stream::{BusError, Incoming, Post, PostId, Survey, Topic, Unreadable, sha256_hex};

use crate::across::across;

/// Where a record stands, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot(u64);

impl Spot {
    pub(super) fn of(record: &Incoming) -> Spot {
        // No topic has 65,536 partitions, and no partition 2^48 records.
        Spot(u64::from(record.partition) << 48 | record.offset)
    }
}

/// The readable record that holds for every post: the first with its last content. An edit counts, what it replaced does
/// not, nor the same once more (from a source whose region was changed meanwhile, say).
pub(super) struct Last {
    spots: Vec<Spot>,
    /// Records that could not be read.
    pub(super) unreadable: u64,
}

impl Last {
    /// Reads the whole stretch. It holds 16 bytes of each id, as many of its content and the spot until it is done.
    pub(super) async fn of(survey: &mut Survey, lang: Lang) -> anyhow::Result<Last> {
        let bar = bar(survey, lang.get("cli.backtest.reading"));
        let (mut last, mut unreadable) = (HashMap::<[u8; 16], ([u8; 16], Spot)>::new(), 0);
        loop {
            let batch = survey.take().await?;
            if batch.is_empty() {
                break;
            }
            let of = |post: Post| (short(&post.id), sixteen(&post.content_hash()).unwrap_or_default());
            let posts = across(&batch, |record| read(record).map(|post| post.map(of)));
            for (record, post) in batch.iter().zip(posts) {
                let Some((id, content)) = post? else {
                    unreadable += 1;
                    continue;
                };
                if last.get(&id).is_none_or(|(known, _)| *known != content) {
                    last.insert(id, (content, Spot::of(record)));
                }
            }
            bar.inc(batch.len() as u64);
        }
        bar.finish_and_clear();
        let mut spots: Vec<Spot> = last.into_values().map(|(_, spot)| spot).collect();
        spots.sort_unstable();
        Ok(Last { spots, unreadable })
    }

    pub(super) fn holds(&self, record: &Incoming) -> bool {
        self.spots.binary_search(&Spot::of(record)).is_ok()
    }
}

/// The post in `record`; `None` when it cannot be read, an error when a newer program wrote it.
pub(super) fn read(record: &Incoming) -> Result<Option<Post>, BusError> {
    match record.read::<Post>() {
        Ok(post) => Ok(Some(post)),
        Err(Unreadable::Malformed(_)) => Ok(None),
        Err(Unreadable::Newer { found, known }) => Err(BusError::Newer {
            group: "backtest".to_owned(),
            topic: Topic::Posts,
            partition: record.partition,
            offset: record.offset,
            found,
            known,
        }),
    }
}

/// Sixteen bytes that stand for an id: ours are as long; others' are hashed.
pub(super) fn short(id: &PostId) -> [u8; 16] {
    sixteen(id.as_str()).or_else(|| sixteen(&sha256_hex(id.as_str().as_bytes())[..32])).unwrap_or_default()
}

/// What 32 hexadecimal digits say.
fn sixteen(digits: &str) -> Option<[u8; 16]> {
    let number = (digits.len() == 32).then(|| u128::from_str_radix(digits, 16).ok())?;
    number.map(u128::to_be_bytes)
}

/// How far a reading is, for whoever sits at a terminal.
pub(super) fn bar(survey: &Survey, what: &'static str) -> ProgressBar {
    // Hidden by itself where no terminal is.
    let style = ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(survey.total()).with_style(style).with_message(what)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stream::{Bus, BusConfig, Intake, Item, LogConfig, Outgoing, RegionCode};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_edit_holds_and_the_same_text_once_more_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bus.db");
        let log = LogConfig { path, reserve_bytes: 0, ..LogConfig::default() };
        let bus = Bus::open(&BusConfig::Log(log)).unwrap();
        for (text, region) in [("halo", "35.19"), ("halo semua", "35.20"), ("halo semua", "35.21")] {
            let item = json!({"id": "a", "channel": "x", "posted_at": "2024-11-25T05:00:00Z", "text": text});
            let intake = Intake { source_region: RegionCode::parse(region).ok(), ..Intake::judging() };
            let item = Item::parse(item.to_string().as_bytes());
            let post = item.and_then(|item| item.into_post(&intake)).unwrap();
            bus.publish(vec![Outgoing::record(&post).unwrap()]).await.unwrap();
        }
        let mut survey = bus.survey(Topic::Posts).await.unwrap();
        let last = Last::of(&mut survey, Lang::Id).await.unwrap();
        survey.again();
        let records = survey.take().await.unwrap();
        let held: Vec<String> = records
            .iter()
            .filter(|record| last.holds(record))
            .filter_map(|record| Some(read(record).unwrap()?.source_region?.to_string()))
            .collect();
        assert_eq!(held, ["35.20"]);
    }
}
