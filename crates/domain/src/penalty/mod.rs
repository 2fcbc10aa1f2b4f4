//! Context penalty: penalties for smoking in a non-smoking area. Decides by the summary that point gives of
//! the account: a penalty is its accrual (N2).

mod aggregate;
mod decide;

pub use aggregate::{Deducted, Imposed, Penalty};
pub use decide::{Deduct, deduct, education_of, education_points, impose, void};
