//! Decision tables: the facts that each command records, and all its refusals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

#[path = "../support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod arbitrary;
mod case_properties;
mod cases;
mod customers;
mod facility_cases;
mod history;
mod payments;
mod penalties;
mod points;
mod standings;
mod visits;
