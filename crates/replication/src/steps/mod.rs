//! The steps of the exchange, one file each: what waits is published, what arrived is consumed, a heartbeat says that this
//! terminal lives, and differences are narrowed down. [`run`](crate::run) repeats them.

mod consumer;
mod heartbeat;
mod narrow;
mod publisher;

pub use heartbeat::{HEARTBEAT_EVERY, Heartbeat, hub_incarnation};
