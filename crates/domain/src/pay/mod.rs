//! The context pay (supporting domain): payments with points. A payment fact contains its deduction (N1), so pay
//! decides with the account summary that point publishes.

mod decide;
mod payment;

pub use decide::{pay, void};
pub use payment::{Made, Payment};
