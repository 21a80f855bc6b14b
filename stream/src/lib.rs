//! The records of Kentongan, the bus they travel on and the one loop that runs a stage.

mod account;
mod bus;
mod config;
mod dead;
mod error;
mod finding;
mod inbox;
mod item;
mod kafka;
mod log;
pub mod measure;
pub mod metrics;
mod post;
mod record;
mod region;
mod rewind;
mod sent;
mod stage;
mod taxonomy;
mod time;

pub use account::{Account, LawRef, RunnerUp, Voice};
pub use bus::{Bus, GroupLag, Made, Pressure, TopicInfo};
pub use config::*;
pub use dead::{DeadLetter, LetterPlace, Refusal, Retried, StoredLetter, Why};
pub use error::BusError;
pub use finding::*;
pub use inbox::Inbox;
pub use item::*;
pub use post::*;
pub use record::{Incoming, JsonFault, MAX_RECORD_BYTES, Outgoing, Record, RecordFault, Topic, Unreadable};
pub use region::*;
pub use sent::Sent;
pub use stage::{BATCH, Handled, Stage, StageError, run};
pub use taxonomy::*;
pub use time::*;
