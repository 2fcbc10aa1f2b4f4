//! Cases: facts that contradict each other, derived from the whole set of a customer's facts. Staff resolve a case by
//! recording a further fact that names it; nothing is edited or deleted.

mod cases;
mod found;
mod points_cases;

pub use cases::cases;
pub use found::Case;
