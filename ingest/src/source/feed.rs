//! Feeds: RSS, Atom and JSON Feed, polled with conditional requests; each entry once, an edited one again.

mod entry;
pub(super) mod error;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Serialize};
use stream::{BusError, Channel, Intake, Item, LetterPlace, Outgoing, RegionCode};
use tokio_util::sync::CancellationToken;

use super::{SourceContext, SourceError, Wrong};
use crate::deliver::{Paused, deliver};
use crate::letter::{Refused, why_item};
use entry::Entry;
use error::{FeedError, MAX_FEED, unreachable};

/// Entries remembered beyond those the feed shows now: some feeds show an old entry again.
const REMEMBERED: usize = 1000;
/// How long a server may take in all.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What is asked for first.
const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";

/// A feed as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedConfig {
    /// The source's name.
    pub name: String,
    /// Where the feed is.
    pub url: String,
    /// Seconds between two polls.
    #[serde(default = "every")]
    pub every_s: u64,
    /// What channel its entries are of.
    #[serde(default = "channel")]
    pub channel: Channel,
    /// The home region of the publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// The ingest process that polls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingest: Option<String>,
}

fn every() -> u64 {
    300
}

fn channel() -> Channel {
    Channel::Berita
}

impl FeedConfig {
    pub(super) fn faults(&self) -> Vec<Wrong> {
        let address = reqwest::Url::parse(&self.url);
        let good = address.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = (!good).then(|| Wrong::Address(self.url.clone()));
        let every = (self.every_s < 1).then_some(Wrong::Every);
        url.into_iter().chain(every).collect()
    }
}

/// What must be known of the last poll.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Memory {
    etag: Option<String>,
    last_modified: Option<String>,
    /// Entries that were taken, the latest last: the hash of the id and of the content.
    seen: Vec<(String, String)>,
}

/// A feed that is polled.
pub(super) struct Feed {
    config: FeedConfig,
    client: Option<Client>,
    memory: Option<Memory>,
}

impl Feed {
    pub(super) fn new(config: FeedConfig) -> Feed {
        Feed { config, client: None, memory: None }
    }

    fn cursor(&self) -> String {
        format!("feed:{}", self.config.name)
    }

    /// Reads the feed once and takes what is new in it.
    pub(super) async fn poll(
        &mut self,
        context: &SourceContext,
        stop: &CancellationToken,
    ) -> Result<u64, SourceError> {
        let memory = match self.memory.take() {
            Some(memory) => memory,
            None => {
                let kept = context.bus.cursor(&self.cursor()).await?;
                kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
            }
        };
        let result = self.read(&memory, context, stop).await;
        match result {
            Ok(Some((next, taken))) => {
                self.memory = Some(next);
                Ok(taken)
            }
            Ok(None) => {
                self.memory = Some(memory);
                Ok(0)
            }
            Err(error) => {
                self.memory = Some(memory);
                Err(error)
            }
        }
    }

    /// What is to be remembered and how much was taken; `None` when nothing has changed.
    async fn read(
        &mut self,
        memory: &Memory,
        context: &SourceContext,
        stop: &CancellationToken,
    ) -> Result<Option<(Memory, u64)>, SourceError> {
        let Some((headers, body)) = self.fetch(memory).await? else {
            return Ok(None);
        };
        let url = self.config.url.clone();
        let entries = tokio::task::spawn_blocking(move || entry::read(&body, &url))
            .await
            .map_err(|_| BusError::Closed)?
            .map_err(FeedError::NotAFeed)?;
        let header = |name| {
            headers
                .get(name)
                .and_then(|value: &reqwest::header::HeaderValue| value.to_str().ok())
                .map(str::to_owned)
        };
        let (records, seen, taken) = self.sort(entries, memory, context)?;
        let next = Memory { etag: header(ETAG), last_modified: header(LAST_MODIFIED), seen };
        match deliver(&context.bus, records, stop, &mut |_| ()).await {
            Ok(()) => {}
            Err(Paused::Stopped) => return Err(SourceError::Stopped),
            Err(Paused::Bus(error)) => return Err(error.into()),
        }
        if next != *memory {
            let bytes = serde_json::to_vec(&next)
                .map_err(|error| BusError::Unwritable { kind: "cursor", cause: error.to_string() })?;
            context.bus.set_cursor(&self.cursor(), bytes).await?;
        }
        stream::metrics::posts_read(&self.config.name, taken);
        Ok(Some((next, taken)))
    }

    /// Makes posts of what is new or edited; gives them with what has been seen now.
    #[allow(clippy::type_complexity)]
    fn sort(
        &self,
        entries: Vec<Entry>,
        memory: &Memory,
        context: &SourceContext,
    ) -> Result<(Vec<Outgoing>, Vec<(String, String)>, u64), BusError> {
        let now = context.clock.now();
        let intake = Intake {
            channel: Some(self.config.channel),
            source_region: self.config.region.clone(),
            ..Intake::new(&self.config.name, now)
        };
        let known: HashMap<&str, &str> =
            memory.seen.iter().map(|(id, content)| (id.as_str(), content.as_str())).collect();
        let (mut records, mut seen, mut taken) = (Vec::new(), Vec::new(), 0);
        for (number, entry) in (1..).zip(entries) {
            let (id, content) = entry.hashes();
            if known.get(id.as_str()) != Some(&content.as_str()) {
                let raw = entry.raw();
                match Item::from_fields(entry.fields(now), &raw).and_then(|item| item.into_post(&intake)) {
                    Ok(post) => {
                        records.push(Outgoing::record(&post)?);
                        taken += 1;
                    }
                    Err(error) => {
                        stream::metrics::parked("item");
                        let place = LetterPlace::Feed { entry: number };
                        let (reason, why) = (error.to_string(), why_item(&error));
                        let refused = Refused::new(&self.config.name, &raw, &place, &reason, Some(&why), now);
                        records.extend(refused.letter);
                    }
                }
            }
            seen.push((id, content));
        }
        let shown: HashSet<&str> = seen.iter().map(|(id, _)| id.as_str()).collect();
        let mut old: Vec<(String, String)> =
            memory.seen.iter().filter(|(id, _)| !shown.contains(id.as_str())).cloned().collect();
        old.drain(..old.len().saturating_sub(REMEMBERED));
        old.extend(seen);
        Ok((records, old, taken))
    }

    /// Asks for the feed; `None` when it is as it was.
    async fn fetch(&mut self, memory: &Memory) -> Result<Option<(HeaderMap, Vec<u8>)>, FeedError> {
        let client = match &self.client {
            Some(client) => client,
            None => {
                let client = Client::builder()
                    .user_agent(concat!("kentongan/", env!("CARGO_PKG_VERSION")))
                    .timeout(TIMEOUT)
                    .redirect(reqwest::redirect::Policy::limited(5))
                    .build()
                    .map_err(unreachable)?;
                self.client.insert(client)
            }
        };
        let mut request = client.get(&self.config.url).header(ACCEPT, ACCEPTED);
        if let Some(etag) = &memory.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(date) = &memory.last_modified {
            request = request.header(IF_MODIFIED_SINCE, date);
        }
        let mut response = request.send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::NOT_MODIFIED => return Ok(None),
            StatusCode::GONE => return Err(FeedError::Gone),
            status if !status.is_success() => {
                return Err(FeedError::Status {
                    status: status.as_u16(),
                    retry_after: asked_pause(&response),
                });
            }
            _ => {}
        }
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MAX_FEED {
                return Err(FeedError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Some((headers, body)))
    }
}

/// The pause a server asks for, when it names seconds; a day at most.
fn asked_pause(response: &Response) -> Option<Duration> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(86_400)))
}
