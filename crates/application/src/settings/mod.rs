//! Settings of this terminal, saved in its journal and never sent to other terminals.

pub mod backup_schedule;
pub mod gateway;
pub mod keeping;
pub mod mypage_engine;
pub mod printer;
pub mod tracing;
pub mod updates;
