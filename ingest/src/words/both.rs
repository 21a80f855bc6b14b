//! A text in each language at once.

use lexicons::Lang;
use serde::{Deserialize, Serialize};

/// One text in each language: who shows it may be another process than the one that knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words {
    id: String,
    en: String,
}

impl Words {
    /// What `told` says in each language.
    pub(crate) fn of(told: impl Fn(Lang) -> String) -> Words {
        Words { id: told(Lang::Id), en: told(Lang::En) }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}
