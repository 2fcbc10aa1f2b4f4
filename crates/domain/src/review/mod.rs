//! Cases: pairs of facts that contradict each other, derived from the whole set of a customer's facts. Nothing is edited
//! or deleted for one; staff resolve it by recording a further fact that names it.

mod cases;

pub use cases::{Case, cases};
