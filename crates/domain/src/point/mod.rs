//! Context point (supporting): what each terminal holds of a customer's points, what is outstanding of penalties, and
//! the standing that follows.

mod account;
mod ask;
mod decide;
mod holdings;
mod standing;

pub use account::Account;
pub use ask::Ask;
pub use decide::{adjust, answer, ask, earn, reclaim};
pub use holdings::{Flow, FlowKind, Holdings};
pub use standing::{InForce, StandingCopy, standing};
