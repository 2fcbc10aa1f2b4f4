//! The customer center: keeps every customer's state of all facilities in PostgreSQL (ADR 0050). Any number of instances share
//! the database; each writes batches of the partitions that it reads.
//!
//! A batch is one transaction (`batch.rs`): it moves its place, which fences instances that lost the partition, locks its
//! customers, adds the facts that are new, folds them by the domain's crate, and replaces lines and sums.

mod again;
mod batch;
mod copy;
mod customers;
mod facts;
mod folding;
mod lines;
mod links;
mod places;
mod schema;
mod seats;
mod store;
mod sums;

pub use batch::{Batch, Done};
pub use folding::Folded;
pub use places::Place;
pub use store::{CenterStore, Written};
