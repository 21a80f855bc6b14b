//! `contests.toml`: who runs against whom where. Every pair has the same fields filled (SG-15).

use serde::Deserialize;
use stream::RegionCode;
use toml::Spanned;

use crate::fault::Fault;
use crate::keys_left_out::{self, Wanted};
use crate::said::{self, Said};
use crate::sets::Sets;

/// The set of names and hashtags of pairs: a name is a cue by itself.
pub(crate) const NAMES: &str = "pair_names";
/// The set of slogans and nicknames of pairs, which are ordinary words: they count beside another cue.
pub(crate) const WORDS: &str = "pair_words";
/// The set of words that make a slogan or nickname count.
pub(crate) const CUES: &str = "pair_cues";

/// The keys of a contest and of its pairs.
const WANTED: Wanted = Wanted {
    table: "contest",
    keys: &["id", "region", "election", "pair"],
    inside: Some(("pair", &["number", "names"])),
};

/// One contest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Its name.
    pub id: Spanned<String>,
    /// Where it is held.
    pub region: RegionCode,
    /// The election in calendar.toml.
    pub election: String,
    /// Whether people and names are made up.
    #[serde(default)]
    pub made_up: bool,
    /// The pairs.
    pub pair: Vec<Pair>,
}

/// One pair of candidates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The number drawn.
    pub number: u8,
    /// The two names as on the ballot.
    pub names: Vec<String>,
    /// Nicknames, possibly ordinary words.
    #[serde(default)]
    pub nicknames: Vec<String>,
    /// Other spellings of names.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// The slogan or acronym, possibly an ordinary word.
    #[serde(default)]
    pub slogan: String,
    /// Hashtags, without `#`.
    #[serde(default)]
    pub hashtags: Vec<String>,
    /// Colours.
    #[serde(default)]
    pub colours: Vec<String>,
    /// Parties.
    #[serde(default)]
    pub parties: Vec<String>,
}

impl Pair {
    /// Which of the optional fields are filled.
    fn filled(&self) -> [(&'static str, bool); 6] {
        [
            ("nicknames", !self.nicknames.is_empty()),
            ("spellings", !self.spellings.is_empty()),
            ("slogan", !self.slogan.is_empty()),
            ("hashtags", !self.hashtags.is_empty()),
            ("colours", !self.colours.is_empty()),
            ("parties", !self.parties.is_empty()),
        ]
    }
}

/// Every contest that is known.
#[derive(Clone, Debug, Default)]
pub struct Contests {
    contests: Vec<Contest>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    contest: Vec<Contest>,
}

impl Contests {
    pub(crate) fn load(name: &str, source: &str, faults: &mut Vec<Fault>) -> Contests {
        let file: File = match toml::from_str(source) {
            Ok(file) => file,
            Err(error) => {
                faults.extend(keys_left_out::told(name, source, &error, &WANTED));
                return Contests::default();
            }
        };
        for contest in &file.contest {
            check(name, source, contest, faults);
        }
        Contests { contests: file.contest }
    }

    /// Every contest.
    pub fn all(&self) -> &[Contest] {
        &self.contests
    }

    /// The contests that a place lies in.
    pub fn of<'a>(&'a self, place: &'a RegionCode) -> impl Iterator<Item = &'a Contest> {
        self.contests.iter().filter(move |contest| contest.region.contains(place))
    }

    /// Gives names, slogans and nicknames to the sets that `%paslon` reads.
    pub(crate) fn add_terms(&self, sets: &mut Sets) {
        for cue in [
            "paslon",
            "cabup",
            "cagub",
            "cawali",
            "cawabup",
            "cawagub",
            "pilkada",
            "pilbup",
            "pilgub",
            "pilwali",
            "coblos",
            "nyoblos",
            "kampanye",
            "timses",
            "relawan",
            "tps",
            "nomor urut",
            "calon bupati",
            "calon gubernur",
            "calon wali kota",
            "surat suara",
        ] {
            sets.made(CUES, cue);
        }
        for pair in self.contests.iter().flat_map(|contest| &contest.pair) {
            for name in pair.names.iter().chain(&pair.spellings) {
                sets.made(NAMES, name);
            }
            for tag in &pair.hashtags {
                // Split like a hashtag in a text.
                sets.made(NAMES, &format!("#{tag}"));
            }
            for word in
                pair.nicknames.iter().chain(std::iter::once(&pair.slogan)).filter(|word| !word.is_empty())
            {
                sets.made(WORDS, word);
            }
        }
    }
}

fn check(name: &str, source: &str, contest: &Contest, faults: &mut Vec<Fault>) {
    let id = contest.id.get_ref();
    let mut fault = |said: Said| faults.push(Fault::at(name, source, contest.id.span().start, said));
    if contest.pair.len() < 2 {
        fault(said::one_pair(id));
    }
    let Some(first) = contest.pair.first() else { return };
    for pair in &contest.pair {
        if pair.names.iter().any(|name| name.trim().is_empty()) || pair.names.is_empty() {
            fault(said::pair_names(&pair.number, id));
        }
        for ((field, here), (_, there)) in pair.filled().into_iter().zip(first.filled()) {
            if here != there {
                let (with, without) = if here { (pair, first) } else { (first, pair) };
                fault(said::pair_uneven(id, field, &with.number, &without.number));
            }
        }
    }
    let mut numbers: Vec<u8> = contest.pair.iter().map(|pair| pair.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        fault(said::pair_twice(id));
    }
}
