//! The published language of point: types that other contexts read instead of point's account. check_in reads the
//! standing (N4). pay and penalty read the account summary, in the same transaction that records their fact (N1, N2).

mod account_summary;
mod standing;

pub use account_summary::AccountSummary;
pub use standing::{StandingChange, StandingCopy};
