//! Notification channels: one file each and one list of them.

/// What an attempt or a setting ran into.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// May work later.
    #[error("{0}")]
    Retry(String),
    /// Will never work like this.
    #[error("{0}")]
    Permanent(String),
}
