//! Use cases and ports. Everything outside the domain is reached through a port, so that whole terminals can also be
//! driven on one thread.

pub mod contract;
pub mod limits;
pub mod ports;
