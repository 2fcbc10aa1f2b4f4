//! The runtime of a terminal: the supervised contexts, the change feed that their tasks follow, measurements of the
//! traffic between contexts, and the state of the connection to the Kafka cluster.

pub mod access;
pub mod connection;
pub mod contexts;
mod core;
pub mod feed;
pub mod heard;
pub mod measures;
pub mod points_requests;
pub mod present;
mod step;

pub use core::Core;
pub use step::Step;
