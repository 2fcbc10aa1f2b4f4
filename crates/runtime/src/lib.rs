//! What keeps a terminal running: the contexts as supervised units, the change feed that their tasks follow, what passes between
//! them, and whether the link to the other terminals is up.

pub mod contexts;
mod core;
pub mod feed;
pub mod link;
pub mod measures;
mod step;

pub use core::Core;
pub use step::Step;
