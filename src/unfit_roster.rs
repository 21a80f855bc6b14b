//! The faults of a roster as people read them, on a terminal and in the log: what is wrong, where, and what to write.

use alerts::channels::Kind;
use alerts::roster::{RosterFault, Wrong};
use lexicons::Lang;
use stream::{Role, nearest};

/// Stands in the log for a value that may be somebody's name, number or address.
const HIDDEN: &str = "•••";
/// Digits of the parts of a region code: province, regency, kecamatan, village.
const CODE: [usize; 4] = [2, 2, 2, 4];

/// A fault; of an unknown role or channel with the one that was probably meant, and all there are.
pub(crate) fn told(fault: &RosterFault, lang: Lang) -> String {
    said(fault, &fault.value, lang)
}

/// The same for the log, in its language: a value shows where it is a code or nearly one, since in the wrong column it may
/// be a name or an address.
pub(crate) fn for_log(fault: &RosterFault) -> String {
    let shows = match fault.wrong {
        Wrong::Role | Wrong::Channel => near(fault).is_some(),
        Wrong::Region => is_nearly_a_code(&fault.value),
        Wrong::UnknownColumn | Wrong::StandIn => false,
        // Codes that were read, names and numbers of ours, what the system says of a file.
        _ => true,
    };
    let value = if shows || fault.value.is_empty() { &fault.value } else { HIDDEN };
    said(&RosterFault { value: value.to_owned(), ..fault.clone() }, &fault.value, Lang::En)
}

fn said(fault: &RosterFault, written: &str, lang: Lang) -> String {
    let told = fault.text(lang);
    let Some((list, all)) = all(fault.wrong) else { return told };
    let near = nearest(&folded(fault.wrong, written), all.iter().copied())
        .map(|near| format!(" {}", lang.fill("cli.config.near", &[("near", near)])))
        .unwrap_or_default();
    format!("{told}.{near} {}", lang.fill(&format!("cli.roster.{list}"), &[(list, &all.join(", "))]))
}

/// Every value that a column of a closed set may hold, with the text that lists them.
fn all(wrong: Wrong) -> Option<(&'static str, Vec<&'static str>)> {
    match wrong {
        Wrong::Role => Some(("roles", Role::ALL.iter().map(|role| role.as_str()).chain(["MEJA"]).collect())),
        Wrong::Channel => Some(("channels", Kind::ALL.iter().map(|kind| kind.as_str()).collect())),
        _ => None,
    }
}

fn folded(wrong: Wrong, value: &str) -> String {
    if wrong == Wrong::Role { value.to_uppercase() } else { value.to_lowercase() }
}

fn near(fault: &RosterFault) -> Option<&'static str> {
    let (_, all) = all(fault.wrong)?;
    nearest(&folded(fault.wrong, &fault.value), all)
}

/// Whether `value` is built like a region code, and so no telephone number.
fn is_nearly_a_code(value: &str) -> bool {
    let parts: Vec<&str> = value.split('.').collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() <= CODE.len() && parts.iter().zip(CODE).all(|(part, most)| part.len() <= most && digits(part))
}

#[cfg(test)]
mod tests {
    use alerts::roster::Roster;

    use super::*;

    fn faults(lines: &str) -> Vec<RosterFault> {
        let head = "role,region,holder,stand_in,channel,address\n";
        Roster::parse("roster.csv", &format!("{head}{lines}"), |_| true).unwrap_err()
    }

    #[test]
    fn the_log_tells_what_is_wrong_and_what_to_write() {
        let told: Vec<String> = faults(
            "CAMATT,62.1,,,file,camat\nCAMAT,62.10.02,,,emial,camat@rekaan.example\nCAMAT,62.10.02,,,email,camat\n",
        )
        .iter()
        .map(for_log)
        .collect();
        assert_eq!(told.len(), 4, "{told:#?}");
        for (line, parts) in told.iter().zip([
            ["roster.csv:2: role: no role 'CAMATT'", "CAMAT", "MEJA"],
            ["roster.csv:2: region: '62.1' is no region code", "62.10.02", "kentongan region"],
            ["roster.csv:3: channel: no channel 'emial'", "email", "webhook"],
            ["roster.csv:4: address: address empty or none of this channel", "name@", "https://"],
        ]) {
            assert!(parts.iter().all(|part| line.contains(part)), "{parts:?} in {line}");
        }
    }

    #[test]
    fn what_may_be_a_name_a_number_or_an_address_is_hidden_in_the_log_and_shown_on_the_terminal() {
        for (line, private) in [
            ("Rekaan Sekali,62.10.02,,,file,camat", "Rekaan Sekali"),
            ("CAMAT,0812.3456.7890,,,file,camat", "0812"),
            ("CAMAT,081234567890,,,file,camat", "0812"),
            ("CAMAT,62.10.02,,081234567890,file,camat", "0812"),
            ("CAMAT,62.10.02,,,camat@rekaan.example,email", "@rekaan"),
        ] {
            let faults = faults(&format!("{line}\n"));
            let log: String = faults.iter().map(for_log).collect();
            assert!(log.contains(HIDDEN) && !log.contains(private), "{log}");
            assert!(told(&faults[0], Lang::Id).contains(private), "{line}");
        }
        let file = "Rekaan Sekali;CAMAT\n";
        let log: String =
            Roster::parse("roster.csv", file, |_| true).unwrap_err().iter().map(for_log).collect();
        assert!(!log.contains("Rekaan"), "a file without its head: {log}");
    }
}
