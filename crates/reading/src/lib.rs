//! Reads from one consistent view of the journal: a customer's state, standing and names, the customers inside, and the
//! facility's reference documents. Both decisions and queries use these functions.

mod given;
pub mod names;
pub mod occupancy;
pub mod reference;
pub mod same_person;
pub mod standing;
pub mod state;

pub use given::given_for;
