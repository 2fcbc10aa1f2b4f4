//! What is read of a journal within one view: a customer's state, standing and names, who is inside, and the facility's
//! reference data. Whoever decides and whoever shows read it alike.

pub mod names;
pub mod occupancy;
pub mod reference;
pub mod same_person;
pub mod standing;
pub mod state;
