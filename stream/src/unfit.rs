//! A value of a configuration that cannot be: which, and what it must keep to, for whoever tells it.

use std::fmt;

/// A value of a configuration that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The key inside its table (`retention_days`).
    pub key: &'static str,
    /// The value as it is written; `None` where there is nothing to show.
    pub value: Option<String>,
    /// What it must keep to.
    pub limit: Limit,
}

/// What a value must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// At least this.
    AtLeast(u64),
    /// At most the value of another key.
    AtMost(&'static str, u64),
    /// From 1 to this.
    UpTo(u64),
    /// Something must stand there.
    Filled,
    /// Only letters, digits, dot, hyphen and underscore.
    Letters,
    /// Needed where SASL is.
    Sasl,
    /// Only a build with the feature `tls` can do it.
    Tls,
}

impl Unfit {
    /// `key = value`, which must keep to `limit`.
    pub fn new(key: &'static str, value: &(impl ToString + ?Sized), limit: Limit) -> Unfit {
        Unfit { key, value: Some(value.to_string()), limit }
    }

    /// A key under which nothing stands.
    pub(crate) fn missing(key: &'static str, limit: Limit) -> Unfit {
        Unfit { key, value: None, limit }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)?;
        if let Some(value) = &self.value {
            write!(f, " = {value}")?;
        }
        match self.limit {
            Limit::AtLeast(least) => write!(f, ": at least {least}"),
            Limit::AtMost(key, most) => write!(f, ": at most {key} = {most}"),
            Limit::UpTo(most) => write!(f, ": 1 to {most}"),
            Limit::Filled => f.write_str(": is empty"),
            Limit::Letters => f.write_str(": only letters, digits, dot, hyphen and underscore"),
            Limit::Sasl => f.write_str(": needed with SASL"),
            Limit::Tls => f.write_str(": needs a build with the feature `tls` (cargo build --features tls)"),
        }
    }
}
