//! Reaching a cluster and taking part in a facility.

pub mod connection;
pub mod pairing;
