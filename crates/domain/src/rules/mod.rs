//! Rules: immutable sets, numbered by generation. A new set doesn't apply to earlier facts (ADR 0006): a penalty fact
//! carries the levels that were in force, so that a fold reads no rules.

mod changes;
mod levels;
mod set;
mod stored;

pub use changes::{RuleChange, changes};
pub use levels::{Level, Levels, Prohibit};
pub use set::*;
pub use stored::ReadRules;
