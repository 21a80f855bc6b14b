//! Measures places over the judged items of the shared folder; skipped where it is absent.

use serde_json::Value;

use super::*;

fn shared() -> Option<String> {
    let root = std::env::var("KENTONGAN_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").to_owned());
    std::fs::read_to_string(format!("{root}/eval/items.dev.jsonl")).ok()
}

fn post_of(item: &Value) -> Post {
    let mut post = post(item["text"].as_str().unwrap_or_default());
    post.channel = serde_json::from_value(item["channel"].clone()).unwrap();
    post.author = item.get("author").map(|author| serde_json::from_value(author.clone()).unwrap());
    post.geo = item.get("geo").map(|geo| serde_json::from_value(geo.clone()).unwrap());
    post
}

/// The score of `eval/score.py`: exact 1, a right ancestor one half; and the share that is wrong.
#[derive(Default)]
struct Score {
    items: u32,
    points: f64,
    wrong: u32,
}

impl Score {
    fn count(&mut self, gold: Option<&str>, got: Option<&str>) {
        let above = gold.zip(got).is_some_and(|(gold, got)| gold.starts_with(&format!("{got}.")));
        self.items += 1;
        self.points += if gold == got {
            1.0
        } else if above {
            0.5
        } else {
            0.0
        };
        self.wrong += u32::from(got.is_some() && gold != got && !above);
    }

    fn show(&self, name: &str) {
        let all = f64::from(self.items.max(1));
        let (score, wrong) = (self.points / all, f64::from(self.wrong) / all);
        println!("{name}: {} items, place score {score:.3}, wrong share {wrong:.3}", self.items);
    }
}

#[test]
fn the_judged_items_are_placed_as_careful_readers_do() {
    let Some(text) = shared() else {
        println!("left out: the judged items are not here (../shared/eval/items.dev.jsonl)");
        return;
    };
    let (mut queued, mut all) = (Score::default(), Score::default());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let item: Value = serde_json::from_str(line).unwrap();
        let gold = &item["gold"];
        if gold["open"].as_bool().unwrap_or(false) || gold["open"].is_string() {
            continue;
        }
        let expected = gold["place"].as_str();
        let got = found(&post_of(&item));
        let got = (got != "-").then_some(got.as_str());
        all.count(expected, got);
        if gold["queue"] != "tidak" {
            queued.count(expected, got);
        }
        if expected != got && std::env::var_os("KENTONGAN_SHOW").is_some() {
            println!("{} gold {expected:?} got {got:?}", item["id"]);
        }
    }
    queued.show("in a queue");
    all.show("all");
    assert!(queued.points >= 0.85 * f64::from(queued.items), "place score fell");
    assert!(f64::from(queued.wrong) <= 0.05 * f64::from(queued.items), "too many wrong places");
}
