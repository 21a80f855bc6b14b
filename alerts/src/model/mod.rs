//! What an analyst works on: incidents, their life and everything shown of them.

mod beside;
mod incident;
mod people;
mod scene;
mod sets;
mod shown;
mod watch;

pub use beside::*;
pub use incident::*;
pub use people::*;
pub use scene::*;
pub use sets::*;
pub use shown::*;
pub use watch::*;
