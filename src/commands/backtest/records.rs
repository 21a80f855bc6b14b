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

/// The last readable record of every post: an edit counts, what it replaced does not.
pub(super) struct Last {
    spots: Vec<Spot>,
    /// Records that could not be read.
    pub(super) unreadable: u64,
}

impl Last {
    /// Reads the whole stretch. It holds 16 bytes of each id and the spot beside it until it is done.
    pub(super) async fn of(survey: &mut Survey, lang: Lang) -> anyhow::Result<Last> {
        let bar = bar(survey, lang.get("cli.backtest.reading"));
        let (mut last, mut unreadable) = (HashMap::<[u8; 16], Spot>::new(), 0);
        loop {
            let batch = survey.take().await?;
            if batch.is_empty() {
                break;
            }
            let ids = across(&batch, |record| read(record).map(|post| post.map(|post| short(&post.id))));
            for (record, id) in batch.iter().zip(ids) {
                match id? {
                    Some(id) => drop(last.insert(id, Spot::of(record))),
                    None => unreadable += 1,
                }
            }
            bar.inc(batch.len() as u64);
        }
        bar.finish_and_clear();
        let mut spots: Vec<Spot> = last.into_values().collect();
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
    let own = |id: &str| (id.len() == 32).then(|| u128::from_str_radix(id, 16).ok()).flatten();
    let number = own(id.as_str()).or_else(|| own(&sha256_hex(id.as_str().as_bytes())[..32]));
    number.unwrap_or_default().to_be_bytes()
}

/// How far a reading is, for whoever sits at a terminal.
pub(super) fn bar(survey: &Survey, what: &'static str) -> ProgressBar {
    // Hidden by itself where no terminal is.
    let style = ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(survey.total()).with_style(style).with_message(what)
}
