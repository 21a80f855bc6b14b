//! Post to finding: no IO, no clock, no async.
//!
//! Its files stand in layers; each knows those above it in this list and none below (`tests/layers.rs` holds it to
//! that):
//! 1. `place`: where a post happens, whatever the rules say of it;
//! 2. `heard`, `named`, `held`: a post as read, with its place, and the matches that stand;
//! 3. `doer`, `guard`, `matter`, `severity`, `tags`: one question each about a post and its matches;
//! 4. `demand`, `accused`, `neutral`: which office or official did it, or is said to have;
//! 5. `trial`, `second`: the rules with their guards, and the second reader;
//! 6. `hinge`, `account`: what an officer asks of a signal;
//! 7. `judge`: the judgement;
//! 8. `check`, `train`: what keepers of the lexicon do with it.

mod account;
mod accused;
mod check;
mod demand;
mod doer;
mod guard;
mod heard;
mod held;
mod hinge;
mod judge;
mod matter;
mod named;
mod neutral;
pub mod place;
pub mod second;
mod severity;
mod tags;
pub mod train;
mod trial;

pub use check::check;
pub use judge::{CODE, judge, judge_by_rules, nothing};
