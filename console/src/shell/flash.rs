//! What the page after a press says of it: the address carries it, as codes only.

use std::collections::BTreeSet;

use alerts::{IncidentId, NotificationView, Office};
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
    Some(lang.fill(&key, &[("id", &ids.join(", "))]))
}

/// The part of an address that says which offices a press has `told`.
pub(crate) fn told_by(told: &[Office]) -> String {
    let office = |office: &Office| format!("{}_{}", office.role, office.region);
    format!("jabatan={}", told.iter().map(office).collect::<Vec<_>>().join(","))
}

/// How many of the offices that `path` names were told, and which; that none was. An address can be made up: only offices
/// are named that messages about the incident, `sent`, are for, and apart those whose messages are held back.
pub(super) fn told(lang: Lang, path: &str, sent: &[NotificationView]) -> Option<String> {
    let office = |code: &str| {
        let (role, region) = code.split_once('_')?;
        Some(Office::new(Role::parse(role)?, RegionCode::parse(region).ok()?))
    };
    let offices: BTreeSet<Office> = query_value(path, "jabatan")?.split(',').filter_map(office).collect();
    let (mut told, mut held) = (BTreeSet::new(), BTreeSet::new());
    for office in offices {
        let own = sent.iter().filter(|sent| sent.office.as_ref() == Some(&office) && sent.counts());
        match own.max_by_key(|sent| (sent.created_at, sent.state != "held")) {
            Some(last) if last.state == "held" => held.insert(office),
            Some(_) => told.insert(office),
            None => false,
        };
    }
    let all = [("offices", &told), ("held", &held)];
    let said: Vec<String> = all
        .into_iter()
        .filter(|(_, offices)| !offices.is_empty())
        .map(|(key, offices)| listed(lang, key, offices))
        .collect();
    Some(match said.is_empty() {
        true => lang.get("console.done_told.nobody").to_owned(),
        false => said.join(" "),
    })
}

/// How many `offices` and which, in the words at `console.done_told.{key}`.
fn listed(lang: Lang, key: &str, offices: &BTreeSet<Office>) -> String {
    let mut named: Vec<String> =
        offices.iter().take(NAMED).map(|office| names::office(lang, office)).collect();
    let more = offices.len().checked_sub(NAMED).filter(|more| *more > 0);
    named.extend(more.map(|n| lang.fill("console.done_told.more", &[("n", &n.to_string())])));
    let values = [("n", offices.len().to_string()), ("offices", named.join("; "))];
    lang.fill(
        &format!("console.done_told.{key}"),
        &values.each_ref().map(|(key, value)| (*key, value.as_str())),
    )
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
    use stream::{Category, Severity};

    use super::*;
    use crate::fixture::{incident, view};

    fn office(role: Role, region: &str) -> Office {
        Office::new(role, RegionCode::parse(region).unwrap())
    }

    /// A message to each of `offices`, where it stands in `state`.
    fn messages(offices: &[Office], state: &str) -> Vec<NotificationView> {
        let incident = incident(1, Category::Kf02, Severity::Waspada, Some("62.10.02"));
        let one = view(incident, "ada ancaman di Kurun", "ancaman", "Kurun").notifications.remove(0);
        let to =
            |to: &Office| NotificationView { office: Some(to.clone()), state: state.into(), ..one.clone() };
        offices.iter().map(to).collect()
    }

    fn after(query: &str, sent: &[NotificationView]) -> String {
        let path = format!("/kejadian/KTG-1?{query}");
        let said = [note(Lang::Id, &path), told(Lang::Id, &path, sent)];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_press_told_is_read_from_codes_alone() {
        let both = [office(Role::Kapolsek, "62.10.02"), office(Role::PpkKpu, "62.10.02")];
        let query = format!("kabar=placed&{}", told_by(&both));
        let said = after(&query, &messages(&both, "sent"));
        let names = "2 jabatan diberi tahu: Kapolsek · Kec. Kurun, Kab. Gunung Mas; PPK · Kec. Kurun";
        assert!(said.starts_with("Lokasi ditetapkan.") && said.contains(names), "{said}");
        let nobody = after(&format!("kabar=placed&{}", told_by(&[])), &messages(&both, "sent"));
        assert_eq!(after("kabar=placed&jabatan=%3Cb%3E_1,ANTAH_62.10", &[]), nobody);
        assert!(nobody.contains("Tidak ada jabatan yang diberi tahu karenanya"), "{nobody}");
        assert_eq!(after("kabar=placed", &[]), "Lokasi ditetapkan.");
        assert_eq!(after("kabar=antah", &[]) + &after("kabar=PLACED", &[]) + &after("kabar=told", &[]), "");
        // Whom no message of the incident is for was not told, whatever an address says.
        assert_eq!(after(&query, &[]), nobody);
        assert_eq!(after(&query, &messages(&both, "moot")), nobody);
    }

    #[test]
    fn an_office_whose_message_is_held_back_is_not_said_to_be_told() {
        let both = [office(Role::Kapolsek, "62.10.02"), office(Role::Camat, "62.10.02")];
        let mut sent = messages(&both, "held");
        sent[1].state = "sent".into();
        let said = after(&format!("kabar=placed&{}", told_by(&both)), &sent);
        assert!(said.contains("1 jabatan diberi tahu: Camat"), "{said}");
        assert!(
            said.contains("1 jabatan BELUM diberi tahu") && said.contains("dihentikan: Kapolsek"),
            "{said}"
        );
    }

    #[test]
    fn of_many_offices_the_first_are_named_and_the_others_counted() {
        let all: Vec<Office> = (1..=11).map(|n| office(Role::Kades, &format!("62.10.02.20{n:02}"))).collect();
        let said = after(&format!("kabar=placed&{}", told_by(&all)), &messages(&all, "sent"));
        assert!(said.contains("11 jabatan diberi tahu:") && said.contains("dan 3 lagi"), "{said}");
        assert_eq!(said.matches("Kades ·").count(), NAMED);
    }
}
