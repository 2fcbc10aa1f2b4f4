//! The journal's only writer (ADR 0005): its queue, the throttling of background work, and the checkpoints of the
//! write-ahead log.

pub(crate) mod pace;
pub(crate) mod queue;
pub(crate) mod synced;
mod unsynced;
pub(crate) mod wal;
pub(crate) mod writer;
