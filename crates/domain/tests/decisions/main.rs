//! What each command records, and every reason for which it refuses.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod cases;
mod customers;
mod history;
mod payments;
mod penalties;
mod points;
mod standings;
mod visits;
