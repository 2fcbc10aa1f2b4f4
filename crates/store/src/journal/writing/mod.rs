//! The one writer (ADR 0005): what waits for it, whose turn it is, and the write-ahead log behind it.

pub(crate) mod pace;
pub(crate) mod queue;
mod unsynced;
pub(crate) mod wal;
pub(crate) mod writer;
