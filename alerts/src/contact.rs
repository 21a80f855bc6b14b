//! How offices reach the people of the desk by telephone.

use lexicons::Lang;
use serde::Deserialize;

/// The desk's telephone, as messages and the page of an answer show it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskContact {
    /// What the desk calls itself; *Meja analis* without it.
    #[serde(default)]
    pub name: Option<String>,
    /// The number as people dial it: `0800-123-4567`, `+62 21 555 0110`, `112`.
    #[serde(default)]
    pub phone: String,
}

/// Most characters of a name: it stands in one line of a message.
const NAME: usize = 60;

impl DeskContact {
    /// What the desk calls itself, or what it is called in `lang`.
    pub fn name(&self, lang: Lang) -> &str {
        self.name.as_deref().unwrap_or_else(|| lang.get("alerts.role.MEJA"))
    }

    /// The number as a telephone takes it from a link: digits, and `+` before them.
    pub fn dialled(&self) -> String {
        self.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    /// The key whose value cannot be one.
    pub fn unfit(&self) -> Option<&'static str> {
        let unnamed = |name: &String| {
            name.trim().is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control)
        };
        if !is_phone(&self.phone) {
            return Some("phone");
        }
        self.name.as_ref().is_some_and(unnamed).then_some("name")
    }
}

/// Whether `text` can be dialled: 3 to 15 digits (E.164), grouped with blanks, hyphens, dots or brackets, `+` at most
/// before them.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let grouped = |c: char| c.is_ascii_digit() || [' ', '-', '.', '(', ')'].contains(&c);
    let (begins, ends) = (['+', '('], |c: char| c.is_ascii_digit());
    (3..=15).contains(&digits)
        && text.starts_with(|c: char| c.is_ascii_digit() || begins.contains(&c))
        && text.ends_with(ends)
        && text.strip_prefix('+').unwrap_or(text).chars().all(grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(phone: &str, name: Option<&str>) -> DeskContact {
        DeskContact { name: name.map(str::to_owned), phone: phone.to_owned() }
    }

    #[test]
    fn a_desk_is_reached_by_what_can_be_dialled_and_by_nothing_else() {
        for phone in ["112", "0800-123-4567", "+62 21 555 0110", "(0536) 32.10.110"] {
            assert_eq!(contact(phone, None).unfit(), None, "{phone}");
        }
        for phone in ["", "segera", "11", "0800 123 45x", "1+2+3", "0800-", "1234567890123456", "+"] {
            assert_eq!(contact(phone, None).unfit(), Some("phone"), "{phone}");
        }
        assert_eq!(contact("112", Some("Desk Pilkada")).unfit(), None);
        for name in [" ", "baris\nkedua"] {
            assert_eq!(contact("112", Some(name)).unfit(), Some("name"));
        }
        assert_eq!(contact("+62 (21) 555", None).dialled(), "+6221555");
    }
}
