//! Reads from one consistent view of the journal: a customer's state, standing and names, the customers inside, the
//! facility's reference documents; and derives Mypage's entries. Both decisions and queries use these functions.

pub mod acts;
pub mod entries;
mod given;
pub mod moment;
pub mod names;
pub mod occupancy;
mod plan_bodies;
pub mod plans;
mod preferences;
pub mod reference;
pub mod rule_sets;
pub mod same_person;
pub mod standing;
pub mod state;

pub use given::given_for;
pub use plan_bodies::PlanBody;
pub use preferences::{Kept, PREFERENCES_SETTING, preferences};
