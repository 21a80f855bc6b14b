//! Both verdicts on each post's last record, on all cores and in order.

use lexicons::Lang;
use stream::{BusError, Finding, Incoming, Survey};

use super::compare::{Kind, Two, Verdict, difference};
use super::records::{Last, Spot, bar, read};
use super::report::{Difference, Outcome, Report};
use super::window::{Window, day};
use crate::across::across;

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
