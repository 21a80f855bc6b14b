//! `calendar.toml`: the stages and days of elections, per region; which of them an instant falls on.

mod read;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use stream::{Level, RegionCode, Zone};

use crate::law::Regime;

/// A stage of an election.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The candidates are not determined yet: acts of ASN are a matter of ethics.
    BeforeDetermination,
    /// Determined, the campaign not begun.
    Determined,
    /// Campaign.
    Campaign,
    /// *Masa tenang*.
    Quiet,
    /// Voting day.
    Voting,
    /// Counting and recapitulation.
    Recapitulation,
    /// All recapitulations are over.
    After,
}

impl Stage {
    /// A stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::BeforeDetermination => "before_determination",
            Stage::Determined => "determined",
            Stage::Campaign => "campaign",
            Stage::Quiet => "quiet",
            Stage::Voting => "voting",
            Stage::Recapitulation => "recapitulation",
            Stage::After => "after",
        }
    }
}

/// First and last day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Days {
    /// Whether `day` is one of them.
    pub fn hold(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The days of one election, or of a repeat of it in some regions.
#[derive(Clone, Debug)]
pub struct Election {
    /// Its name (`pilkada-2024`).
    pub id: String,
    /// Its title, Indonesian.
    pub title: String,
    /// Which laws it stands under.
    pub regime: Regime,
    /// The regions it is held in; empty = all.
    pub regions: Vec<RegionCode>,
    /// The first day on which a post is taken to be about it.
    pub from: Date,
    /// The last such day.
    pub until: Date,
    /// The day the candidates are determined.
    pub determination: Date,
    /// The drawing of numbers.
    pub numbers: Date,
    /// Campaign.
    pub campaign: Days,
    /// *Masa tenang*.
    pub quiet: Days,
    /// Voting day.
    pub voting: Date,
    /// Recapitulation in the kecamatan.
    pub recap_kecamatan: Days,
    /// Recapitulation in the kabupaten or kota.
    pub recap_kabupaten: Days,
    /// Recapitulation in the province.
    pub recap_provinsi: Days,
}

impl Election {
    /// Whether it is held in `region`; a region without known place counts for elections held everywhere.
    fn is_in(&self, region: Option<&RegionCode>) -> bool {
        self.regions.is_empty()
            || region.is_some_and(|region| self.regions.iter().any(|held| held.contains(region)))
    }

    fn stage(&self, day: Date) -> Stage {
        if day < self.determination {
            Stage::BeforeDetermination
        } else if day < self.campaign.first {
            Stage::Determined
        } else if day < self.quiet.first {
            Stage::Campaign
        } else if day < self.voting {
            Stage::Quiet
        } else if day == self.voting {
            Stage::Voting
        } else if day <= self.recap_provinsi.last {
            Stage::Recapitulation
        } else {
            Stage::After
        }
    }
}

/// What day it is in an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectionDay {
    /// The election's id.
    pub election: String,
    /// The election's laws.
    pub regime: Regime,
    /// The stage.
    pub stage: Stage,
    /// Days from voting day: -1 is H-1.
    pub from_voting: i32,
    /// The levels whose recapitulation is on.
    pub recaps: Vec<Level>,
}

impl ElectionDay {
    /// H-1, H or H+1.
    pub fn is_near_voting(&self) -> bool {
        self.from_voting.abs() <= 1
    }

    /// H-1 or H.
    pub fn is_eve_or_voting(&self) -> bool {
        matches!(self.from_voting, -1 | 0)
    }

    /// Whether the candidates are determined: KE rows before, PD rows after.
    pub fn is_determined(&self) -> bool {
        self.stage != Stage::BeforeDetermination
    }

    /// Quiet days, voting day and the day after it: partiality of officials weighs more (eval/GUIDE.md).
    pub fn is_quiet_to_after(&self) -> bool {
        self.stage == Stage::Quiet || self.stage == Stage::Voting || self.from_voting == 1
    }
}

/// Every election that is known.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    elections: Vec<Election>,
}

impl Calendar {
    /// Every election.
    pub fn elections(&self) -> &[Election] {
        &self.elections
    }

    /// The election that a post at `at` in `region` is taken to be about, and the day of it there. The one held in
    /// the fewest regions wins: a repeat vote in one kabupaten over the election of all.
    pub fn day(&self, at: Timestamp, region: Option<&RegionCode>, zone: Zone) -> Option<ElectionDay> {
        let day = DateTime::date(zone.civil(at));
        let fits = self.elections.iter().filter(|election| election.from <= day && day <= election.until);
        let held = fits.filter(|election| election.is_in(region));
        let election = held.min_by_key(|election| (election.regions.is_empty(), election.regions.len()))?;
        let recaps = [
            (Level::Kecamatan, election.recap_kecamatan),
            (Level::Kabupaten, election.recap_kabupaten),
            (Level::Provinsi, election.recap_provinsi),
        ];
        Some(ElectionDay {
            election: election.id.clone(),
            regime: election.regime,
            stage: election.stage(day),
            from_voting: election.voting.until(day).map_or(i32::MAX, |span| span.get_days()),
            recaps: recaps.into_iter().filter(|(_, days)| days.hold(day)).map(|(level, _)| level).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::plain;

    fn day(at: &str, region: &str, zone: Zone) -> ElectionDay {
        let region = RegionCode::parse(region).unwrap();
        plain().calendar().day(at.parse().unwrap(), Some(&region), zone).unwrap()
    }

    #[test]
    fn the_zone_of_the_place_decides_what_day_it_is() {
        // 17:30 UTC on the 26th: past midnight in Gunung Mas (WIB) and in Ambon (WIT).
        assert_eq!(day("2024-11-26T16:30:00Z", "62.10", Zone::Wib).from_voting, -1);
        assert_eq!(day("2024-11-26T16:30:00Z", "81.71", Zone::Wit).from_voting, 0);
        assert!(day("2024-11-28T16:59:59Z", "62.10", Zone::Wib).is_near_voting());
        assert!(!day("2024-11-28T17:00:00Z", "62.10", Zone::Wib).is_near_voting());
    }

    #[test]
    fn candidates_are_determined_on_22_september_2024() {
        assert!(!day("2024-09-21T05:00:00Z", "35.19", Zone::Wib).is_determined());
        assert!(day("2024-09-22T05:00:00Z", "35.19", Zone::Wib).is_determined());
        assert_eq!(day("2024-11-24T05:00:00Z", "35.19", Zone::Wib).stage, Stage::Quiet);
    }

    #[test]
    fn recapitulations_overlap_by_level() {
        let recaps = day("2024-11-30T05:00:00Z", "35.28", Zone::Wib).recaps;
        assert_eq!(recaps, [Level::Kecamatan, Level::Kabupaten, Level::Provinsi]);
        assert!(day("2024-11-27T05:00:00Z", "35.28", Zone::Wib).recaps.is_empty());
    }

    #[test]
    fn outside_every_election_there_is_no_day() {
        let at = "2021-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(plain().calendar().day(at, None, Zone::Wib), None);
    }
}
