//! Where two terminals that have read as far hold different facts, this finds the first customer that differs: what they tell
//! each other, and a plan of what to ask next.

mod breakdown;
mod narrowing;

pub(crate) use breakdown::ids_under;
pub use breakdown::{Breakdown, Count, Parts};
pub(crate) use narrowing::{Act, Narrowing};
