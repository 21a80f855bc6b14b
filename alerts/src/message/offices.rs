//! What a message says of offices: whose silence makes it climb, and what others have answered.

use lexicons::Lang;
use stream::RegionCode;

use super::place::village;
use crate::Answer;

/// Whose silence makes a matter climb, in words; `remark` as the outbox keeps it: the silent offices by their roles, each
/// with its village where there are several; behind `~` those that answered before it was graver, behind `-` those that
/// have answered since; or `+` and a line that hears of it for the first time.
pub fn silence(lang: Lang, remark: &str) -> String {
    let named = |table: &str, code: &str| crate::account::named(lang, table, code);
    match remark.strip_prefix('+') {
        Some(line) => lang.fill("alerts.message.unasked", &[("line", &named("alerts.line", line))]),
        None if remark.is_empty() => lang.get("alerts.why.climb").to_owned(),
        None => {
            let key = match remark.chars().next() {
                Some('~') => "silent_since",
                Some('-') => "silent_then",
                _ => "silent",
            };
            let offices = remark.trim_start_matches(['~', '-']).split(' ').map(|office| held(lang, office));
            let offices = offices.collect::<Vec<_>>().join(", ");
            lang.fill(&format!("alerts.message.{key}"), &[("offices", &offices)])
        }
    }
}

/// What is left of the `remark` of a climb once the offices that `spoke` have answered, too: nobody of them is called
/// silent by now.
pub(crate) fn still_silent(remark: &str, spoke: impl Fn(&str, Option<&RegionCode>) -> bool) -> String {
    if remark.is_empty() || remark.starts_with(['+', '~']) {
        return remark.to_owned();
    }
    let spoke = |office: &&str| {
        let (role, region) = parted(office);
        spoke(role, region.as_ref())
    };
    let silent: Vec<&str> = remark.split(' ').filter(|office| !spoke(office)).collect();
    if silent.is_empty() { format!("-{remark}") } else { silent.join(" ") }
}

/// What an office has answered, in words; `remark` as the outbox keeps it: `KAPOLSEK@35.19.08:aman`.
pub fn given(lang: Lang, remark: &str) -> String {
    let (office, answer) = remark.split_once(':').unwrap_or((remark, ""));
    format!("{}: {}", held(lang, office), crate::account::named(lang, "alerts.answer", answer))
}

/// The office that a remark names by its role and, behind `@`, its region: `Kapolsek Kec. Madiun`; never a person.
fn held(lang: Lang, office: &str) -> String {
    let (role, region) = parted(office);
    let role = crate::account::named(lang, "alerts.role", role);
    match region {
        Some(region) => format!("{role} {}", village(&region)),
        None => role,
    }
}

/// The role of an office in a remark, and its region if it is named.
fn parted(office: &str) -> (&str, Option<RegionCode>) {
    let (role, region) = office.split_once('@').unwrap_or((office, ""));
    (role, RegionCode::parse(region).ok())
}

/// What offices have answered so far, in words: each answer once with the offices that gave it, each role once with its
/// places, so that it stays short where many villages were asked. `remarks` as [`given`] reads them.
pub(super) fn so_far(lang: Lang, remarks: &str) -> String {
    let given: Vec<(&str, &str)> = remarks.split(' ').filter_map(|remark| remark.split_once(':')).collect();
    let by_answer = Answer::OFFERED.iter().filter_map(|answer| {
        let offices = given.iter().filter(|(_, said)| *said == answer.as_str()).map(|(office, _)| *office);
        let mut before = None;
        let offices: Vec<String> = offices
            .map(|office| {
                let (role, region) = parted(office);
                match region {
                    Some(region) if before.replace(role) == Some(role) => village(&region),
                    _ => held(lang, office),
                }
            })
            .collect();
        let word = lang.get(&format!("alerts.answer.{answer}"));
        (!offices.is_empty()).then(|| format!("{word}: {}", offices.join(", ")))
    });
    by_answer.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_stands_once_with_its_offices_and_each_role_once_with_its_places() {
        let remarks = "BABINSA@35.19.08.2003:aman BABINSA@35.19.08.2011:aman BHABIN@35.19.08.2003:menuju \
                       BHABIN@35.19.08.2011:aman KAPOLSEK@35.19.08:menuju";
        assert_eq!(
            so_far(Lang::Id, remarks),
            "Menuju lokasi: Bhabinkamtibmas Desa Dempelan, Kapolsek Kec. Madiun; \
             Aman / tidak benar: Babinsa Desa Dempelan, Desa Tiron, Bhabinkamtibmas Desa Tiron"
        );
        assert_eq!(so_far(Lang::Id, ""), "");
    }
}
