//! `bench judge`: posts per second on one core, beside Aho-Corasick over the same word forms.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use anyhow::Context;
use lexicons::Lexicon;
use regex::RegexSetBuilder;
use serde::Serialize;
use stream::{Intake, Item, Judgement};

use super::peer::Peer;

/// What is measured; the median of the rounds.
#[derive(Serialize)]
pub(crate) struct JudgeRates {
    /// `classify::judge` alone.
    pub(crate) posts_per_s: f64,
    /// JSON line to post, judged, back to a JSON line.
    pub(crate) json_posts_per_s: f64,
    /// One pass of Aho-Corasick over the same texts, lower-cased beforehand, looking for the same forms.
    pub(crate) aho_corasick_posts_per_s: f64,
    /// `posts_per_s` over `aho_corasick_posts_per_s`.
    pub(crate) vs_aho_corasick: f64,
    /// `posts_per_s` with ten times the rules ([`Lexicon::grown`]) …
    pub(crate) ten_times_rules_posts_per_s: f64,
    /// … over `posts_per_s`.
    pub(crate) ten_times_rules_share: f64,
    /// What the lexicon takes once loaded, areas and second reader included, in MiB.
    pub(crate) engine_mib: Option<f64>,
    /// `regex`'s `RegexSet` over the same forms with room for its automaton, on a hundredth of the texts: only where
    /// other peers are measured too, since it is slow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) regex_set_posts_per_s: Option<f64>,
    /// Each peer's texts a second, and `posts_per_s` over it (`vs_…`), by the name that it gives itself.
    #[serde(flatten)]
    pub(crate) peers: BTreeMap<String, f64>,
    /// Share of the texts that stand in a queue.
    pub(crate) queued_share: f64,
    /// Word forms in the lexicon.
    pub(crate) forms: usize,
    /// Median length of a text, in bytes.
    pub(crate) median_bytes: usize,
}

/// Rounds; each measures all three in turn, so that a drifting machine drifts for all.
const ROUNDS: usize = 5;

/// How many times the rules the grown lexicon has.
const TIMES: usize = 10;

/// How many of the texts tell how frequent each set of words is, by which the grown lexicon is made.
const SAMPLE: usize = 5_000;

/// Every how manieth text `RegexSet` is measured on.
const REGEX_STEP: usize = 100;
/// Room for the automaton of `RegexSet`, in bytes.
const REGEX_ROOM: usize = 1 << 30;

/// Measures on `count` made-up posts, or on those of a JSONL file, beside the programs of `peers`.
pub(crate) fn run(count: usize, texts: Option<&Path>, peers: &[PathBuf]) -> anyhow::Result<JudgeRates> {
    let before = super::held_mib();
    let lexicon = Lexicon::builtin();
    // The areas are read when first asked for.
    lexicon.land();
    let engine_mib = super::held_mib().zip(before).map(|(after, before)| after - before);
    let lines = lines(&lexicon, count, texts)?;
    let posts = super::posts(&lines)?;
    let count = posts.len();
    let grown = lexicon.grown(TIMES, posts.iter().take(SAMPLE).map(|post| post.text.as_str()));
    let lower: Vec<String> = posts.iter().map(|post| post.text.to_lowercase().replace('\n', " ")).collect();
    let forms = lexicon.forms();
    let mut others = started(&forms, &lower, peers)?;
    let escaped = || forms.iter().map(|form| regex::escape(form));
    let built = || RegexSetBuilder::new(escaped()).size_limit(REGEX_ROOM).dfa_size_limit(REGEX_ROOM).build();
    let regex = if others.is_empty() { None } else { Some(built()?) };
    let some: Vec<&String> = lower.iter().step_by(REGEX_STEP).collect();
    let peer = AhoCorasick::new(&forms)?;
    let mut regex_rates = Vec::new();
    let intake = Intake::judging();
    let (mut own, mut many, mut json, mut other) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (lexicon, rates) in [(&*lexicon, &mut own), (&grown, &mut many)] {
            rates.push(super::rate(count, || {
                for post in &posts {
                    black_box(classify::judge(lexicon, post));
                }
            }));
        }
        json.push(super::rate(count, || {
            for line in &lines {
                let Ok(post) = Item::parse(line.as_bytes()).and_then(|item| item.into_post(&intake)) else {
                    continue;
                };
                black_box(serde_json::to_string(&Judgement::new(&post, classify::judge(&lexicon, &post))))
                    .ok();
            }
        }));
        other.push(super::rate(count, || {
            for text in &lower {
                black_box(peer.find_overlapping_iter(text).count());
            }
        }));
        others.iter_mut().try_for_each(Peer::round)?;
        regex_rates.extend(regex.as_ref().map(|set| {
            super::rate(some.len(), || {
                some.iter().for_each(|text| {
                    black_box(set.matches(text).iter().count());
                });
            })
        }));
    }
    let queued = posts.iter().filter_map(|post| classify::judge(&lexicon, post));
    let queued = queued.filter(|finding| !finding.signals.is_empty()).count();
    let (posts_per_s, aho_corasick_posts_per_s) = (median(own), median(other));
    let ten_times_rules_posts_per_s = median(many);
    let mut sizes: Vec<usize> = posts.iter().map(|post| post.text.len()).collect();
    sizes.sort_unstable();
    let mut peers = BTreeMap::new();
    for other in &others {
        let rate = median(other.rates.clone());
        peers.insert(format!("{}_posts_per_s", other.name), rate);
        peers.insert(format!("vs_{}", other.name), posts_per_s / rate);
    }
    Ok(JudgeRates {
        posts_per_s,
        json_posts_per_s: median(json),
        aho_corasick_posts_per_s,
        vs_aho_corasick: posts_per_s / aho_corasick_posts_per_s,
        ten_times_rules_posts_per_s,
        ten_times_rules_share: ten_times_rules_posts_per_s / posts_per_s,
        engine_mib,
        regex_set_posts_per_s: (!regex_rates.is_empty()).then(|| median(regex_rates)),
        peers,
        queued_share: queued as f64 / count as f64,
        forms: forms.len(),
        median_bytes: sizes[sizes.len() / 2],
    })
}

/// The posts as JSON lines: `count` made-up ones, or those of a file.
fn lines(lexicon: &Lexicon, count: usize, texts: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let Some(path) = texts else {
        return Ok(super::lines(&super::flagged(lexicon), 'b', count).collect());
    };
    let file = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(file.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

/// The peers, running, with forms and texts in files of their own.
fn started(forms: &[&str], texts: &[String], programs: &[PathBuf]) -> anyhow::Result<Vec<Peer>> {
    let folder = tempfile::tempdir()?;
    let (forms_file, texts_file) = (folder.path().join("forms"), folder.path().join("texts"));
    if !programs.is_empty() {
        std::fs::write(&forms_file, forms.join("\n"))?;
        std::fs::write(&texts_file, texts.join("\n"))?;
    }
    // Each has read its files once it has said its name.
    programs.iter().map(|program| Peer::start(program, &forms_file, &texts_file)).collect()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
