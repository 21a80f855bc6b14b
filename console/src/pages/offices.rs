//! Which offices of the tiga pilar have no contact yet, region by region: seen before somebody is looked for.

use alerts::roster::Refused;
use alerts::{Cover, Vacancies, total};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use lexicons::Lang;
use serde::Deserialize;
use stream::{Level, RegionCode, Role};

use crate::failure::encode;
use crate::shell::{Caller, Shell, page};
use crate::view::names;
use crate::{ConsoleState, Failure};

/// Faults of a refused roster that are listed; `check` tells all.
const FAULTS: usize = 10;

/// Which region is asked for.
#[derive(Deserialize, Default)]
pub(crate) struct Ask {
    #[serde(default)]
    wilayah: String,
}

/// One region and what is missing in it.
struct Line {
    name: String,
    /// Its own page, where it holds regions.
    href: Option<String>,
    /// The offices of its own level without a contact, by name; empty when there are none.
    missing: String,
    /// What is missing below it, level by level.
    below: Vec<String>,
    complete: bool,
}

#[derive(Template)]
#[template(path = "offices.html")]
struct OfficesPage {
    s: Shell,
    /// The regions around those listed, from the outside: name and address.
    way: Vec<(String, String)>,
    here: Option<Line>,
    lines: Vec<Line>,
    summary: String,
    /// The roster's file has faults and the one before is gone by: that, and the first of them.
    refused: Option<(String, Vec<String>)>,
    /// No region to speak of: there is no roster.
    nothing: bool,
}

/// `GET /pejabat`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    let (covers, refused) = (state.desk.coverage(&caller.actor()?), state.desk.roster_refused());
    let shell = Shell::new(&state, &caller);
    page(&compose(shell, caller.lang, &covers, &refused, &ask.wilayah).ok_or(Failure::NotFound)?)
}

/// The page of the region `asked`, or of the whole area; `None` when that lies elsewhere.
fn compose(s: Shell, lang: Lang, covers: &[Cover], refused: &[Refused], asked: &str) -> Option<OfficesPage> {
    let mut way: Vec<&Cover> = Vec::new();
    if !asked.is_empty() {
        let wanted = RegionCode::parse(asked).ok().filter(|code| code.level() != Level::Provinsi)?;
        let mut among = covers;
        while way.last().is_none_or(|at| at.region != wanted) {
            let next = among.iter().find(|cover| cover.region.contains(&wanted))?;
            among = &next.inside;
            way.push(next);
        }
    }
    let here = way.last().copied();
    let listed = here.map_or(covers, |cover| &cover.inside);
    let whole = here.map_or_else(|| total(covers.iter().map(Cover::whole)), Cover::whole);
    Some(OfficesPage {
        way: way.iter().rev().skip(1).rev().map(|cover| (own_name(cover), href(cover))).collect(),
        here: here.map(|cover| line(lang, cover)),
        lines: listed.iter().map(|cover| line(lang, cover)).collect(),
        summary: lang.fill("console.offices.summary", &values(whole).each_ref().map(|(key, n)| (*key, &**n))),
        refused: (!refused.is_empty()).then(|| {
            let told = lang.fill("console.offices.refused", &[("count", &refused.len().to_string())]);
            (told, refused.iter().take(FAULTS).map(|refused| refused.text(lang)).collect())
        }),
        nothing: covers.is_empty(),
        s,
    })
}

fn href(cover: &Cover) -> String {
    format!("/pejabat?wilayah={}", encode(cover.region.as_str()))
}

fn values(of: Vacancies) -> [(&'static str, String); 2] {
    [("vacant", of.vacant.to_string()), ("all", of.all.to_string())]
}

/// A region by its own name: what lies around it stands above.
fn own_name(cover: &Cover) -> String {
    let name = names::region(&cover.region);
    name.split(", ").next().unwrap_or_default().to_owned()
}

fn line(lang: Lang, cover: &Cover) -> Line {
    let role = |role: Role| lang.get(&format!("alerts.role.{role}"));
    let missing: Vec<&str> = cover.missing.iter().map(|missing| role(*missing)).collect();
    let below: &[Role] = match cover.region.level() {
        Level::Provinsi | Level::Kabupaten => &[
            Role::Camat,
            Role::Danramil,
            Role::Kapolsek,
            Role::Kades,
            Role::Lurah,
            Role::Babinsa,
            Role::Bhabin,
        ],
        Level::Kecamatan => &[Role::Kades, Role::Lurah, Role::Babinsa, Role::Bhabin],
        Level::Desa => &[],
    };
    let counted = below.iter().map(|below| (*below, cover.of(*below))).filter(|(_, of)| of.vacant > 0);
    let told = counted.map(|(below, of)| {
        let [vacant, all] = values(of);
        lang.fill("console.offices.of_role", &[("role", role(below)), (vacant.0, &vacant.1), (all.0, &all.1)])
    });
    Line {
        name: own_name(cover),
        href: (!cover.inside.is_empty()).then(|| href(cover)),
        missing: missing.join(", "),
        below: told.collect(),
        complete: cover.whole().vacant == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use alerts::roster::Roster;

    const ROSTER: &str = "role,region,holder,stand_in,channel,address\n\
        KAPOLRES,62.10,,,email,polres@rekaan.example\nCAMAT,62.10.02,,,file,camat-kurun\n";

    fn rendered(asked: &str) -> Option<String> {
        with_refused(&[], asked)
    }

    fn with_refused(refused: &[Refused], asked: &str) -> Option<String> {
        let covers = alerts::coverage(&Roster::parse("roster.csv", ROSTER, |_| true).unwrap(), &[]);
        let caller = Caller::of(alerts::DeskRole::Analis, "/pejabat");
        let page = compose(Shell::bare(&caller, fixture::now()), Lang::Id, &covers, refused, asked)?;
        Some(page.render().unwrap())
    }

    #[test]
    fn a_kabupaten_shows_whom_nobody_can_reach_before_anything_happens_and_no_address() {
        let html = rendered("").unwrap();
        assert!(html.contains("Kab. Gunung Mas") && html.contains("Bupati/Wali Kota, Dandim"), "{html}");
        assert!(html.contains("Roster simulasi hanya memuat"), "why so many lack one in the demo: {html}");
        assert!(html.contains("/pejabat?wilayah=62.10") && html.contains("belum ada kontak"));
        let kabupaten = rendered("62.10").unwrap();
        assert!(kabupaten.contains("Kec. Kurun") && kabupaten.contains("Danramil, Kapolsek"), "{kabupaten}");
        let kecamatan = rendered("62.10.02").unwrap();
        assert!(kecamatan.contains("Kades, Babinsa, Bhabinkamtibmas"), "{kecamatan}");
        for html in [html, kabupaten, kecamatan] {
            assert!(!html.contains("polres@") && !html.contains("camat-kurun"));
        }
    }

    #[test]
    fn a_changed_roster_with_faults_is_told_where_offices_are_looked_for() {
        let text = "role,region,holder,stand_in,channel,address\nCAMATT,62.10.02,Rekaan Sekali,,file,camat\n\
                    CAMAT,081234567890,,,file,camat\n";
        let faults = Roster::parse("/etc/rekaan/roster.csv", text, |_| true).unwrap_err();
        let mut refused: Vec<Refused> = faults.into_iter().map(Refused::Fault).collect();
        refused.push(Refused::ChannelMissing(alerts::channels::Kind::Email));
        let html = with_refused(&refused, "").unwrap();
        assert!(html.contains("3 kesalahan") && html.contains("yang lama tetap dipakai"), "{html}");
        for part in
            ["<li>roster.csv:2: role: ", "CAMATT", "Maksudnya", "<li>roster.csv:3: region: ", "saluran email"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        for private in ["Rekaan Sekali", "0812", "/etc"] {
            assert!(!html.contains(private), "{private} in {html}");
        }
        let html = rendered("").unwrap();
        assert!(html.contains("dibaca lagi") && !html.contains("tetap dipakai"), "{html}");
    }

    #[test]
    fn a_region_that_is_not_the_desks_is_no_page() {
        for elsewhere in ["35.19", "62", "99.99", "antah"] {
            assert!(rendered(elsewhere).is_none(), "{elsewhere}");
        }
    }
}
