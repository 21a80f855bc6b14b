//! The office that a post complains of: it and its chain are never told (SG-14).

use lexicons::Range;
use stream::{Accused, Category, Level, Place, Role};

use crate::heard::Heard;
use crate::judge::Held;

/// The sets that name an office, its role and the level it stands at.
const OFFICES: [(&str, Role, Level); 16] = [
    ("office_kades", Role::Kades, Level::Desa),
    ("office_lurah", Role::Lurah, Level::Desa),
    ("office_babinsa", Role::Babinsa, Level::Desa),
    ("office_bhabin", Role::Bhabin, Level::Desa),
    ("office_pps", Role::Pps, Level::Desa),
    ("office_pkd", Role::Pkd, Level::Desa),
    ("office_camat", Role::Camat, Level::Kecamatan),
    ("office_danramil", Role::Danramil, Level::Kecamatan),
    ("office_kapolsek", Role::Kapolsek, Level::Kecamatan),
    ("office_ppk", Role::PpkKpu, Level::Kecamatan),
    ("office_panwascam", Role::Panwascam, Level::Kecamatan),
    ("office_bupati", Role::Bupati, Level::Kabupaten),
    ("office_dandim", Role::Dandim, Level::Kabupaten),
    ("office_kapolres", Role::Kapolres, Level::Kabupaten),
    ("office_kpu", Role::Kpu, Level::Kabupaten),
    ("office_bawaslu", Role::Bawaslu, Level::Kabupaten),
];

/// How near to a deed an office stands that is taken for its doer, in tokens.
const NEAR: usize = 4;

/// How near behind a deed an office stands that is taken for its target, in tokens.
const OBJECT: usize = 3;

/// The office that the matches complain of. For partiality every office named as the doer counts; elsewhere one that
/// stands right before a deed of the post, or behind *oleh*, *sama*, *dari*.
pub(crate) fn of(heard: &Heard<'_>, category: Category, held: &[Held<'_>], place: &Place) -> Option<Accused> {
    let part = held.first()?.part;
    let deeds: Vec<Range> = held
        .iter()
        .flat_map(|held| &held.found.hits)
        .filter(|hit| hit.part == part)
        .map(|hit| hit.range)
        .collect();
    let by = heard.hits(part, "doer_marker");
    let named =
        OFFICES.iter().flat_map(|office| heard.hits(part, office.0).into_iter().map(move |at| (office, at)));
    let accused = named.filter(|(_, at)| {
        let acts = deeds.iter().any(|deed| {
            deed != at && deed.start >= at.end && deed.start - at.end < NEAR
                || (category == Category::Kf14 && deed.start <= at.start && at.end <= deed.end)
        });
        // "serbu kantor KPU, bawa parang": what a deed is done to is its target, however near the next deed stands.
        let target = category != Category::Kf14
            && deeds.iter().any(|deed| deed.end <= at.start && at.start - deed.end < OBJECT);
        by.iter().any(|by| by.end == at.start) || (acts && !target)
    });
    let (office, at) = accused.min_by_key(|(_, at)| at.start)?;
    Some(Accused {
        role: office.1,
        region: place.code.as_ref().map(|code| code.cut(office.2)),
        span: Some(heard.span(part, at)),
    })
}
