//! The replay: each post of the day is taken in when the clock reaches its minute.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use stream::{Bus, Clock, Intake, Item, Outgoing, metrics};
use tokio_util::sync::CancellationToken;

use super::DayPost;

/// The source that the posts come from.
const SOURCE: &str = "demo";

/// Plays `posts` from the minute the clock shows now, as the day's midnight.
pub(crate) async fn replay(
    bus: &Bus,
    posts: Vec<DayPost>,
    clock: &Clock,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let Clock::Fast { origin, .. } = clock else { return Ok(()) };
    for post in posts {
        let due = *origin + SignedDuration::from_mins(i64::from(post.at));
        let ahead = due.duration_since(clock.now());
        if let Ok(ahead) = Duration::try_from(ahead) {
            tokio::select! { () = tokio::time::sleep(clock.real(ahead)) => {}, () = stop.cancelled() => return Ok(()) }
        }
        let record = record(post, due, clock.now())?;
        ingest::deliver(bus, vec![record], stop, &mut |_| {}).await?;
        metrics::posts_read(SOURCE, 1);
    }
    Ok(())
}

fn record(post: DayPost, posted_at: Timestamp, seen_at: Timestamp) -> anyhow::Result<Outgoing> {
    let mut item = post.item;
    item.insert("posted_at".to_owned(), json!(posted_at.to_string()));
    let raw = Value::Object(item.clone()).to_string();
    let intake = Intake { trusted: true, ..Intake::new(SOURCE, seen_at) };
    let post = Item::from_fields(item, raw.as_bytes())?.into_post(&intake)?;
    Ok(Outgoing::record(&post)?)
}
