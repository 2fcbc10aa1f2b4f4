//! The context point (supporting domain): holdings of points, outstanding penalty points, and the standing that follows
//! from them.

mod account;
mod decide;
mod history;
mod holdings;
mod notices;
mod opening;
mod publish;
mod reasons;
mod standing;
mod under_rules;
mod write_offs;

pub use account::Account;
pub use decide::{PointsRequest, adjust, answer, earn, hand_on, hand_over, reclaim, revise_levels};
pub use history::{Cause, Step, history};
use holdings::FlowKind;
pub use holdings::Holdings;
pub use notices::{EXPIRY_NOTICES, Notice, notices};
pub use opening::{CarriedOver, MAX_OPENING_POINTS};
pub use publish::published;
pub use reasons::{Ban, lifted_on};
pub use standing::{InForce, Owed, standing};
pub use write_offs::{WriteOff, write_offs};

pub use crate::published::{AccountSummary, StandingChange, StandingCopy};
