//! What ended a command, in the reader's language: the chain of causes, each in the words of its kind.

use std::error::Error;
use std::io;

use ingest::import::{ImportError, MappingError};
use lexicons::Lang;
use stream::{BusError, ItemError};

/// One line for `failure` and what caused it.
pub(crate) fn failure(failure: &anyhow::Error, lang: Lang) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in failure.chain() {
        let told = told(cause, lang);
        if parts.last() != Some(&told) {
            parts.push(told);
        }
    }
    parts.join(": ")
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
