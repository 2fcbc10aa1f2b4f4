//! What the suites and the bench share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod disk;
pub mod doubles;
pub mod many;
pub mod settle;
pub mod simulation;
pub mod together;
pub mod way;
