//! Routing: from a matter to the offices that hear of it. Pure; every decision carries its reason.

pub mod accused;
pub mod climb;
pub mod first;
pub mod matter;
pub mod offices;
pub mod plan;
pub mod progress;
#[cfg(test)]
mod tests;
pub mod told;
