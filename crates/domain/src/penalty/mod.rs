//! The context penalty: penalties for smoking in a non-smoking area. A penalty fact contains its accrual of points
//! (N2), so penalty decides with the account summary that point publishes.

mod aggregate;
mod decide;

pub use aggregate::{Deducted, Imposed, Penalty};
pub use decide::{Deduct, deduct, education_of, impose, void, void_deduction};
