//! Cases: facts that contradict each other, derived from the whole set of a customer's facts; and a few of the facility,
//! which no customer's facts show. Staff resolve a case by
//! recording a further fact that names it; nothing is edited or deleted.

mod ban_cases;
mod cases;
mod facility_cases;
mod found;
mod knowledge;
mod penalty_cases;
mod points_cases;
mod visit_cases;

pub use cases::cases;
pub use facility_cases::{forked, rival_rules, shared_card};
pub use found::Case;
