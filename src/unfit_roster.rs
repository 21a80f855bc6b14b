//! The faults of a roster as people read them, on a terminal and in the log: what is wrong, where, and what to write.

use alerts::roster::{RosterFault, Wrong};
use lexicons::Lang;

/// A fault; of an unknown role or channel with the one that was probably meant, and all there are.
pub(crate) fn told(fault: &RosterFault, lang: Lang) -> String {
    said(fault, fault, lang)
}

/// The same for the log, in its language: a value shows where it is a role or channel or nearly one.
pub(crate) fn for_log(fault: &RosterFault) -> String {
    said(fault, &fault.shown(), Lang::En)
}

fn said(fault: &RosterFault, shown: &RosterFault, lang: Lang) -> String {
    let told = shown.text(lang);
    let list = match fault.wrong {
        Wrong::Role => "roles",
        Wrong::Channel => "channels",
        _ => return told,
    };
    let near = fault.near();
    let near =
        near.map(|near| format!(" {}", lang.fill("cli.config.near", &[("near", near)]))).unwrap_or_default();
    let all = fault.choices().join(", ");
    format!("{told}.{near} {}", lang.fill(&format!("cli.roster.{list}"), &[(list, &all)]))
}

#[cfg(test)]
mod tests {
    use alerts::roster::{HIDDEN, Roster};

    use super::*;

    fn faults(lines: &str) -> Vec<RosterFault> {
        let head = "role,region,holder,stand_in,channel,address\n";
        let known = |code: &stream::RegionCode| code.as_str().starts_with("62");
        Roster::parse("roster.csv", &format!("{head}{lines}"), known).unwrap_err()
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
            ["roster.csv:2: region: '•••' is no region code", "62.10.02", "kentongan region"],
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
            // As many digits as a village's code has: one that is read, and is not there or no camat's.
            ("CAMAT,0812345678,,,file,camat", "0812"),
            ("CAMAT,6212345678,,,file,camat", "62123"),
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
