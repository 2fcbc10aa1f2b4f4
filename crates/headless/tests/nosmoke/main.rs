//! Tests the real binary on real data folders, over real HTTP.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may")]

mod cluster;
mod commands;
mod entry;
mod folder;
mod help;
mod limits;
mod mypage;
mod process;
mod routes;
mod traces;
mod walk_through;
