//! The replay: each post of the day is laid into a watched folder when the clock reaches its minute.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use ingest::source::{FolderConfig, SourceConfig};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use stream::Clock;
use tokio_util::sync::CancellationToken;

use super::DayPost;

/// The source that the posts come from.
const SOURCE: &str = "demo";
/// Where files go that were read, inside the folder.
const READ: &str = "dibaca";
/// Seconds of the day between two looks at the folder; a file is read at the second one. Few, since the clock goes on at
/// the machine's pace once the day is over, and the last posts must not wait.
const LOOK_S: u64 = 5;

/// The watched folder that the day comes through, like any other source.
pub(crate) struct Inbox(PathBuf);

impl Inbox {
    /// The folder in `data`, made where there is none.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn open(data: &Path) -> anyhow::Result<Inbox> {
        let path = data.join("masuk");
        std::fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        Ok(Inbox(path))
    }

    /// The folder as a configured source.
    pub(crate) fn source(&self) -> SourceConfig {
        SourceConfig::Folder(FolderConfig {
            name: SOURCE.to_owned(),
            path: self.0.clone(),
            every_s: LOOK_S,
            done: Some(PathBuf::from(READ)),
            map: String::new(),
            zone: None,
            channel: None,
            region: None,
            trusted: true,
            ingest: None,
        })
    }

    /// Lays `post` in, whole: a file appears under its name only when it is written.
    fn lay(&self, number: usize, post: DayPost, posted_at: Timestamp) -> anyhow::Result<()> {
        let mut item = post.item;
        item.insert("posted_at".to_owned(), json!(posted_at.to_string()));
        let (hidden, name) = (self.0.join(".menulis"), self.0.join(format!("{number:04}.jsonl")));
        std::fs::write(&hidden, format!("{}\n", Value::Object(item)))?;
        std::fs::rename(&hidden, &name).with_context(|| name.display().to_string())
    }

    /// Whether everything in it was read.
    pub(crate) fn is_empty(&self) -> anyhow::Result<bool> {
        for entry in std::fs::read_dir(&self.0)? {
            if entry?.path().extension().is_some_and(|end| end == "jsonl") {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Plays `posts` into `inbox` from the minute the clock shows now, as the day's midnight.
pub(crate) async fn replay(
    inbox: &Inbox,
    posts: Vec<DayPost>,
    clock: &Clock,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let Clock::Fast { origin, .. } = clock else { return Ok(()) };
    for (number, post) in posts.into_iter().enumerate() {
        let due = *origin + SignedDuration::from_mins(i64::from(post.at));
        let ahead = due.duration_since(clock.now());
        if let Ok(ahead) = Duration::try_from(ahead) {
            tokio::select! { () = tokio::time::sleep(clock.real(ahead)) => {}, () = stop.cancelled() => return Ok(()) }
        }
        inbox.lay(number, post, due)?;
    }
    Ok(())
}
