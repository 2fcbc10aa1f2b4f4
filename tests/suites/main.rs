//! Suites across the crates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod bad_input;
mod clock;
mod layers;
mod requirements;
mod support;
