//! Why a source could not be read, in the words of the interface.

use lexicons::Lang;

use super::{FeedError, FolderError, SourceError};

impl SourceError {
    /// What went wrong, in `lang`; no address, which may hold a key.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            SourceError::Feed(error) => feed(lang, error),
            SourceError::Folder(FolderError::Folder { path, cause }) => {
                format!("{}: {}", path.display(), crate::io_error(lang, cause))
            }
            SourceError::Folder(FolderError::Files(reasons)) => {
                let reasons: Vec<&str> = reasons.iter().map(|reason| reason.get(lang)).collect();
                reasons.join("; ")
            }
            SourceError::Bus(error) => crate::bus_error(lang, error),
            SourceError::Stopped => lang.get("ingest.feed.stopped").to_owned(),
        }
    }
}

fn feed(lang: Lang, error: &FeedError) -> String {
    let (key, value) = match error {
        FeedError::Unreachable { why, cause } => (format!("no_answer.{}", why), ("cause", cause.clone())),
        FeedError::Status { status, .. } => {
            let key = match status {
                401 | 403 => "forbidden",
                404 => "not_found",
                429 => "too_often",
                500.. => "their_fault",
                _ => "status",
            };
            (format!("status.{key}"), ("status", status.to_string()))
        }
        FeedError::Gone => ("gone".to_owned(), ("status", "410".to_owned())),
        FeedError::TooLarge => ("too_large".to_owned(), ("bytes", super::feed::error::MAX_FEED.to_string())),
        FeedError::NotAFeed(broken) => (format!("broken.{}", broken), ("", String::new())),
    };
    lang.fill(&format!("ingest.feed.{key}"), &[(value.0, &value.1)])
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::source::feed::error::{Broken, NoAnswer};

    #[test]
    fn every_failure_of_a_source_has_words_in_both_languages() {
        let status = |status| FeedError::Status { status, retry_after: None };
        let mut failures: Vec<SourceError> =
            [301, 401, 403, 404, 429, 500, 503].map(|code| status(code).into()).into();
        failures.extend([FeedError::Gone, FeedError::TooLarge].map(SourceError::from));
        failures.extend(Broken::ALL.iter().map(|broken| FeedError::NotAFeed(*broken).into()));
        let cause = || "x9".to_owned();
        failures.extend(
            NoAnswer::ALL.iter().map(|why| FeedError::Unreachable { why: *why, cause: cause() }.into()),
        );
        let cause = std::io::ErrorKind::NotFound.into();
        failures.push(FolderError::Folder { path: PathBuf::from("/srv/masuk"), cause }.into());
        failures.push(SourceError::Stopped);
        for failure in failures {
            let (id, en) = (failure.text(Lang::Id), failure.text(Lang::En));
            assert_ne!(id, en);
            for told in [id, en] {
                assert!(!told.contains("ingest.") && !told.contains('{'), "{told}");
            }
        }
        let told = SourceError::from(status(503)).text(Lang::Id);
        assert!(told.contains("503") && told.contains("peladen"), "{told}");
    }
}
