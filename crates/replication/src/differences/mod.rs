//! Finds the first customer that differs when two terminals have equal heads but different facts: the messages that the
//! terminals exchange, and the plan of what to count, send or report next.

mod breakdown;
mod heads;
mod narrowing;

pub(crate) use breakdown::ids_under;
pub use breakdown::{Breakdown, Count, Parts};
pub use heads::{head_in, is_listed, listed};
pub(crate) use narrowing::{Narrowing, NarrowingAction};
