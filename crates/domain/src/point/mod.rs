//! Context point (supporting): what each terminal holds of a customer's points, what is outstanding of penalties, and
//! the standing that follows.

mod account;
mod ask;
mod decide;
mod holdings;
mod standing;

pub use account::Account;
pub use ask::Ask;
pub use decide::{adjust, answer, ask, earn, hand_over, reclaim};
use holdings::FlowKind;
pub use holdings::Holdings;
pub use standing::{InForce, standing};

pub use crate::published::{AccountSummary, StandingCopy};
