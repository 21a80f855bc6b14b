//! Language and land as data: words, rules, contests, calendar, laws, regions and interface texts, and what reads them.

pub mod gazetteer;
mod texts;

pub use texts::{Lang, Texts};
