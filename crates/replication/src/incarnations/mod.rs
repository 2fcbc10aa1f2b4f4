//! The incarnations of a data folder: when one ends and another begins, and how the holdings of earlier incarnations are taken
//! over (ADR 0018).

pub mod copy_detection;
pub mod ending;
pub mod reclaim;
pub mod restore;
