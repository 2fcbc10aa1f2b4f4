//! Tests the real binary on real data folders, over real HTTP.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may")]

mod backups;
mod cluster;
mod command_line;
mod commands;
mod diagnostics;
mod doors;
mod doubted_clock;
mod entry;
mod erasure;
mod folder;
mod help;
mod imports;
mod limits;
mod mypage;
mod office;
mod process;
mod routes;
mod strangers;
mod tokens;
mod traces;
mod unwritable;
mod walk_through;
