//! The contract with the screens and the REST gateway: commands as input; outcomes, views and errors as output.
//!
//! TypeScript types are generated from here into `ui/src/backend/bindings` (never written by hand).
//! Ids are UUID strings, times are milliseconds since the epoch in UTC, points (P) and penalty points (점) are integers.

mod command;
mod desktop;
mod error;
mod import;
mod job;
mod pin;
mod plan;
mod rules;
mod view;

pub use command::*;
pub use desktop::*;
pub use error::*;
pub use import::*;
pub use job::*;
pub use pin::*;
pub use plan::*;
pub use rules::*;
pub use view::*;

/// Milliseconds since 1970-01-01T00:00Z.
pub type UtcMs = i64;
