//! What the page after a press says of it: the address carries it, as codes only.

use std::collections::BTreeSet;

use alerts::{IncidentId, Office};
use lexicons::Lang;
use stream::{RegionCode, Role};

use crate::view::names;

/// As many offices are named; of the others their number is told.
const NAMED: usize = 8;

/// What the last press did, as the query of `path` tells it; none where it tells none that there is.
pub(super) fn note(lang: Lang, path: &str) -> Option<String> {
    let word = query_value(path, "kabar")?;
    let word = Some(word).filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))?;
    let key = Some(format!("console.done.{word}")).filter(|key| lang.texts().has(key))?;
    let from = query_value(path, "dari").unwrap_or_default();
    let ids: Vec<String> = from.split(',').filter_map(IncidentId::parse).map(|id| id.to_string()).collect();
    let done = lang.fill(&key, &[("id", &ids.join(", "))]);
    Some(match query_value(path, "jabatan") {
        Some(offices) => format!("{done} {}", told(lang, offices)),
        None => done,
    })
}

/// The part of an address that says which offices a press has `told`.
pub(crate) fn told_by(told: &[Office]) -> String {
    let office = |office: &Office| format!("{}_{}", office.role, office.region);
    format!("jabatan={}", told.iter().map(office).collect::<Vec<_>>().join(","))
}

/// How many offices were told, and which; that none was.
fn told(lang: Lang, offices: &str) -> String {
    let office = |code: &str| {
        let (role, region) = code.split_once('_')?;
        Some(Office::new(Role::parse(role)?, RegionCode::parse(region).ok()?))
    };
    let offices: BTreeSet<Office> = offices.split(',').filter_map(office).collect();
    if offices.is_empty() {
        return lang.get("console.done_told.nobody").to_owned();
    }
    let mut named: Vec<String> =
        offices.iter().take(NAMED).map(|office| names::office(lang, office)).collect();
    let more = offices.len().checked_sub(NAMED).filter(|more| *more > 0);
    named.extend(more.map(|n| lang.fill("console.done_told.more", &[("n", &n.to_string())])));
    let values = [("n", offices.len().to_string()), ("offices", named.join("; "))];
    lang.fill("console.done_told.offices", &values.each_ref().map(|(key, value)| (*key, value.as_str())))
}

/// The value of `name` in the query of `path`, as it stands.
fn query_value<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(query: &str) -> String {
        note(Lang::Id, &format!("/kejadian/KTG-1?{query}")).unwrap_or_default()
    }

    #[test]
    fn what_a_press_told_is_read_from_codes_alone() {
        let kapolsek = Office::new(Role::Kapolsek, RegionCode::parse("62.10.02").unwrap());
        let ppk = Office::new(Role::PpkKpu, RegionCode::parse("62.10.02").unwrap());
        let both = after(&format!("kabar=placed&{}", told_by(&[kapolsek, ppk])));
        let names = "2 jabatan diberi tahu: Kapolsek · Kec. Kurun, Kab. Gunung Mas; PPK · Kec. Kurun";
        assert!(both.starts_with("Lokasi ditetapkan.") && both.contains(names), "{both}");
        let nobody = after(&format!("kabar=placed&{}", told_by(&[])));
        assert_eq!(after("kabar=placed&jabatan=%3Cb%3E_1,ANTAH_62.10"), nobody);
        assert!(nobody.contains("Tidak ada pesan yang dikirim karenanya"), "{nobody}");
        assert_eq!(after("kabar=placed"), "Lokasi ditetapkan.");
        assert_eq!(after("kabar=antah") + &after("kabar=PLACED") + &after("kabar=told"), "");
    }

    #[test]
    fn of_many_offices_the_first_are_named_and_the_others_counted() {
        let desa =
            |n: usize| Office::new(Role::Kades, RegionCode::parse(&format!("62.10.02.20{n:02}")).unwrap());
        let all: Vec<Office> = (1..=11).map(desa).collect();
        let said = after(&format!("kabar=placed&{}", told_by(&all)));
        assert!(said.contains("11 jabatan diberi tahu:") && said.contains("dan 3 lagi"), "{said}");
        assert_eq!(said.matches("Kades ·").count(), NAMED);
    }
}
