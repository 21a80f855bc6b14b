//! Import: posts from JSONL and CSV files into the bus, resumable; the same file twice adds nothing.

pub(crate) mod csv;
mod cursor;
mod input;
pub(crate) mod job;
mod letters;
mod look;
pub(crate) mod map;
mod mark;
pub(crate) mod outcome;
mod parse;
mod split;
pub(crate) mod table;
mod told;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stream::{Bus, BusError, Clock};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

pub use job::{Format, Import, SetBy};
pub use look::check_is_text;
pub use map::{Mapping, MappingError};
pub use outcome::{Fault, ImportError, KeptRegion, LineFault, Progress, Summary};
pub use table::NotText;

use cursor::Cursor;
use parse::Parsed;
use split::{Chunk, Splitter};
use write::Writer;

/// Imports one file: reads, parses on several threads, publishes in order, and remembers how far it came.
/// On `stop` it ends after what is under way with `finished: false`; called again, it goes on there.
///
/// # Errors
/// [`ImportError`]: the file, its header or the bus; faulty lines are no error, they are parked and counted.
pub async fn import(
    job: &Import,
    bus: &Bus,
    clock: &Clock,
    stop: &CancellationToken,
    progress: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Summary, ImportError> {
    check_is_text(&job.path)?;
    let cursor = Cursor::load(job, bus).await?;
    let read = Arc::new(AtomicU64::new(0));
    let opened = {
        let (job, read, cursor) = (job.clone(), Arc::clone(&read), cursor.clone());
        tokio::task::spawn_blocking(move || Splitter::open(&job, &read, cursor.as_ref()))
            .await
            .map_err(|_| BusError::Closed)??
    };
    let before = opened.splitter.rows_before();
    let mut writer = Writer::new(job, bus, stop, progress);
    writer.state.bytes_total = opened.total;
    let changed = cursor.is_some() && !opened.resumed;
    writer.summary = Summary { file: job.label(), already: before, changed, ..Summary::default() };
    if let Some(past) = &cursor {
        writer.summary.kept_region = past.kept_region(job.intake.source_region.as_ref(), changed);
        writer.regions.extend(past.regions.iter().cloned());
    }
    if let Some(past) = cursor.filter(|_| opened.resumed)
        && !writer.remember(past).await?
    {
        return Ok(writer.summary);
    }
    writer.summary.already = before.saturating_sub(writer.still);
    let Some(waiting) = writer.waiting().await? else { return Ok(writer.summary) };
    let plan = Arc::new(parse::Plan {
        file: job.label(),
        waiting,
        intake: job.intake.clone(),
        columns: opened.columns,
        set_by: job.set_by,
        old_before: job.old_before,
        clock: clock.clone(),
    });
    if let Some(last) = writer.doubtful.filter(|_| job.set_by == SetBy::Options) {
        let (job, plan) = (job.clone(), Arc::clone(&plan));
        let again = tokio::task::spawn_blocking(move || read_before(&job, &plan, last));
        writer.heal(&again.await.map_err(|_| BusError::Closed)??);
    }
    let (send, chunks) = mpsc::channel(2);
    let reader = tokio::task::spawn_blocking(move || feed(opened.splitter, &send));
    let pumped = pump(&mut writer, &plan, chunks, &read).await;
    // However it ended, the next import begins behind what is on the bus.
    let saved = writer.save().await;
    if !pumped? || !saved? {
        // The reader is not waited for: it may sit in a read of standard input.
        return Ok(writer.summary);
    }
    writer.summary.finished = true;
    writer.cure().await?;
    let (line, before, failed) = reader.await.map_err(|_| BusError::Closed)?;
    writer.summary.already = before.saturating_sub(writer.still);
    if let Some(cause) = failed {
        return Err(ImportError::reading(&job.path, line, cause));
    }
    writer.tell();
    Ok(writer.summary)
}

/// The dead letters, each by its hash, of lines up to `last` that an earlier import has put on the bus: another one, with
/// an option wrong or forgotten, has parked them since.
fn read_before(job: &Import, plan: &parse::Plan, last: u64) -> Result<Vec<String>, ImportError> {
    let mut splitter = Splitter::open(job, &Arc::new(AtomicU64::new(0)), None)?.splitter;
    let mut cured = Vec::new();
    while splitter.line() < last {
        let chunk = splitter.next_chunk();
        let Some(chunk) = chunk.map_err(|cause| ImportError::reading(&job.path, splitter.line(), cause))?
        else {
            break;
        };
        cured.extend(plan.parse(chunk).cured);
    }
    Ok(cured)
}

/// Has chunks parsed and written until the last; false when it was told to stop before.
async fn pump(
    writer: &mut Writer<'_>,
    plan: &Arc<parse::Plan>,
    mut chunks: mpsc::Receiver<Chunk>,
    read: &AtomicU64,
) -> Result<bool, ImportError> {
    let most = writer.job.threads.max(1) + 1;
    let mut working: VecDeque<JoinHandle<Parsed>> = VecDeque::new();
    let mut ended = false;
    while !(ended && working.is_empty() && writer.flying() == 0) {
        let (stop, flying) = (writer.stop, writer.flying());
        tokio::select! {
            biased;
            () = stop.cancelled() => return writer.settle().await.map(|_| false),
            event = writer.event() => {
                writer.state.bytes_done = read.load(Ordering::Relaxed);
                if !writer.after(event).await? {
                    return Ok(false);
                }
            }
            parsed = first(&mut working), if flying < write::FLYING && !working.is_empty() => {
                working.pop_front();
                if !writer.put(parsed.map_err(|_| BusError::Closed)?).await? {
                    return Ok(false);
                }
            }
            chunk = chunks.recv(), if !ended && working.len() < most => match chunk {
                Some(chunk) => {
                    let plan = Arc::clone(plan);
                    working.push_back(tokio::task::spawn_blocking(move || plan.parse(chunk)));
                }
                None => ended = true,
            },
        }
    }
    Ok(true)
}

/// What became of the first of `tasks`; dropping the call midway loses nothing.
async fn first<T>(tasks: &mut VecDeque<JoinHandle<T>>) -> Result<T, JoinError> {
    match tasks.front_mut() {
        Some(first) => first.await,
        None => std::future::pending().await,
    }
}

/// Reads chunk after chunk until the end, a failure, or until nobody wants more.
fn feed(mut splitter: Splitter, send: &mpsc::Sender<Chunk>) -> (u64, u64, Option<std::io::Error>) {
    loop {
        match splitter.next_chunk() {
            Ok(Some(chunk)) => {
                if send.blocking_send(chunk).is_err() {
                    return (splitter.line(), splitter.rows_before(), None);
                }
            }
            Ok(None) => return (splitter.line(), splitter.rows_before(), None),
            Err(cause) => return (splitter.line(), splitter.rows_before(), Some(cause)),
        }
    }
}
