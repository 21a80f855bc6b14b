//! The region that a queue is asked for: which one a name means, and which else it may.

use lexicons::Lang;
use lexicons::gazetteer::Found;
use stream::RegionCode;

use super::Ask;
use crate::failure::encode;
use crate::view::names;

/// Regions offered beside the one that is taken.
const OTHERS: usize = 6;

/// A region to ask for instead.
pub(super) struct Other {
    pub(super) name: String,
    pub(super) href: String,
}

/// What is said of the region that was typed.
#[derive(Default)]
pub(super) struct Asked {
    /// The region that is taken, or why none is.
    pub(super) told: Option<String>,
    /// The queue shows this region alone.
    pub(super) applied: bool,
    pub(super) others: Vec<Other>,
    /// How many there are besides the others.
    pub(super) more: Option<String>,
}

/// The region that `typed` means, without what it may mean else.
pub(super) fn region(typed: &str) -> Option<RegionCode> {
    taken(&names::meant_regions(typed))
}

/// The highest called so, else the only one whose name goes on from what was typed. A queue that is short because half a
/// name was guessed wrong would look like a quiet one.
fn taken(found: &Found) -> Option<RegionCode> {
    match (found.exact.first(), found.like.as_slice()) {
        (Some(called), _) => Some(called.clone()),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

impl Asked {
    /// The region that `ask` means, and what is to be said of it.
    pub(super) fn of(lang: Lang, ask: &Ask) -> (Option<RegionCode>, Asked) {
        if ask.wilayah.trim().is_empty() {
            return (None, Asked::default());
        }
        let found = names::find_regions(&ask.wilayah);
        let taken = taken(&found);
        let all = found.all();
        let told = match &taken {
            Some(region) => lang.fill("console.queue.region_only", &[("region", &names::region(region))]),
            None if all.is_empty() => lang.get("console.queue.region_unknown").to_owned(),
            None => lang.get("console.queue.region_which").to_owned(),
        };
        let others: Vec<&RegionCode> = all.iter().filter(|code| taken.as_ref() != Some(code)).collect();
        let more = others.len().checked_sub(OTHERS).filter(|more| *more > 0);
        let more = more.map(|n| lang.fill("console.queue.region_more", &[("n", &n.to_string())]));
        let others = others.into_iter().take(OTHERS);
        let others = others.map(|code| Other { name: names::region(code), href: href(ask, code) }).collect();
        let applied = taken.is_some();
        (taken, Asked { told: Some(told), applied, others, more })
    }
}

/// The same queue of `region`.
fn href(ask: &Ask, region: &RegionCode) -> String {
    let (category, status) = (encode(&ask.kategori), encode(&ask.status));
    format!("/antrean?kategori={category}&status={status}&wilayah={region}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(region: &str) -> (Option<String>, Asked) {
        let ask = Ask { wilayah: region.to_owned(), kategori: "KF-02".to_owned(), ..Ask::default() };
        let (taken, asked) = Asked::of(Lang::Id, &ask);
        (taken.map(|code| code.to_string()), asked)
    }

    #[test]
    fn a_name_of_several_regions_says_which_is_shown_and_offers_the_others() {
        let (taken, asked) = asked("Madiun");
        assert_eq!(taken.as_deref(), Some("35.19"));
        assert!(asked.applied && asked.told.as_deref() == Some("Hanya Kab. Madiun."), "{:?}", asked.told);
        assert_eq!(asked.others[0].name, "Kota Madiun");
        assert_eq!(asked.others[0].href, "/antrean?kategori=KF-02&status=&wilayah=35.77");
        assert!(asked.more.is_none_or(|more| more.contains("lagi")));
        let (_, many) = super::tests::asked("Sukamaju");
        let found = names::find_regions("Sukamaju").all().len();
        assert_eq!(many.others.len(), OTHERS);
        let more = format!("dan {} lagi", found - 1 - OTHERS);
        assert!(many.more.as_ref().is_some_and(|told| told.starts_with(&more)), "{:?}", many.more);
    }

    #[test]
    fn half_a_name_filters_only_where_one_region_alone_goes_on_from_it() {
        let (taken, several) = asked("Bujur");
        assert!(taken.is_none() && !several.applied && several.others.len() > 2);
        assert!(
            several.told.is_some_and(|told| told.contains("Pilih") && !told.contains("dipakai beberapa"))
        );
        let (taken, one) = asked("Bujur Bar, Pamekasan");
        assert!(taken.is_some_and(|code| code.starts_with("35.28.")) && one.applied && one.others.is_empty());
        let (taken, none) = asked("Antahberantah");
        assert!(taken.is_none() && none.told.is_some_and(|told| told.contains("tidak dikenal")));
        assert!(super::Asked::of(Lang::Id, &Ask::default()).1.told.is_none());
    }

    #[test]
    fn the_rows_alone_are_those_of_the_region_that_the_page_shows() {
        for typed in ["", "Madiun", "35.77", "Bujur", "Bujur Bar, Pamekasan", "Antahberantah"] {
            assert_eq!(region(typed).map(|code| code.to_string()), asked(typed).0, "{typed}");
        }
    }
}
