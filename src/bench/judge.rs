//! `bench judge`: posts per second on one core, beside Aho-Corasick over the same word forms.

use std::hint::black_box;

use aho_corasick::AhoCorasick;
use lexicons::Lexicon;
use serde::Serialize;
use stream::{Intake, Item, Judgement};

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
    /// Share of the texts that stand in a queue.
    pub(crate) queued_share: f64,
    /// Word forms in the lexicon.
    pub(crate) forms: usize,
    /// Median length of a text, in bytes.
    pub(crate) median_bytes: usize,
}

/// Rounds; each measures all three in turn, so that a drifting machine drifts for all.
const ROUNDS: usize = 5;

pub(crate) fn run(count: usize) -> anyhow::Result<JudgeRates> {
    let lexicon = Lexicon::builtin();
    let lines: Vec<String> = super::lines(&super::flagged(&lexicon), 'b', count).collect();
    let posts = super::posts(&lines)?;
    let lower: Vec<String> = posts.iter().map(|post| post.text.to_lowercase()).collect();
    let forms = lexicon.forms();
    let peer = AhoCorasick::new(&forms)?;
    let intake = Intake::judging();
    let (mut own, mut json, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        own.push(super::rate(count, || {
            for post in &posts {
                black_box(classify::judge(&lexicon, post));
            }
        }));
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
    }
    let queued = posts.iter().filter_map(|post| classify::judge(&lexicon, post));
    let queued = queued.filter(|finding| !finding.signals.is_empty()).count();
    let (posts_per_s, aho_corasick_posts_per_s) = (median(own), median(other));
    let mut sizes: Vec<usize> = posts.iter().map(|post| post.text.len()).collect();
    sizes.sort_unstable();
    Ok(JudgeRates {
        posts_per_s,
        json_posts_per_s: median(json),
        aho_corasick_posts_per_s,
        vs_aho_corasick: posts_per_s / aho_corasick_posts_per_s,
        queued_share: queued as f64 / count as f64,
        forms: forms.len(),
        median_bytes: sizes[sizes.len() / 2],
    })
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
