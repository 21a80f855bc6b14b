//! The made-up day: its posts, its offices and their answers, the colleagues at the desk, and how they
//! are played.

mod colleagues;
mod offices;
mod play;
pub(crate) mod summary;

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Map, Value};

pub(crate) use colleagues::{DeskFile, Truth, colleagues};
pub(crate) use offices::offices;
pub(crate) use play::{Inbox, replay};

const POSTS: &str = include_str!("../../deploy/demo/posts.jsonl");
const ANSWERS: &str = include_str!("../../deploy/demo/answers.toml");
const DESK: &str = include_str!("../../deploy/demo/desk.toml");
/// Offices without names; every one is reached through a file.
pub(crate) const ROSTER: &str = include_str!("../../deploy/demo/roster.csv");

/// The day as it was written.
pub(crate) struct Day {
    pub(crate) posts: Vec<DayPost>,
    pub(crate) answers: Vec<AnswerRule>,
    pub(crate) desk: DeskFile,
}

/// One post of the day.
pub(crate) struct DayPost {
    /// Minutes since midnight (WIB).
    pub(crate) at: u32,
    /// The item without its time.
    pub(crate) item: Map<String, Value>,
    /// What a careful officer would want of it: the made-up colleagues know it, the pipeline does not.
    pub(crate) expect: Value,
}

/// What a made-up office answers; the first rule whose keys all fit decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerRule {
    pub(crate) post: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) region: Option<stream::RegionCode>,
    pub(crate) category: Option<stream::Category>,
    pub(crate) after_minutes: u32,
    pub(crate) answer: alerts::Answer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFile {
    answer: Vec<AnswerRule>,
}

impl Day {
    /// The day that is built in.
    pub(crate) fn read() -> anyhow::Result<Day> {
        let posts = POSTS
            .lines()
            .enumerate()
            .map(|(at, line)| post(line).with_context(|| format!("deploy/demo/posts.jsonl:{}", at + 1)));
        let answers: AnswerFile = toml::from_str(ANSWERS).context("deploy/demo/answers.toml")?;
        let desk = toml::from_str(DESK).context("deploy/demo/desk.toml")?;
        Ok(Day { posts: posts.collect::<Result<_, _>>()?, answers: answers.answer, desk })
    }
}

fn post(line: &str) -> anyhow::Result<DayPost> {
    let mut item: Map<String, Value> = serde_json::from_str(line)?;
    let at = item.remove("at").and_then(|at| at.as_u64()).context("at: minutes since midnight")?;
    let expect = item.remove("expect").unwrap_or_default();
    Ok(DayPost { at: u32::try_from(at)?, item, expect })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_of_the_day_raises_nothing_and_all_four_kabupaten_have_trouble() {
        let day = Day::read().unwrap();
        let of = |post: &DayPost, key: &str| post.expect[key].as_str().unwrap_or_default().to_owned();
        let quiet = day.posts.iter().filter(|post| of(post, "queue") == "tidak").count();
        assert!(
            day.posts.len() >= 300 && quiet * 10 >= day.posts.len() * 6,
            "{quiet} of {}",
            day.posts.len()
        );
        for kabupaten in ["62.10", "16.07", "35.28", "35.19"] {
            let trouble = day
                .posts
                .iter()
                .filter(|post| of(post, "queue") == "konflik" && of(post, "place").starts_with(kabupaten));
            assert!(trouble.count() >= 10, "{kabupaten}");
        }
        assert!(day.posts.is_sorted_by_key(|post| post.at));
    }

    #[test]
    fn the_offices_of_the_day_are_a_roster_without_faults() {
        let known =
            |code: &stream::RegionCode| lexicons::gazetteer::Gazetteer::builtin().area(code).is_some();
        let roster = alerts::roster::Roster::parse("roster.csv", ROSTER, known);
        assert!(roster.is_ok(), "{:?}", roster.err());
    }
}
