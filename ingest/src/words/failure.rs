//! Failures of files, tables, the system and the bus in the words of the interface.

use std::io;

use lexicons::Lang;
use stream::BusError;

use super::filled;
use crate::import::job::SetBy;
use crate::import::map::{Mapping, MappingError};
use crate::import::outcome::ImportError;
use crate::import::table::NotText;

/// Why an import ended early, in `lang`, for who gave the command.
pub fn import_error(lang: Lang, error: &ImportError) -> String {
    import_error_set_by(lang, error, SetBy::Options)
}

/// The same for who sets what the file lacks in this way.
pub(crate) fn import_error_set_by(lang: Lang, error: &ImportError, set_by: SetBy) -> String {
    let (key, path, line, reason) = match error {
        ImportError::Open { path, cause } => ("file", path, 0, io_error(lang, cause)),
        ImportError::Read { path, line: 0, cause } => ("file", path, 0, io_error(lang, cause)),
        ImportError::Read { path, line, cause } => ("stopped", path, *line, io_error(lang, cause)),
        ImportError::NotText { path, what } => ("file", path, 0, not_text(lang, *what)),
        ImportError::Header { path, cause } => ("header", path, 1, mapping_error_set_by(lang, cause, set_by)),
        ImportError::Bus(error) => return bus_error(lang, error),
    };
    let values = [("path", path.display().to_string()), ("line", line.to_string()), ("reason", reason)];
    filled(lang, &format!("ingest.import.{key}"), &values)
}

/// What something that is no text is and what to do with it, in `lang`.
fn not_text(lang: Lang, what: NotText) -> String {
    lang.get(&format!("ingest.import.not_text.{}", what.key())).to_owned()
}

/// Why columns cannot be matched with fields, in `lang`, for who gave the command.
pub fn mapping_error(lang: Lang, error: &MappingError) -> String {
    mapping_error_set_by(lang, error, SetBy::Options)
}

fn mapping_error_set_by(lang: Lang, error: &MappingError, set_by: SetBy) -> String {
    let columns = |found: &[String]| ("found", found.join(", "));
    let (key, near, values) = match error {
        MappingError::Form(pair) => ("form", None, vec![("pair", pair.clone())]),
        MappingError::Field { name, near } => {
            ("field", *near, vec![("name", name.clone()), ("fields", Mapping::fields())])
        }
        MappingError::Twice(name) => ("twice", None, vec![("name", name.clone())]),
        MappingError::Column { column, near, found } => {
            ("column", near.as_deref(), vec![("name", column.clone()), columns(found)])
        }
        MappingError::NoColumn { field, near, found } => {
            // A channel can be given for all at once.
            let key = match (*field, set_by) {
                ("channel", SetBy::Options) => "no_channel",
                ("channel", SetBy::Keys) => "no_channel_key",
                (_, SetBy::Options) => "no_column",
                (_, SetBy::Keys) => "no_column_key",
            };
            (key, near.as_deref(), vec![("name", (*field).to_owned()), columns(found)])
        }
        MappingError::NotUtf8 => ("not_utf8", None, Vec::new()),
        MappingError::Empty => ("empty", None, Vec::new()),
    };
    let told = filled(lang, &format!("ingest.map.{key}"), &values);
    match near {
        Some(near) => format!("{told} {}", lang.fill("ingest.map.near", &[("near", near)])),
        None => told,
    }
}

/// What the system says of a file or an address, in `lang`; in its own words where no text fits.
pub fn io_error(lang: Lang, error: &io::Error) -> String {
    use io::ErrorKind as K;
    let key = match error.kind() {
        // So says the standard library of a file that is read as text, and nothing else.
        K::InvalidData if error.to_string().ends_with("valid UTF-8") => "not_utf8",
        K::NotFound => "not_found",
        K::PermissionDenied => "permission_denied",
        K::AlreadyExists => "already_exists",
        K::IsADirectory => "is_a_directory",
        K::NotADirectory => "not_a_directory",
        K::StorageFull => "storage_full",
        K::ReadOnlyFilesystem => "read_only",
        K::ConnectionRefused => "refused",
        K::TimedOut => "timed_out",
        K::AddrInUse => "in_use",
        K::AddrNotAvailable => "no_address",
        K::UnexpectedEof => "cut_short",
        K::InvalidData | K::InvalidInput => "damaged",
        _ => return error.to_string(),
    };
    lang.fill(&format!("ingest.io.{key}"), &[("cause", &error.to_string())])
}

/// What is wrong with the bus, in `lang`.
pub fn bus_error(lang: Lang, error: &BusError) -> String {
    let (key, values) = match error {
        BusError::Full { cause } => ("full", vec![("cause", cause.clone())]),
        BusError::Open { path, cause } => {
            ("open", vec![("path", path.display().to_string()), ("cause", cause.clone())])
        }
        BusError::Storage { cause } => ("storage", vec![("cause", cause.clone())]),
        BusError::Unreachable { brokers, cause } => {
            ("unreachable", vec![("brokers", brokers.clone()), ("cause", cause.clone())])
        }
        BusError::NoTopic { brokers, topic } => {
            ("no_topic", vec![("brokers", brokers.clone()), ("topic", topic.clone())])
        }
        BusError::Taken { group, holder } => {
            let key = if group == "dead-letters" { "retried" } else { "taken" };
            (key, vec![("group", group.clone()), ("holder", holder.clone())])
        }
        BusError::Fenced { instance } => ("fenced", vec![("instance", instance.clone())]),
        other => return other.to_string(),
    };
    filled(lang, &format!("ingest.bus.{key}"), &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_a_table_and_of_the_system_have_words() {
        let header = ["Teks".to_owned(), "posted_at".to_owned()].to_vec();
        let no_column =
            MappingError::NoColumn { field: "text", near: Some("Teks".to_owned()), found: header };
        let told = mapping_error(Lang::Id, &no_column);
        assert!(told.contains("--map text=") && told.ends_with("Maksudnya 'Teks'?"), "{told}");
        let none = io_error(Lang::Id, &io::Error::from(io::ErrorKind::NotFound));
        assert!(!none.contains("ingest.") && !none.contains("not found"), "{none}");
    }
}
