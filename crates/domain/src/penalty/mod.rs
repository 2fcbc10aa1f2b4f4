//! Context penalty: penalties for smoking in a non-smoking area. Calls point synchronously: a penalty is its accrual (N2).

mod aggregate;
mod decide;

pub use aggregate::{Deducted, Imposed, Penalty};
pub use decide::{Deduct, deduct, education_of, education_points, impose, void};
