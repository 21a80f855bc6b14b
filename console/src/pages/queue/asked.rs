//! The region that a queue is asked for: which one a name means, and which else it may.

use lexicons::Lang;
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

impl Asked {
    /// The region that `ask` means: the highest called so, else the only one whose name goes on from what was typed. A
    /// queue that is short because half a name was guessed wrong would look like a quiet one. Of a reader with regions
    /// of his `own` only those count that share ground with them: the others are empty to him whatever stands there.
    pub(super) fn of(lang: Lang, ask: &Ask, own: &[RegionCode]) -> (Option<RegionCode>, Asked) {
        if ask.wilayah.trim().is_empty() {
            return (None, Asked::default());
        }
        let mut found = names::find_regions(&ask.wilayah);
        let known = !(found.exact.is_empty() && found.like.is_empty());
        if !own.is_empty() {
            let shared = |code: &RegionCode| own.iter().any(|own| own.contains(code) || code.contains(own));
            found.exact.retain(shared);
            found.like.retain(shared);
        }
        let taken = match (found.exact.first(), found.like.as_slice()) {
            (Some(called), _) => Some(called.clone()),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        };
        let all = found.all();
        let told = match &taken {
            Some(region) => lang.fill("console.queue.region_only", &[("region", &names::region(region))]),
            None if all.is_empty() && known => lang.get("console.queue.region_outside").to_owned(),
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
        let (taken, asked) = Asked::of(Lang::Id, &ask, &[]);
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
        assert!(super::Asked::of(Lang::Id, &Ask::default(), &[]).1.told.is_none());
    }

    #[test]
    fn a_reader_with_regions_of_his_own_gets_the_area_in_them_and_none_that_he_may_not_see() {
        let of = |region: &str, own: &str| {
            let ask = Ask { wilayah: region.to_owned(), ..Ask::default() };
            super::Asked::of(Lang::Id, &ask, &[RegionCode::parse(own).unwrap()])
        };
        let (everywhere, _) = asked("Kendal");
        assert_eq!(everywhere.as_deref(), Some("33.24"));
        let (taken, mine) = of("Kendal", "35.21");
        assert_eq!(mine.told.as_deref(), Some("Hanya Kec. Kendal, Kab. Ngawi."));
        assert!(taken.is_some_and(|code| code.as_str().starts_with("35.21.")));
        assert!(
            mine.others.iter().all(|other| other.href.contains("wilayah=35.21")),
            "nothing he may not see"
        );
        assert_eq!(of("Jawa Timur", "35.21").0.map(|code| code.to_string()).as_deref(), Some("35"));
        let (taken, outside) = of("Gunung Mas", "35.21");
        assert!(taken.is_none() && !outside.applied && outside.others.is_empty());
        assert!(outside.told.is_some_and(|told| told.contains("di luar wilayah akun")));
    }
}
