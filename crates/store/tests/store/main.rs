//! The store on real files.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod append;
mod backup;
mod exchange;
mod mark;
mod merging;
mod mypage;
mod opening;
mod pending;
mod receive;
mod records;
mod search;
mod spans;
mod support;
mod understand;
mod unsynced;
mod upgrade;
