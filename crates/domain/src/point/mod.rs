//! The context point (supporting domain): holdings of points, outstanding penalty points, and the standing that follows
//! from them.

mod account;
mod decide;
mod holdings;
mod publish;
mod standing;
mod under_rules;
mod write_offs;

pub use account::Account;
pub use decide::{PointsRequest, adjust, answer, earn, hand_on, hand_over, reclaim, revise_levels};
use holdings::FlowKind;
pub use holdings::Holdings;
pub use publish::published;
pub use standing::{InForce, Owed, standing};
pub use write_offs::{WriteOff, write_offs};

pub use crate::published::{AccountSummary, StandingChange, StandingCopy};
