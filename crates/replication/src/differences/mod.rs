//! Where two terminals that have read as far hold different facts, this finds the first customer that differs.

mod breakdown;
mod narrow;
mod narrowing;

pub use breakdown::{Breakdown, Count, Parts};
pub(crate) use narrowing::Narrowing;
