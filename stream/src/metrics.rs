//! Every metric of Kentongan, in one table: name, help, bounded labels; and the functions that count.
//!
//! Labels hold names from the configuration and closed sets only: never a handle, a person or a text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use jiff::Timestamp;
use prometheus::{
    Encoder, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder,
};

use crate::{Category, GroupLag, Severity};

/// Different values a label that comes from the configuration may take; more are counted as `other`.
const MOST_NAMES: usize = 200;

/// Seconds, from a blink to half a day.
const SECONDS: &[f64] =
    &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0, 14400.0, 43200.0];

/// A kind of metric that the table can make.
trait Made: Sized + Clone + prometheus::core::Collector + 'static {
    const TYPE: &'static str;
    fn made(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self>;
}

impl Made for IntCounterVec {
    const TYPE: &'static str = "counter";
    fn made(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        IntCounterVec::new(Opts::new(name, help), labels)
    }
}

impl Made for GaugeVec {
    const TYPE: &'static str = "gauge";
    fn made(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        GaugeVec::new(Opts::new(name, help), labels)
    }
}

impl Made for HistogramVec {
    const TYPE: &'static str = "histogram";
    fn made(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        HistogramVec::new(HistogramOpts::new(name, help).buckets(SECONDS.to_vec()), labels)
    }
}

macro_rules! table {
    ($($field:ident: $kind:ident = $name:literal [$($label:literal),*] $help:literal;)+) => {
        struct Metrics { $($field: $kind,)+ registry: Registry }

        /// A row of the table of metrics.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Metric {
            /// Its name.
            pub name: &'static str,
            /// `counter`, `gauge` or `histogram`.
            pub kind: &'static str,
            /// Its labels.
            pub labels: &'static [&'static str],
            /// What it says.
            pub help: &'static str,
        }

        /// Every metric.
        pub const TABLE: &[Metric] = &[
            $(Metric { name: $name, kind: <$kind as Made>::TYPE, labels: &[$($label),*], help: $help },)+
        ];

        impl Metrics {
            fn new() -> prometheus::Result<Metrics> {
                let registry = Registry::new();
                $(
                    let $field = <$kind as Made>::made($name, $help, &[$($label),*])?;
                    registry.register(Box::new($field.clone()))?;
                )+
                Ok(Metrics { $($field,)+ registry })
            }
        }
    };
}

table! {
    posts_read: IntCounterVec = "kentongan_posts_read_total" ["source"]
        "Posts taken in and published, by source.";
    parked: IntCounterVec = "kentongan_parked_total" ["topic"]
        "Records and items that could not be read and lie in dead-letters, by topic (item: refused at the edge).";
    classified: IntCounterVec = "kentongan_posts_classified_total" []
        "Posts judged.";
    findings: IntCounterVec = "kentongan_findings_total" ["category"]
        "Signals in published findings, by category.";
    held_back: IntCounterVec = "kentongan_held_back_total" []
        "Posts whose every hit the second reader held back as ordinary talk.";
    incidents: IntCounterVec = "kentongan_incidents_total" ["category", "severity"]
        "Incidents opened, by category and proposed severity.";
    notifications: IntCounterVec = "kentongan_notifications_total" ["channel", "outcome"]
        "Attempts to deliver a notification, by channel and outcome.";
    repeats: IntCounterVec = "kentongan_notification_repeats_total" ["channel"]
        "Notifications sent again after a crash, marked ulangan, by channel.";
    lag: GaugeVec = "kentongan_lag_records" ["group", "topic"]
        "Records a consumer group has not committed, by topic.";
    oldest: GaugeVec = "kentongan_oldest_unread_seconds" ["group", "topic"]
        "Age of the oldest record a consumer group has not committed, by topic; 0 when there is none.";
    retention: GaugeVec = "kentongan_bus_retention_seconds" []
        "How long the bus keeps records.";
    told: HistogramVec = "kentongan_time_to_told_seconds" []
        "Time from the acceptance of a post to the first notification about its incident; live posts only.";
    lexicon: GaugeVec = "kentongan_lexicon_info" ["hash"]
        "The lexicon in use, by its hash; always 1.";
    reload_failures: IntCounterVec = "kentongan_lexicon_reload_failures_total" []
        "Lexicon reloads that failed their check; the old lexicon stayed in use.";
    roster_failures: IntCounterVec = "kentongan_roster_reload_failures_total" []
        "Changed rosters with faults; the old roster stayed in use.";
    source_up: GaugeVec = "kentongan_source_up" ["source"]
        "Whether a source could be read the last time it was tried.";
    feed_errors: IntCounterVec = "kentongan_feed_errors_total" ["source"]
        "Failed tries to read a source.";
    publish_errors: IntCounterVec = "kentongan_bus_publish_errors_total" ["bus"]
        "Publishes that the bus refused or could not make durable.";
    lease_held: GaugeVec = "kentongan_lease_held" ["lease"]
        "Whether this process holds a lease: a consumer group of a log, or the active alerts.";
    stage_retries: IntCounterVec = "kentongan_stage_retries_total" ["group"]
        "Batches a stage could not work on for now and tried again.";
}

static METRICS: LazyLock<Metrics> =
    LazyLock::new(|| Metrics::new().expect("the table has valid, distinct names (held by a test)"));

/// `name`, or `other` once too many different values of this label were seen.
fn bounded<'a>(label: &'static str, name: &'a str) -> &'a str {
    static SEEN: Mutex<BTreeMap<&str, BTreeSet<String>>> = Mutex::new(BTreeMap::new());
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.entry(label).or_default();
    if seen.contains(name) {
        return name;
    }
    if seen.len() >= MOST_NAMES {
        return "other";
    }
    seen.insert(name.to_owned());
    name
}

fn on(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}

/// `count` posts of `source` were published.
pub fn posts_read(source: &str, count: u64) {
    METRICS.posts_read.with_label_values(&[bounded("source", source)]).inc_by(count);
}

/// A record of `topic` was parked; `item` for what was refused at the edge.
pub fn parked(topic: &str) {
    METRICS.parked.with_label_values(&[bounded("topic", topic)]).inc();
}

/// `count` posts were judged; of `held_back` of them the second reader held back all that the rules raised.
pub fn classified(count: u64, held_back: u64) {
    METRICS.classified.with_label_values(&[] as &[&str]).inc_by(count);
    METRICS.held_back.with_label_values(&[] as &[&str]).inc_by(held_back);
}

/// A signal of this category was published.
pub fn finding(category: Category) {
    METRICS.findings.with_label_values(&[category.as_str()]).inc();
}

/// An incident was opened.
pub fn incident(category: Category, severity: Severity) {
    METRICS.incidents.with_label_values(&[category.as_str(), severity.as_str()]).inc();
}

/// A delivery was tried; `outcome` is one of a closed set: `sent`, `retry`, `failed`, and `undelivered`
/// for what nobody gets since the roster names nobody there any more.
pub fn notification(channel: &str, outcome: &str) {
    METRICS
        .notifications
        .with_label_values(&[bounded("channel", channel), bounded("outcome", outcome)])
        .inc();
}

/// A notification went again after a crash.
pub fn repeat(channel: &str) {
    METRICS.repeats.with_label_values(&[bounded("channel", channel)]).inc();
}

/// How far the groups are behind.
pub fn observe_lag(lags: &[GroupLag], now: Timestamp) {
    for lag in lags {
        let labels = [bounded("group", &lag.group), lag.topic.as_str()];
        METRICS.lag.with_label_values(&labels).set(lag.lag as f64);
        let age = lag.oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64().max(0.0));
        METRICS.oldest.with_label_values(&labels).set(age);
    }
}

/// How long the bus keeps records.
pub(crate) fn retention(days: u32) {
    METRICS.retention.with_label_values(&[] as &[&str]).set(f64::from(days) * 86_400.0);
}

/// Time from acceptance to told, in seconds; live posts only.
pub fn told(seconds: f64) {
    METRICS.told.with_label_values(&[] as &[&str]).observe(seconds);
}

/// The lexicon in use.
pub fn lexicon(hash: &str) {
    METRICS.lexicon.reset();
    METRICS.lexicon.with_label_values(&[hash]).set(1.0);
}

/// A lexicon failed its check on reload.
pub fn lexicon_reload_failed() {
    METRICS.reload_failures.with_label_values(&[] as &[&str]).inc();
}

/// A changed roster has faults.
pub fn roster_reload_failed() {
    METRICS.roster_failures.with_label_values(&[] as &[&str]).inc();
}

/// Whether `source` could be read the last time.
pub fn source_up(source: &str, up: bool) {
    METRICS.source_up.with_label_values(&[bounded("source", source)]).set(on(up));
}

/// `source` could not be read.
pub fn feed_error(source: &str) {
    METRICS.feed_errors.with_label_values(&[bounded("source", source)]).inc();
}

/// The bus refused a publish.
pub(crate) fn publish_error(bus: &str) {
    METRICS.publish_errors.with_label_values(&[bus]).inc();
}

/// Whether this process holds `lease`.
pub fn lease(lease: &str, held: bool) {
    METRICS.lease_held.with_label_values(&[bounded("lease", lease)]).set(on(held));
}

/// A stage could not work on a batch for now.
pub(crate) fn stage_retry(group: &str) {
    METRICS.stage_retries.with_label_values(&[bounded("group", group)]).inc();
}

/// All of them in the text format of Prometheus; a metric without a value yet stands there with its help.
pub fn render() -> String {
    let mut out = Vec::new();
    let families = METRICS.registry.gather();
    if TextEncoder::new().encode(&families, &mut out).is_err() {
        // Only a writer can fail, and a `Vec` does not.
        out.clear();
    }
    let mut text = String::from_utf8(out).unwrap_or_default();
    let present: BTreeSet<&str> = families.iter().map(|family| family.name()).collect();
    for metric in TABLE.iter().filter(|metric| !present.contains(metric.name)) {
        let Metric { name, help, kind, .. } = metric;
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_of_the_table_is_shown_with_its_help_before_it_has_a_value() {
        posts_read("feed-a", 3);
        let text = render();
        for metric in TABLE {
            assert!(text.contains(&format!("# HELP {} ", metric.name)), "{}", metric.name);
            assert!(text.contains(&format!("# TYPE {} {}", metric.name, metric.kind)), "{}", metric.name);
        }
        assert!(text.contains("kentongan_posts_read_total{source=\"feed-a\"}"));
    }

    #[test]
    fn a_flood_of_names_becomes_one_label() {
        for n in 0..MOST_NAMES + 50 {
            lease(&format!("flood-{n}"), true);
        }
        let text = render();
        assert!(text.contains("kentongan_lease_held{lease=\"other\"}"));
        assert!(text.matches("kentongan_lease_held{").count() <= MOST_NAMES + 1);
    }
}
