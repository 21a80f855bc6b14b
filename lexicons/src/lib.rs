//! Language and land as data: words, rules, contests, calendar, laws, regions and interface texts, and what reads them.

mod anchors;
pub mod calendar;
pub mod contests;
mod examples;
mod fault;
pub mod fold;
pub mod forms;
pub mod gazetteer;
mod groups;
mod keys_left_out;
mod kinds;
pub mod law;
mod left_out;
mod lexicon;
mod lint;
mod load;
pub mod narrow;
pub mod net;
mod numerals;
pub mod parser;
mod present;
mod range;
mod reading;
mod rule;
mod rules_file;
pub mod said;
mod set_bits;
mod sets;
pub mod severity;
mod slang;
mod sources;
pub mod sums;
#[cfg(test)]
mod testing;
mod texts;
pub mod weights;
mod words;

pub use fault::Fault;
pub use kinds::Kind;
pub use left_out::LeftOut;
pub use lexicon::{Example, Lexicon};
pub use load::adopt_areas;
pub use range::Range;
pub use reading::{Found, Reading};
pub use rule::{
    Class, Expr, Field, Guard, Look, Match, Near, NoPlaces, Order, PartHit, Parts, Places, Reach, Rule,
    Scope, Sentence, number_of_pair, readable,
};
pub use said::Said;
pub use set_bits::SetId;
pub use sources::is_folder;
pub use texts::{Lang, Texts};
pub use words::Word;
