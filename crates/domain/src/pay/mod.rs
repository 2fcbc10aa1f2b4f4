//! Context pay (supporting): payments with points. Decides by the summary that point gives of the account: a payment is
//! its deduction (N1).

mod decide;
mod payment;

pub use decide::{pay, void};
pub use payment::{Made, Payment};
