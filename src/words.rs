//! What ended a command, in the reader's language: the chain of causes, each in the words of its kind.

use std::error::Error;
use std::io;

use alerts::SetupError;
use alerts::channels::Kind;
use alerts::db::DbError;
use ingest::import::{ImportError, MappingError};
use lexicons::Lang;
use stream::{BusError, ItemError};

use crate::cli::BadValue;

/// One line for `failure` and what caused it.
pub(crate) fn failure(failure: &anyhow::Error, lang: Lang) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in failure.chain() {
        if let Some(told) = whole(cause, lang) {
            parts.push(told);
            break;
        }
        let told = told(cause, lang);
        if parts.last() != Some(&told) {
            parts.push(told);
        }
    }
    parts.join(": ")
}

/// What is said with all that caused it.
fn whole(cause: &(dyn Error + 'static), lang: Lang) -> Option<String> {
    match cause.downcast_ref::<SetupError>() {
        Some(SetupError::ChannelMissing(kind)) => Some(channel_missing(*kind, lang)),
        Some(SetupError::Db(error)) => Some(database(error, lang)),
        _ => cause.downcast_ref::<DbError>().map(|error| database(error, lang)),
    }
}

/// That the roster uses a channel which the configuration does not set up.
pub(crate) fn channel_missing(kind: Kind, lang: Lang) -> String {
    lang.fill("cli.setup.channel_missing", &[("channel", kind.as_str())])
}

/// What is wrong with the database: what the system said of it, if it did.
fn database(error: &DbError, lang: Lang) -> String {
    let mut cause: &(dyn Error + 'static) = error;
    let mut told = error.to_string();
    while let Some(next) = cause.source() {
        cause = next;
        told = cause.downcast_ref().map_or_else(|| cause.to_string(), |error| ingest::io_error(lang, error));
    }
    let key = match error {
        DbError::Unreachable(_) => "cli.setup.database_away",
        _ => "cli.setup.database",
    };
    lang.fill(key, &[("cause", &told)])
}

fn told(cause: &(dyn Error + 'static), lang: Lang) -> String {
    if let Some(error) = cause.downcast_ref::<io::Error>() {
        return ingest::io_error(lang, error);
    }
    if let Some(error) = cause.downcast_ref::<ImportError>() {
        return ingest::import_error(lang, error);
    }
    if let Some(error) = cause.downcast_ref::<MappingError>() {
        return format!("--map: {}", ingest::mapping_error(lang, error));
    }
    if let Some(error) = cause.downcast_ref::<ItemError>() {
        return ingest::item_error(lang, error);
    }
    match cause.downcast_ref::<BusError>() {
        Some(error) => ingest::bus_error(lang, error),
        None => cause.to_string(),
    }
}

/// Why the value of an option cannot be read.
pub(crate) fn value_error(cause: &(dyn Error + 'static), lang: Lang) -> String {
    if let Some(BadValue(key)) = cause.downcast_ref() {
        return lang.get(&format!("cli.value.{key}")).to_owned();
    }
    if cause.is::<std::num::ParseIntError>() {
        return lang.get("cli.value.number").to_owned();
    }
    if cause.is::<std::net::AddrParseError>() {
        return lang.get("cli.value.address").to_owned();
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_is_told_once_with_what_the_system_said() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("berkas"), "").unwrap();
        let path = folder.path().join("berkas/k.db");
        let failed = alerts::db::Db::open(&path.display().to_string()).await.err().unwrap();
        let told = failure(&anyhow::Error::from(failed), Lang::Id);
        assert_eq!(told, "basis data (alerts.database) tidak dapat dipakai sekarang: ini bukan folder");
        let missing = SetupError::ChannelMissing(Kind::Email);
        let told = failure(&missing.into(), Lang::Id);
        assert!(told.contains("[alerts.email]"), "{told}");
    }

    #[test]
    fn a_failure_is_told_in_the_readers_language_down_to_what_the_system_said() {
        let missing: io::Result<()> = Err(io::Error::from_raw_os_error(2));
        let failed = missing.context("kabar.jsonl").unwrap_err();
        assert_eq!(failure(&failed, Lang::Id), "kabar.jsonl: berkas atau folder tidak ada");
        let map = ingest::import::Mapping::parse("txt=Isi").unwrap_err();
        let told = failure(&map.into(), Lang::Id);
        assert!(
            told.starts_with("--map: 'txt' bukan isian") && told.ends_with("Maksudnya 'text'?"),
            "{told}"
        );
    }
}
