//! Decision tables: the facts that each command records, and all its refusals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod cases;
mod customers;
mod history;
mod payments;
mod penalties;
mod points;
mod standings;
mod visits;
