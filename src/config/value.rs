//! A value of a configuration file that cannot be, or not beside another one.

use lexicons::Lang;
use stream::{Limit, Unfit};

/// A value that cannot be, and the text that says why.
#[derive(Debug)]
pub(crate) struct ValueFault {
    /// The key with its tables (`bus.retention_days`).
    pub(super) key: String,
    /// The value as it is written; `None` where there is nothing to show.
    value: Option<String>,
    /// The text's key below `cli.config`.
    text: &'static str,
    /// What the text ends with: a number, or another key and its value.
    rest: String,
}

impl ValueFault {
    /// `key = value`, of which the text `cli.config.…` says what is wrong.
    pub(super) fn new(
        key: &str,
        value: &(impl ToString + ?Sized),
        text: &'static str,
        rest: String,
    ) -> ValueFault {
        ValueFault { key: key.to_owned(), value: Some(value.to_string()), text, rest }
    }

    /// What a part of the line finds unfit in its own table.
    pub(super) fn inside(table: &str, unfit: Unfit) -> ValueFault {
        let (text, rest) = match unfit.limit {
            Limit::AtLeast(least) => ("at_least", least.to_string()),
            Limit::AtMost(key, most) => ("at_most", format!("{key} = {most}")),
            Limit::UpTo(most) => ("range", most.to_string()),
            Limit::Filled => ("empty", String::new()),
            Limit::Letters => ("letters", String::new()),
            Limit::Sasl => ("sasl", String::new()),
            Limit::Tls => ("tls", String::new()),
        };
        ValueFault { key: format!("{table}.{}", unfit.key), value: unfit.value, text, rest }
    }

    /// Whether it is about a key of `table`, or compares with one.
    pub(super) fn concerns(&self, table: &str) -> bool {
        let inside = format!("{table}.");
        self.key.starts_with(&inside) || self.rest.contains(&inside)
    }

    /// Key, value and what is wrong, in `lang`.
    pub(super) fn text(&self, lang: Lang) -> String {
        let value = self.value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
        let told = lang.fill(&format!("cli.config.{}", self.text), &[("rest", &self.rest)]);
        format!("{}{value}: {told}", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_must_keep_to_is_told_in_both_languages() {
        let limits = [
            Limit::AtLeast(7),
            Limit::AtMost("max_bytes", 7),
            Limit::UpTo(7),
            Limit::Filled,
            Limit::Letters,
            Limit::Sasl,
            Limit::Tls,
        ];
        for limit in limits {
            let unfit = Unfit::new("prefix", "\"a b\"", limit);
            let (english, fault) = (format!("bus.{unfit}"), ValueFault::inside("bus", unfit));
            assert_eq!(fault.text(Lang::En), english);
            let ours = fault.text(Lang::Id);
            assert!(ours.starts_with("bus.prefix = \"a b\": ") && !ours.contains("cli."), "{ours}");
            assert_ne!(ours, english);
        }
    }
}
