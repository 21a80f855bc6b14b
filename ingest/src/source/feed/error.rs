//! Why a feed could not be read.

use std::time::Duration;

/// The largest feed that is read, in bytes.
pub(in crate::source) const MAX_FEED: usize = 8 * 1024 * 1024;

/// Why a feed could not be read; all but [`FeedError::Gone`] may heal by themselves.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// No answer.
    #[error("no answer: {cause}")]
    Unreachable {
        /// What kept it away, as far as it can be told.
        why: NoAnswer,
        /// In the client's words, without the address.
        cause: String,
    },
    /// An answer that is no feed.
    #[error("the server answers {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// The pause the server asks for.
        retry_after: Option<Duration>,
    },
    /// The server says that it is gone for good.
    #[error("the feed is gone for good (410)")]
    Gone,
    /// Larger than what is read of a feed.
    #[error("the feed is larger than {MAX_FEED} bytes")]
    TooLarge,
    /// What came is no feed.
    #[error("what came is no feed: {0}")]
    NotAFeed(Broken),
}

stream::closed_set! {
    /// Why a server did not answer; texts are `ingest.feed.no_answer.*`.
    NoAnswer {
        /// Not in time.
        Timeout = "timeout",
        /// Nobody listens there.
        Refused = "refused",
        /// No machine has that name.
        NoName = "no_name",
        /// Its certificate does not hold.
        Certificate = "certificate",
        /// Something else.
        Other = "other",
    }
}

stream::closed_set! {
    /// Why what came is no feed; texts are `ingest.feed.broken.*`.
    Broken {
        /// A page, or anything else without an element of a feed.
        NoElement = "no_element",
        /// It ends in the middle.
        EndsEarly = "ends_early",
        /// Broken JSON.
        Json = "json",
        /// A version of JSON Feed that is not known.
        Version = "version",
        /// Broken XML.
        Xml = "xml",
    }
}

impl FeedError {
    pub(in crate::source) fn retry_after(&self) -> Option<Duration> {
        match self {
            FeedError::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Without the address: it may hold a key.
pub(super) fn unreachable(error: reqwest::Error) -> FeedError {
    let error = error.without_url();
    let mut cause = error.to_string();
    let mut why = if error.is_timeout() { NoAnswer::Timeout } else { NoAnswer::Other };
    let mut next = std::error::Error::source(&error);
    while let Some(error) = next {
        let told = error.to_string();
        let refused = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
            == Some(std::io::ErrorKind::ConnectionRefused);
        why = match why {
            NoAnswer::Other if refused => NoAnswer::Refused,
            NoAnswer::Other if told.contains("dns error") => NoAnswer::NoName,
            NoAnswer::Other if told.contains("certificate") => NoAnswer::Certificate,
            why => why,
        };
        cause = format!("{cause}: {told}");
        next = error.source();
    }
    FeedError::Unreachable { why, cause }
}
