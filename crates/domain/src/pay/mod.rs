//! Context pay (supporting): payments with points. Calls point synchronously: a payment is its deduction (N1).

mod decide;
mod payment;

pub use decide::{pay, void};
pub use payment::{Made, Payment};
