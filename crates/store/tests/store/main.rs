//! Tests of the store on real files.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod append;
mod backup;
mod documents;
mod mark;
mod merging;
mod mypage;
mod opening;
mod pending;
mod receive;
mod replication;
mod restoring;
mod search;
mod search_index;
mod slips;
mod spans;
mod support;
mod unknown;
mod unsynced;
mod upgrade;
