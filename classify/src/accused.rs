//! The office that a post complains of: it and its chain are never told (SG-14).

use lexicons::Range;
use stream::{Accused, Category, Level, Place, Role};

use crate::demand;
use crate::doer::{self, How, Standing};
use crate::heard::Heard;
use crate::held::Held;

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

/// How far before a deed an office may stand that is taken for its doer, in tokens.
const NEAR: usize = 5;

/// The office that the matches complain of: the one that did the deed, and not the one that it was done to, that names
/// a place, that was at its lawful work, or that is called upon about it; without one, the office that is to go or that
/// a misdeed is said of.
pub(crate) fn of(heard: &Heard<'_>, category: Category, held: &[Held<'_>], place: &Place) -> Option<Accused> {
    let part = held.first()?.part;
    let partial = category == Category::Kf14;
    let named: Vec<(&(&str, Role, Level), Range)> = OFFICES
        .iter()
        .flat_map(|office| heard.hits(part, office.0).into_iter().map(move |at| (office, at)))
        .collect();
    let complained = heard.hits(part, "complaint_deed");
    let deeds: Vec<Range> = held
        .iter()
        .flat_map(|held| &held.found.hits)
        .filter(|hit| hit.part == part && hit.set.is_some())
        .map(|hit| hit.range)
        .filter(|range| partial || complained.iter().any(|deed| meet(*deed, *range)))
        .filter(|range| named.iter().all(|(_, at)| !meet(*at, *range)))
        .collect();
    let reach = if partial { doer::FAR } else { NEAR };
    let standing = |role: Role, at: Range| {
        let how =
            How { reach, office: !matches!(role, Role::Kades | Role::Lurah | Role::Camat | Role::Bupati) };
        doer::standing(heard, part, at, &deeds, &how)
    };
    let did = named
        .iter()
        .filter(|(office, at)| match standing(office.1, *at) {
            Standing::Doer => true,
            // A person of the class in a partial act, though no verb shows it: "foto kades bareng calon".
            Standing::Open => partial,
            Standing::Object | Standing::AtWork | Standing::Called | Standing::Apart => false,
        })
        .min_by_key(|(office, at)| (standing(office.1, *at), at.start));
    let blamed = || {
        let concerned = named.iter().filter(|(office, at)| demand::concerns(heard, part, office.1, *at));
        concerned.min_by_key(|(_, at)| at.start)
    };
    let (office, at) = did.or_else(blamed)?;
    Some(Accused {
        role: office.1,
        region: place.code.as_ref().map(|code| code.cut(office.2)),
        span: Some(heard.span(part, *at)),
    })
}

fn meet(one: Range, other: Range) -> bool {
    one.start < other.end && other.start < one.end
}
