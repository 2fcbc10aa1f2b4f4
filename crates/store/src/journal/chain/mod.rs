//! The hash chains: their state in memory, the totals over all facts, and their verification.

pub(crate) mod state;
pub(crate) mod totals;
pub(crate) mod verify;
