//! Reading the posts: which record is a post's last, then both verdicts on each, on all cores and in order.

use std::collections::HashMap;

use indicatif::{ProgressBar, ProgressStyle};
use lexicons::Lang;
use stream::{BusError, Finding, Incoming, Post, PostId, Survey, Topic, Unreadable, sha256_hex};

use super::compare::{Kind, Two, Verdict, difference};
use super::report::{Difference, Outcome, Report};
use super::window::{Window, day};
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

    fn holds(&self, record: &Incoming) -> bool {
        self.spots.binary_search(&Spot::of(record)).is_ok()
    }
}

/// Judges the last record of each post with both lexicons, and reports what comes out.
pub(super) async fn judge(
    survey: &mut Survey,
    last: &Last,
    two: &Two,
    window: &Window,
    report: &mut Report,
    lang: Lang,
) -> anyhow::Result<()> {
    let bar = bar(survey, lang.get("cli.backtest.judging"));
    loop {
        let mut batch = survey.take().await?;
        if batch.is_empty() {
            break;
        }
        bar.inc(batch.len() as u64);
        batch.retain(|record| last.holds(record));
        for outcome in across(&batch, |record| outcome(record, two, window)) {
            if let Some(outcome) = outcome? {
                report.add(outcome);
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// What both lexicons say of one record; `None` outside the window.
fn outcome(record: &Incoming, two: &Two, window: &Window) -> Result<Option<Outcome>, BusError> {
    let Some(post) = read(record)?.filter(|post| window.holds(post.event_time())) else { return Ok(None) };
    let [old, new] = [&two.before, &two.now].map(|lexicon| classify::judge(lexicon, &post));
    let [before, now] = [&old, &new].map(|finding| Verdict::of(finding.as_ref()));
    let difference = difference(&before, &now).map(|(kind, aspects)| {
        let shows = if kind == Kind::Dropped { &old } else { &new };
        let from = shows.as_ref().map_or(0, first_hit);
        Difference {
            kind,
            aspects,
            spot: Spot::of(record),
            post: post.id.clone(),
            text: post.text.clone(),
            from,
        }
    });
    Ok(Some(Outcome { day: day(post.event_time()), before, now, difference }))
}

/// Where in the text the first hit stands, in bytes.
fn first_hit(finding: &Finding) -> usize {
    let spans = finding.signals.iter().flat_map(|signal| &signal.hits).flat_map(|hit| &hit.spans);
    let own = spans.filter(|span| span.part == stream::Part::Text);
    own.map(|span| span.start as usize).min().unwrap_or(0)
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
