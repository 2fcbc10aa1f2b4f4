//! This terminal's own choices: kept in its journal, never sent to another.

pub mod gateway;
pub mod mypage_engine;
pub mod tracing;
