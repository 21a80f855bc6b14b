//! The records of Kentongan, the bus they travel on and the one loop that runs a stage.

mod finding;
mod item;
mod post;
mod region;
mod taxonomy;
mod time;

pub use finding::*;
pub use item::*;
pub use post::*;
pub use region::*;
pub use taxonomy::*;
pub use time::*;
