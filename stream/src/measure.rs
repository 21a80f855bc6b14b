//! How fast a bus is on this machine, for `kentongan bench`.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;

use crate::{Bus, BusError, Outgoing, Topic};

/// Records per second, in and out.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Throughput {
    /// Published and durable.
    pub published_per_s: f64,
    /// Read and committed by one group.
    pub read_per_s: f64,
}

/// Publishes `count` records of `bytes` bytes in batches to `posts`, then reads and commits them as the group
/// `bench`. The bus should be an empty one of its own: the records are no posts.
pub async fn throughput(bus: &Bus, count: usize, bytes: usize, batch: usize) -> Result<Throughput, BusError> {
    let payload = filler(bytes);
    let record = |n: usize| Outgoing {
        topic: Topic::Posts,
        key: format!("{n:032x}"),
        at: Timestamp::now(),
        kind: "bench".into(),
        version: 1,
        bytes: payload.clone(),
    };
    let start = Instant::now();
    for first in (0..count).step_by(batch.max(1)) {
        bus.publish((first..count.min(first + batch)).map(record).collect()).await?;
    }
    let published_per_s = count as f64 / start.elapsed().as_secs_f64();

    let mut inbox = bus.subscribe("bench", &[Topic::Posts]).await?;
    let mut start = None;
    let mut read = 0;
    while read < count {
        let taken = inbox.take(batch, Duration::from_secs(10)).await?;
        // Joining a group takes its time once and says nothing about the rate.
        start.get_or_insert_with(Instant::now);
        if taken.is_empty() {
            break;
        }
        read += taken.len();
        inbox.commit().await?;
    }
    let seconds = start.map_or(f64::INFINITY, |start| start.elapsed().as_secs_f64());
    Ok(Throughput { published_per_s, read_per_s: read as f64 / seconds })
}

/// Bytes that pack about as well as text does: half of them hold chance.
fn filler(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..bytes)
        .map(|n| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if n % 2 == 0 { b'a' + (state % 26) as u8 } else { b'a' }
        })
        .collect()
}
