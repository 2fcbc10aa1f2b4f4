//! Code that the test suites, the bench and the test programs share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod cutting_proxy;
pub mod disk;
pub mod doubles;
pub mod seeds;
pub mod settle;
pub mod shared_commit;
pub mod simulation;
