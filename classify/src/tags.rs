//! Cross-cutting tags of a signal (domain.md 2.4).

use stream::{Category, Part};

use crate::heard::Heard;
use crate::held::Held;

/// A tag and the sets of which one must hold in the judged part.
const TAGS: [(&str, &[&str]); 9] = [
    ("ada_sajam", &["blade"]),
    ("ada_senpi", &["firearm"]),
    ("penyelenggara_target", &["organiser"]),
    ("jurnalis_target", &["journalist"]),
    ("terkait_pemilihan", &["election_hard"]),
    ("hari_H", &["voting_day"]),
    ("anak", &["child"]),
    // The disaster agency is told of trouble with logistics only then.
    ("bencana", &["disaster"]),
    // Whoever watches over money in the village hears of pressure on voters only then.
    ("uang", &["gift_firm"]),
];

/// Sets of which one, not denied, makes the tag *ada korban*.
const VICTIMS: [&str; 2] = ["victim_hard", "grave_victim"];

/// Sets of which one makes the tag *sebut api* where nothing is told to burn: the fire brigade stands by.
const FIRE: [&str; 4] = ["burn", "fire_more", "fire_seen", "fire_tools"];

/// The tags of the matches: those of their rules, and those that the text's words give.
pub(crate) fn of(heard: &Heard<'_>, held: &[Held<'_>]) -> Vec<String> {
    let Some(part) = held.first().map(|held| held.part) else { return Vec::new() };
    let mut tags: Vec<String> = held.iter().flat_map(|held| held.rule.tags.iter().cloned()).collect();
    let said = TAGS.iter().filter(|(_, sets)| sets.iter().any(|set| heard.has(part, set)));
    tags.extend(said.map(|(tag, _)| (*tag).to_owned()));
    if VICTIMS.iter().any(|set| heard.affirmed(part, set).is_some()) {
        tags.push("ada_korban".to_owned());
    }
    if on_fire(heard, held, part) {
        tags.push("ada_api".to_owned());
    } else if FIRE.iter().any(|set| heard.has(part, set)) {
        tags.push("sebut_api".to_owned());
    }
    if heard.place().candidates.len() > 1 {
        tags.push("lokasi_ambigu".to_owned());
    }
    tags.sort();
    tags.dedup();
    tags
}

/// Whether something burns or has burnt: a threat of fire is no fire.
fn on_fire(heard: &Heard<'_>, held: &[Held<'_>], part: Part) -> bool {
    let threat = held.iter().all(|held| held.rule.category == Category::Kf02);
    !threat && heard.told_as_done(part, "burn_v").is_some()
}
