//! Names of the field's things in the caller's language: regions, roles, categories, severities.

pub(crate) use alerts::account::named;
use alerts::message::{Doubt, with_villages};
use alerts::{Incident, Office, Scene};
use lexicons::Lang;
use lexicons::gazetteer::{Found, Gazetteer};
use stream::{Act, Category, Level, RegionCode, Role, Severity, SubjectClass, Zone};

/// A region with what lies around it, as people write it.
pub(crate) fn region(code: &RegionCode) -> String {
    Gazetteer::in_use().full_name(code)
}

/// Whether the regions are a kota and a kabupaten of one name.
pub(crate) fn namesakes<'a>(codes: impl Iterator<Item = &'a RegionCode>) -> bool {
    Gazetteer::in_use().are_namesakes(codes)
}

/// The regions that a person may mean by `words`: a code, or names from the smaller to the larger, with commas or
/// without ("Kurun Gunung Mas").
pub(crate) fn find_regions(words: &str) -> Found {
    by_code(words).unwrap_or_else(|| Gazetteer::in_use().search(words))
}

/// The same without an offer: those whose names go on from `words` only where no region is called so.
pub(crate) fn meant_regions(words: &str) -> Found {
    by_code(words).unwrap_or_else(|| Gazetteer::in_use().find(words))
}

/// What is found of `words` that are a code.
fn by_code(words: &str) -> Option<Found> {
    let code = RegionCode::parse(words.trim()).ok()?;
    let exact = Gazetteer::in_use().area(&code).map(|_| code).into_iter().collect();
    Some(Found { exact, like: Vec::new() })
}

/// The one region that `words` surely mean: the only one so called from kabupaten up, or the one around all so called.
///
/// # Errors
/// How many it may be.
pub(crate) fn sure_region(words: &str) -> Result<RegionCode, usize> {
    let found = meant_regions(words).exact;
    let wide = found.iter().filter(|code| code.level() <= Level::Kabupaten).count();
    let sure = found.first().filter(|first| wide == 1 || found.iter().all(|code| first.contains(code)));
    sure.cloned().ok_or(found.len())
}

/// What a switch holds back, as people write it: the region with its code, or the channel.
pub(crate) fn switch_scope(scope: &str) -> String {
    let held = scope.split_once(':').map_or(scope, |(_, held)| held);
    RegionCode::parse(held).map_or_else(|_| held.to_owned(), |code| format!("{} ({code})", region(&code)))
}

/// The zone of a region.
pub(crate) fn zone(code: &RegionCode) -> Zone {
    Gazetteer::in_use().zone(code).unwrap_or_default()
}

/// The place of an incident with the villages that its posts name in it, or that it has none yet.
pub(crate) fn place(lang: Lang, incident: &Incident) -> String {
    spot(lang, incident.place.as_ref(), &incident.scenes)
}

/// The same as a heading that says what is not sure of it.
pub(crate) fn doubted(lang: Lang, incident: &Incident, doubt: &Doubt) -> String {
    capital(&doubt.said(lang, incident.place.as_ref(), place(lang, incident)))
}

/// A place with the villages in it that posts name, or that there is none yet.
pub(crate) fn spot(lang: Lang, place: Option<&RegionCode>, scenes: &[Scene]) -> String {
    let nowhere = || lang.get("console.incident.no_place").to_owned();
    place.map_or_else(nowhere, |place| with_villages(lang, place, region(place), scenes))
}

/// An office: its role and its region.
pub(crate) fn office(lang: Lang, office: &Office) -> String {
    let role = lang.get(&format!("alerts.role.{}", office.role));
    format!("{role} · {}", region(&office.region))
}

/// A category's name.
pub(crate) fn category(lang: Lang, category: Category) -> String {
    capital(lang.get(&format!("alerts.category.{category}")))
}

/// `text` with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A subject class's name.
pub(crate) fn subject(lang: Lang, class: SubjectClass) -> &'static str {
    lang.get(&format!("console.subject.{class}"))
}

/// An act's name.
pub(crate) fn act(lang: Lang, act: Act) -> &'static str {
    lang.get(&format!("console.act.{act}"))
}

/// The class of a severity's chip.
pub(crate) fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Normal => "normal",
        Severity::Waspada => "waspada",
        Severity::Siaga => "siaga",
        Severity::Awas => "awas",
    }
}

/// A text of `alerts.{table}.{code}`; the code itself, readable, where the table has none.
pub(crate) fn coded(lang: Lang, table: &str, code: &str) -> String {
    named(lang, &format!("alerts.{table}"), code)
}

/// The severity shown as the chip: a lexicon alone reaches WASPADA, what lies above is a proposal until a person
/// confirms it (domain.md 2.3). What is over, or turned down, proposes nothing any more.
pub(crate) fn chip(incident: &Incident) -> (Severity, Option<Severity>) {
    let open = incident.status == alerts::Status::Baru;
    // One of two has confirmed AWAS: it is proposed until the second does.
    let half = incident.awas_waits_for_second.is_some() && incident.status.is_open();
    match incident.effective {
        Some(effective) if half => (effective, Some(Severity::Awas)),
        Some(effective) => (effective, None),
        None if matches!(incident.status, alerts::Status::Ditolak | alerts::Status::Ditarik) => {
            (Severity::Normal, None)
        }
        None if incident.proposed > Severity::Waspada => {
            (Severity::Waspada, Some(incident.proposed).filter(|_| open))
        }
        None => (incident.proposed, None),
    }
}

/// A proposed severity in words.
pub(crate) fn proposal(lang: Lang, proposal: Option<Severity>) -> Option<String> {
    proposal.map(|severity| lang.fill("console.incident.proposed", &[("severity", severity.as_str())]))
}

/// How many independent sources.
pub(crate) fn sources(lang: Lang, n: i64) -> String {
    let key = if n == 1 { "console.incident.source" } else { "console.incident.sources" };
    lang.fill(key, &[("n", &n.to_string())])
}

/// The same of several villages where it is the number `each` has at most.
pub(crate) fn sources_of(lang: Lang, n: i64, each: bool) -> String {
    match each {
        true => lang.fill("console.incident.sources_each", &[("n", &n.to_string())]),
        false => sources(lang, n),
    }
}

/// That `n` of the posts behind a number of sources name no village; empty where all do.
pub(crate) fn wide(lang: Lang, n: i64) -> String {
    if n == 0 { String::new() } else { lang.fill("alerts.message.wide", &[("n", &n.to_string())]) }
}

/// A guard's name.
pub(crate) fn guard(lang: Lang, guard: &str) -> String {
    named(lang, "judge.guard", guard)
}

/// The reason of a severity's step that no lexicon brings.
pub(crate) fn step(lang: Lang, why: &str) -> String {
    named(lang, "judge.step", why)
}

/// Where a post was published.
pub(crate) fn channel(lang: Lang, channel: &str) -> String {
    named(lang, "console.channel", channel)
}

/// What a tag says of a signal.
pub(crate) fn tag(lang: Lang, tag: &str) -> String {
    named(lang, "console.tag", tag)
}

/// How a clue tells the place.
pub(crate) fn clue(lang: Lang, kind: &str) -> String {
    named(lang, "console.clue", kind)
}

/// The key of a region's level.
pub(crate) fn level(code: &RegionCode) -> &'static str {
    match code.level() {
        Level::Provinsi => "provinsi",
        Level::Kabupaten => "kabupaten",
        Level::Kecamatan => "kecamatan",
        Level::Desa => "desa",
    }
}

/// A status, as a word.
pub(crate) fn status(lang: Lang, status: &str) -> &'static str {
    lang.get(&format!("alerts.status.{status}"))
}

/// The desk itself, where an office would stand.
pub(crate) fn desk(lang: Lang) -> String {
    lang.get("alerts.role.MEJA").to_owned()
}

/// `text` with the codes of roles, regions, reasons and answers in it spelled out, as history holds them
/// (`KAPOLSEK 62.10.02 (at_once)`). Words that are no codes stay as they are.
pub(crate) fn spelled(lang: Lang, text: &str) -> String {
    // Two digits alone may be any number; after a role they are its province.
    let mut after_role = false;
    let mut word = |word: &str| {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let code = core.contains('.') || after_role;
        after_role = Role::parse(core).is_some();
        match spelled_code(lang, core, code) {
            Some(name) => word.replacen(core, &name, 1),
            None => word.to_owned(),
        }
    };
    text.split(' ').map(&mut word).collect::<Vec<_>>().join(" ")
}

fn spelled_code(lang: Lang, code: &str, may_be_region: bool) -> Option<String> {
    if let Some(role) = Role::parse(code) {
        return Some(lang.get(&format!("alerts.role.{role}")).to_owned());
    }
    if may_be_region
        && let Ok(code) = RegionCode::parse(code)
        && Gazetteer::in_use().area(&code).is_some()
    {
        return Some(region(&code));
    }
    let tables = ["reason", "answer", "nobody", "apart"];
    let key =
        tables.iter().map(|table| format!("alerts.{table}.{code}")).find(|key| lang.texts().has(key))?;
    Some(lang.get(&key).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_found_by_its_code_by_names_with_commas_and_without() {
        let kurun = RegionCode::parse("62.10.02").unwrap();
        for words in ["62.10.02", " 621002 ", "Kurun, Gunung Mas", "kurun gunung mas"] {
            assert!(find_regions(words).exact.contains(&kurun), "{words}");
        }
        for words in ["", "99.99", "Antahberantah", "Kurun, Pamekasan"] {
            assert_eq!(find_regions(words), Found::default(), "{words}");
        }
    }

    #[test]
    fn a_name_is_one_region_only_where_no_other_may_be_meant() {
        let sure = |words: &str| sure_region(words).map(|code| code.to_string());
        assert_eq!(sure("Gunung Mas"), Ok("62.10".to_owned()), "villages of that name do not matter");
        assert_eq!(sure("kurun, gunung mas"), Ok("62.10.02".to_owned()));
        assert!(sure("Madiun").is_err_and(|many| many > 1), "a kota and a kabupaten");
        assert!(sure("Sukajadi").is_err_and(|many| many > 1));
        assert_eq!(sure("Antahberantah"), Err(0));
    }

    #[test]
    fn codes_of_the_history_are_spelled_and_other_words_stay() {
        let text = spelled(Lang::Id, "KAPOLSEK 62.10.02, KPU 62.10 (at_once)");
        assert!(text.starts_with("Kapolsek Kec. Kurun, Kab. Gunung Mas, KPU Kab. Gunung Mas ("), "{text}");
        assert!(!text.contains("at_once"));
        assert_eq!(spelled(Lang::Id, "KESBANGPOL 16"), "Kesbangpol Prov. Sumatera Selatan");
        assert_eq!(spelled(Lang::Id, "datang 16 orang"), "datang 16 orang");
        assert_eq!(
            spelled(Lang::Id, "bicara dengan kapolsek pukul 10.15"),
            "bicara dengan kapolsek pukul 10.15"
        );
    }
}
