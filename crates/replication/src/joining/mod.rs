//! How a terminal connects to a cluster (connection.rs) and joins a facility (pairing.rs).

pub mod connection;
pub mod pairing;
