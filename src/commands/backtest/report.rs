//! What is counted while posts are judged, and the samples that are kept.

use std::collections::{BTreeMap, BTreeSet};

use alerts::IncidentId;
use console::masked;
use jiff::Timestamp;
use jiff::civil::Date;
use lexicons::Lexicon;
use serde::{Serialize, Serializer};
use stream::{Category, PostId, short_hash};

use super::compare::{Aspect, Kind, Two, Verdict};
use super::records::{Last, Spot};
use super::window::Window;

/// What came out of one post.
pub(super) struct Outcome {
    pub(super) day: Date,
    pub(super) before: Verdict,
    pub(super) now: Verdict,
    pub(super) difference: Option<Difference>,
}

/// A post that fares differently.
pub(super) struct Difference {
    pub(super) kind: Kind,
    pub(super) aspects: BTreeSet<Aspect>,
    pub(super) spot: Spot,
    pub(super) post: PostId,
    pub(super) text: String,
    /// Where its first hit stands, in bytes.
    pub(super) from: usize,
}

/// The report; printed as it is with `--json`.
#[derive(Serialize)]
pub(super) struct Report {
    /// Posts that were judged, each by its last revision.
    pub(super) posts: u64,
    /// Records that could not be read.
    pub(super) unreadable: u64,
    /// The days on which they lie; rates are counted over these.
    pub(super) days: usize,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) lexicon_before: String,
    pub(super) lexicon_now: String,
    /// Posts with a signal.
    pub(super) queued_before: u64,
    pub(super) queued_now: u64,
    /// Posts with hits that the second reader held back.
    pub(super) held_back_before: u64,
    pub(super) held_back_now: u64,
    pub(super) raised: Group,
    pub(super) dropped: Group,
    pub(super) changed: Group,
    /// By id: every rule that hit, before or now.
    pub(super) rules: BTreeMap<String, Hits>,
    /// Rules of the new lexicon that are in use and neither held nor were cleared anywhere.
    pub(super) never: Vec<String>,
    pub(super) tally: Tally,
    pub(super) seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) applied: Option<Applied>,
    /// Where the posts stand that fare differently, in order.
    #[serde(skip)]
    pub(super) places: Vec<Spot>,
    #[serde(skip)]
    dates: BTreeSet<Date>,
    #[serde(skip)]
    samples: usize,
}

/// The rules of the new lexicon, each counted once; the parts are `all`, as `check` counts them.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct Tally {
    pub(super) all: usize,
    /// Held on some post.
    pub(super) held: usize,
    /// Hit, and were cleared or held back wherever they did.
    pub(super) only_cleared: usize,
    /// Hit nowhere.
    pub(super) never: usize,
    /// No longer in use.
    pub(super) retired: usize,
}

/// What became of the new verdicts.
#[derive(Debug, Serialize)]
pub(super) struct Applied {
    /// Findings that were published.
    pub(super) published: u64,
    /// Posts that were edited or sent again meanwhile: the classifier judges them anew.
    pub(super) left_out: u64,
    /// The incidents that the published findings touched; none where the alerts role has not read them yet.
    #[serde(serialize_with = "numbers")]
    pub(super) incidents: Option<Vec<IncidentId>>,
}

/// Incidents by the numbers that people know them by.
fn numbers<S: Serializer>(incidents: &Option<Vec<IncidentId>>, serializer: S) -> Result<S::Ok, S::Error> {
    let told = |all: &Vec<IncidentId>| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    incidents.as_ref().map(told).serialize(serializer)
}

/// The posts that fare differently in one way.
#[derive(Default, Serialize)]
pub(super) struct Group {
    pub(super) count: u64,
    /// By the category that leads: the new one, or the old one of what was dropped.
    pub(super) by_category: BTreeMap<Category, u64>,
    /// In what they differ; one post may differ in several ways.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) by_aspect: BTreeMap<Aspect, u64>,
    pub(super) samples: Vec<Sample>,
}

/// One post of a group: its text without what is private, and both verdicts.
#[derive(Serialize)]
pub(super) struct Sample {
    /// By seed and post: the smallest are kept, whatever order the posts came in.
    #[serde(skip)]
    lot: String,
    pub(super) text: String,
    /// Where the first hit of the text as written stands, in characters.
    #[serde(skip)]
    pub(super) from: usize,
    pub(super) before: Verdict,
    pub(super) now: Verdict,
}

/// Posts on which a rule held, and where it hit and was cleared; of these, where the second reader held it back.
#[derive(Default, Serialize)]
pub(super) struct Hits {
    pub(super) before: u64,
    pub(super) now: u64,
    pub(super) before_per_day: f64,
    pub(super) now_per_day: f64,
    pub(super) cleared_before: u64,
    pub(super) cleared_now: u64,
    pub(super) held_back_before: u64,
    pub(super) held_back_now: u64,
}

impl Report {
    pub(super) fn new(two: &Two, window: &Window, last: &Last, seed: u64, samples: usize) -> Report {
        Report {
            posts: 0,
            unreadable: last.unreadable,
            days: 0,
            since: window.since,
            until: window.until,
            lexicon_before: two.before.hash().to_owned(),
            lexicon_now: two.now.hash().to_owned(),
            queued_before: 0,
            queued_now: 0,
            held_back_before: 0,
            held_back_now: 0,
            raised: Group::default(),
            dropped: Group::default(),
            changed: Group::default(),
            rules: BTreeMap::new(),
            never: Vec::new(),
            tally: Tally::default(),
            seed,
            applied: None,
            places: Vec::new(),
            dates: BTreeSet::new(),
            samples,
        }
    }

    pub(super) fn group(&self, kind: Kind) -> &Group {
        match kind {
            Kind::Raised => &self.raised,
            Kind::Dropped => &self.dropped,
            Kind::Changed => &self.changed,
        }
    }

    /// Counts one post.
    pub(super) fn add(&mut self, outcome: Outcome) {
        let Outcome { day, before, now, difference } = outcome;
        self.posts += 1;
        self.dates.insert(day);
        self.queued_before += u64::from(!before.signals.is_empty());
        self.queued_now += u64::from(!now.signals.is_empty());
        self.held_back_before += u64::from(before.held_back().next().is_some());
        self.held_back_now += u64::from(now.held_back().next().is_some());
        self.count(&before, &now);
        if let Some(difference) = difference {
            self.differs(difference, before, now);
        }
    }

    fn count(&mut self, before: &Verdict, now: &Verdict) {
        let mut of = |rule: &String, count: fn(&mut Hits) -> &mut u64| {
            *count(self.rules.entry(rule.clone()).or_default()) += 1;
        };
        before.rules.iter().for_each(|rule| of(rule, |hits| &mut hits.before));
        now.rules.iter().for_each(|rule| of(rule, |hits| &mut hits.now));
        before.cleared.keys().for_each(|rule| of(rule, |hits| &mut hits.cleared_before));
        now.cleared.keys().for_each(|rule| of(rule, |hits| &mut hits.cleared_now));
        before.held_back().for_each(|rule| of(rule, |hits| &mut hits.held_back_before));
        now.held_back().for_each(|rule| of(rule, |hits| &mut hits.held_back_now));
    }

    fn differs(&mut self, difference: Difference, before: Verdict, now: Verdict) {
        let Difference { kind, aspects, spot, post, text, from } = difference;
        self.places.push(spot);
        let (seed, samples) = (self.seed.to_string(), self.samples);
        let group = match kind {
            Kind::Raised => &mut self.raised,
            Kind::Dropped => &mut self.dropped,
            Kind::Changed => &mut self.changed,
        };
        group.count += 1;
        if let Some(category) = now.lead().or(before.lead()) {
            *group.by_category.entry(category).or_default() += 1;
        }
        for aspect in aspects {
            *group.by_aspect.entry(aspect).or_default() += 1;
        }
        let lot = short_hash(&["sample", &seed, post.as_str()]);
        let at = group.samples.partition_point(|sample| sample.lot < lot);
        if at < samples {
            let from = masked(text.get(..from).unwrap_or_default()).chars().count();
            group.samples.insert(at, Sample { lot, text: masked(&text), from, before, now });
            group.samples.truncate(samples);
        }
    }

    /// Works out what is known only at the end.
    pub(super) fn finish(&mut self, now: &Lexicon) {
        self.days = self.dates.len();
        self.places.sort_unstable();
        let days = self.days.max(1) as f64;
        let rate = |count: u64| (count as f64 / days * 100.0).round() / 100.0;
        for hits in self.rules.values_mut() {
            (hits.before_per_day, hits.now_per_day) = (rate(hits.before), rate(hits.now));
        }
        self.tally.all = now.rules().len();
        for rule in now.rules() {
            let hits = self.rules.get(&rule.id);
            let (held, cleared) = hits.map_or((0, 0), |hits| (hits.now, hits.cleared_now));
            let part = match (rule.retired.is_some(), held, cleared) {
                (true, ..) => &mut self.tally.retired,
                (false, 0, 0) => {
                    self.never.push(rule.id.clone());
                    &mut self.tally.never
                }
                (false, 0, _) => &mut self.tally.only_cleared,
                (false, ..) => &mut self.tally.held,
            };
            *part += 1;
        }
    }
}
