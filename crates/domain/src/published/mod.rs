//! The published language of point: what other contexts read of it instead of its account. check_in reads the standing (N4);
//! pay and penalty read the summary, which answers their request inside the transaction that records the fact (N1, N2).

mod account_summary;
mod standing;

pub use account_summary::AccountSummary;
pub use standing::StandingCopy;
