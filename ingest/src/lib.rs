//! Sources: how posts and field notes come in. Each way ends in [`stream::Item`] and the topic of posts.

pub mod http;
pub mod import;
pub mod source;

mod deliver;
mod letter;
mod words;

pub use deliver::{Paused, deliver};
pub use letter::again;
pub use words::{
    Words, bus_error, import_error, io_error, item_error, letter_reason, line_cause, line_fault,
    mapping_error,
};
