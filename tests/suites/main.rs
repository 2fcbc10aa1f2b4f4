//! Suites across the crates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod apart;
mod backlog;
mod bad_input;
mod clock;
mod contexts;
mod crash;
mod failpoints;
mod hostile_text;
mod layers;
mod look;
mod mypage;
mod mypage_store;
mod permission;
mod random_day;
mod rebuild;
mod requirements;
mod rest;
mod restart;
mod restore;
mod simulation;
mod support;
mod syncs;
mod terminals;
mod traceability;
mod waiting;
