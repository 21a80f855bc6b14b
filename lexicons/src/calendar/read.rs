//! `calendar.toml` as written: each day that is none, or comes before its time, is told by its place.

use jiff::civil::Date;
use serde::Deserialize;
use stream::RegionCode;
use toml::Spanned;

use super::{Calendar, Days, Election};
use crate::fault::Fault;
use crate::keys_left_out::{self, Wanted};
use crate::law::Regime;
use crate::said::{self, Said};

/// The keys of an election.
const WANTED: Wanted = Wanted {
    table: "election",
    keys: &[
        "id",
        "title",
        "regime",
        "from",
        "until",
        "determination",
        "numbers",
        "campaign",
        "quiet",
        "voting",
        "recap_kecamatan",
        "recap_kabupaten",
        "recap_provinsi",
    ],
    inside: None,
};

impl Calendar {
    pub(crate) fn load(name: &str, source: &str, faults: &mut Vec<Fault>) -> Calendar {
        let file: File = match toml::from_str(source) {
            Ok(file) => file,
            Err(error) => {
                faults.extend(keys_left_out::told(name, source, &error, &WANTED));
                return Calendar::default();
            }
        };
        let mut fault = |at: usize, said: Said| faults.push(Fault::at(name, source, at, said));
        Calendar { elections: file.election.into_iter().filter_map(|raw| raw.read(&mut fault)).collect() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    election: Vec<RawElection>,
}

/// An election as written: its days are read one by one, so that each that is none is told by its place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawElection {
    id: String,
    title: String,
    regime: Regime,
    #[serde(default)]
    regions: Vec<RegionCode>,
    from: Spanned<String>,
    until: Spanned<String>,
    determination: Spanned<String>,
    numbers: Spanned<String>,
    campaign: [Spanned<String>; 2],
    quiet: [Spanned<String>; 2],
    voting: Spanned<String>,
    recap_kecamatan: [Spanned<String>; 2],
    recap_kabupaten: [Spanned<String>; 2],
    recap_provinsi: [Spanned<String>; 2],
}

impl RawElection {
    /// The election, if its days are days and come in their order; `fault` is told the byte and what is wrong there.
    fn read(self, fault: &mut impl FnMut(usize, Said)) -> Option<Election> {
        let (from, until) = (day(&self.from, fault), day(&self.until, fault));
        let (determination, numbers) = (day(&self.determination, fault), day(&self.numbers, fault));
        let (campaign, quiet) = (days(&self.campaign, fault), days(&self.quiet, fault));
        let voting = day(&self.voting, fault);
        let recap_kecamatan = days(&self.recap_kecamatan, fault);
        let recap_kabupaten = days(&self.recap_kabupaten, fault);
        let recap_provinsi = days(&self.recap_provinsi, fault);
        let election = Election {
            id: self.id,
            title: self.title,
            regime: self.regime,
            regions: self.regions,
            from: from?,
            until: until?,
            determination: determination?,
            numbers: numbers?,
            campaign: campaign?,
            quiet: quiet?,
            voting: voting?,
            recap_kecamatan: recap_kecamatan?,
            recap_kabupaten: recap_kabupaten?,
            recap_provinsi: recap_provinsi?,
        };
        let order = [
            ("from", election.from, &self.from),
            ("determination", election.determination, &self.determination),
            ("campaign", election.campaign.first, &self.campaign[0]),
            ("quiet", election.quiet.first, &self.quiet[0]),
            ("voting", election.voting, &self.voting),
            ("recap_kecamatan", election.recap_kecamatan.first, &self.recap_kecamatan[0]),
            ("until", election.until, &self.until),
        ];
        for pair in order.windows(2).filter(|pair| pair[0].1 > pair[1].1) {
            fault(pair[0].2.span().start, said::stage_later(&election.id, pair[0].0, pair[1].0));
        }
        Some(election)
    }
}

fn day(written: &Spanned<String>, fault: &mut impl FnMut(usize, Said)) -> Option<Date> {
    let day = written.get_ref().parse().ok();
    if day.is_none() {
        fault(written.span().start, said::no_date(written.get_ref(), "2024-11-27"));
    }
    day
}

fn days([first, last]: &[Spanned<String>; 2], fault: &mut impl FnMut(usize, Said)) -> Option<Days> {
    let (from, until) = (day(first, fault), day(last, fault));
    let days = Days { first: from?, last: until? };
    if days.first > days.last {
        fault(first.span().start, said::later(&days.first, &days.last));
        return None;
    }
    Some(days)
}
