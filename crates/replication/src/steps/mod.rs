//! The steps of replication, one file each: publish pending facts and documents, consume messages, send heartbeats and
//! requests for points, and narrow down differences. [`run`](crate::run) repeats them.

mod any_message;
mod consumer;
mod heartbeat;
mod narrow;
mod publisher;
mod requests;
mod strangers;
mod tombstones;

pub use heartbeat::{HEARTBEAT_INTERVAL, Heartbeat, hub_incarnation};
