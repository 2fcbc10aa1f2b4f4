//! The lives of a data folder: whether this one goes on, and how the holdings of one that ended are taken over (ADR 0018).

pub mod mark;
pub mod reclaim;
pub mod restore;
