//! The store on real files.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod append;
mod backup;
mod mypage;
mod opening;
mod records;
mod search;
mod support;
