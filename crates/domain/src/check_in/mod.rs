//! Context check_in (core): visits of customers to areas. Needs no other context to work (N3).

mod decide;
mod visit;
mod visits;

pub use decide::{Admission, CheckInInput, CheckOutInput, check_in, check_out, close, void};
pub use visit::{EndKind, Entry, Exit, Visit};
pub use visits::Visits;
