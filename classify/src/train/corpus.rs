//! The corpus: labelled texts, one JSON object a line, and which of them belong together.

use std::collections::{BTreeMap, HashMap, HashSet};

use lexicons::{Fault, Said, said};
use serde::Deserialize;
use stream::{Category, Intake, Item, Post, Queue};

/// A text and what its writer says of it.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The text as it would arrive.
    pub post: Post,
    /// The queue it belongs in; `None` = in no queue.
    pub queue: Option<Queue>,
    /// The category, best first of those accepted.
    pub category: Option<Category>,
    /// Texts of one family tell one story.
    pub family: String,
    /// Texts of one scenario share most of their words.
    pub scenario: String,
    /// Who wrote it.
    pub batch: String,
    /// The language its writer wrote it in.
    pub language: String,
    /// Its form (`pantun`, `terusan` …).
    pub form: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    scenario_id: String,
    #[serde(default)]
    family_id: String,
    #[serde(default)]
    writer_batch: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    form: String,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    queue: String,
    #[serde(default)]
    categories: Vec<String>,
}

/// Reads labelled texts (the fields of `lexicons/corpus/DATASHEET.md`); only `text`, `channel`, `posted_at` and
/// `gold.queue` are needed.
///
/// # Errors
/// Every line that cannot be read, with its number.
pub fn read(file: &str, text: &str) -> Result<Vec<Labelled>, Vec<Fault>> {
    let mut texts = Vec::new();
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match labelled(line) {
            Ok(text) => texts.push(text),
            Err(why) => faults.push(Fault::new(file, number, 0, why)),
        }
    }
    if faults.is_empty() { Ok(texts) } else { Err(faults) }
}

fn labelled(line: &str) -> Result<Labelled, Said> {
    let of: Line = serde_json::from_str(line).map_err(|error| Said::Parser(error.to_string()))?;
    let item = Item::parse(line.as_bytes()).map_err(|error| Said::Parser(error.to_string()))?;
    let post = item.into_post(&Intake::judging()).map_err(|error| Said::Parser(error.to_string()))?;
    let queue = match of.gold.queue.as_str() {
        "tidak" => None,
        name => Some(Queue::parse(name).ok_or_else(|| said::no_queue(name))?),
    };
    let alone = |id: String| if id.is_empty() { post.id.to_string() } else { id };
    Ok(Labelled {
        queue,
        category: of.gold.categories.first().and_then(|code| Category::parse(code)),
        family: alone(of.family_id),
        scenario: alone(of.scenario_id),
        batch: of.writer_batch,
        language: of.language,
        form: of.form,
        post,
    })
}

/// Length of the shingles, in words, by which near-copies are known.
const SHINGLE: usize = 3;
/// Shared shingles from which two texts count as copies of each other (Jaccard).
const COPY: f64 = 0.5;
/// A shingle in more texts than this tells nothing.
const COMMON: usize = 200;

/// Which texts may not stand on both sides of a fold: those of one scenario, and near-copies across scenarios. One
/// number for each text, spread evenly.
pub(crate) fn groups(texts: &[Labelled]) -> Vec<u64> {
    let mut parent: Vec<usize> = (0..texts.len()).collect();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (n, text) in texts.iter().enumerate() {
        let head = *first.entry(text.scenario.as_str()).or_insert(n);
        unite(&mut parent, head, n);
    }
    for (a, b) in copies(texts) {
        unite(&mut parent, a, b);
    }
    (0..texts.len()).map(|n| spread(root(&mut parent, n) as u64)).collect()
}

/// Pairs of texts that are near-copies of each other.
pub(crate) fn copies(texts: &[Labelled]) -> Vec<(usize, usize)> {
    let shingles: Vec<HashSet<String>> = texts.iter().map(|text| shingles(&text.post.text)).collect();
    let mut by_shingle: HashMap<&str, Vec<usize>> = HashMap::new();
    for (n, set) in shingles.iter().enumerate() {
        set.iter().for_each(|shingle| by_shingle.entry(shingle).or_default().push(n));
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for texts in by_shingle.values().filter(|texts| texts.len() <= COMMON) {
        for (at, a) in texts.iter().enumerate() {
            texts[at + 1..].iter().for_each(|b| *shared.entry((*a, *b)).or_default() += 1);
        }
    }
    let jaccard =
        |a: usize, b: usize, both: usize| both as f64 / (shingles[a].len() + shingles[b].len() - both) as f64;
    shared.into_iter().filter(|((a, b), both)| jaccard(*a, *b, *both) >= COPY).map(|(pair, _)| pair).collect()
}

fn shingles(text: &str) -> HashSet<String> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.windows(SHINGLE).map(|words| words.join(" ")).collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

fn unite(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    // The older leads, so that the result does not depend on the order of pairs.
    let (low, high) = (a.min(b), a.max(b));
    parent[high] = low;
}

/// Mixes a number so that its remainders are spread evenly (the finaliser of splitmix64).
pub(crate) fn spread(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(scenario: &str, text: &str) -> String {
        serde_json::json!({
            "channel": "x", "posted_at": "2024-11-10T10:00:00+07:00", "text": text, "scenario_id": scenario,
            "gold": {"queue": "tidak"},
        })
        .to_string()
    }

    #[test]
    fn near_copies_of_two_scenarios_stand_on_one_side_of_a_fold() {
        let lines = [
            text("a", "malam ini gudang di dekat pasar lama dijaga warga sampai pagi"),
            text("b", "malam ini gudang di dekat pasar lama dijaga warga sampai subuh"),
            text("c", "harga cabai di pasar lama naik lagi, ibu-ibu mengeluh"),
        ];
        let texts = read("made-up.jsonl", &lines.join("\n")).expect("it can be read");
        let groups = groups(&texts);
        assert_eq!(groups[0], groups[1]);
        assert_ne!(groups[0], groups[2]);
    }

    #[test]
    fn a_line_without_a_queue_is_named() {
        let faults = read("made-up.jsonl", "{\"text\":\"a\"}").expect_err("it has no gold");
        assert!(faults[0].to_string().starts_with("made-up.jsonl:1"), "{}", faults[0]);
        let odd = text("a", "harga cabai naik").replace("tidak", "entah");
        let faults = read("made-up.jsonl", &odd).expect_err("it stands under no queue");
        assert_eq!(faults[0].text(lexicons::Lang::Id), "made-up.jsonl:1: gold.queue: 'entah' bukan antrean");
    }
}
