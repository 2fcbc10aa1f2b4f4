//! Replication with other terminals over the shared [`Log`](nosmoke_ports::Log): a publisher and a consumer over the
//! journal (ADR 0016). They decide nothing about points or bans, and everything else keeps working while they are
//! stopped.
//!
//! - [`joining`]: connects a terminal to a cluster and lets it join a facility
//! - [`incarnations`]: detects copied and restored folders, and takes over the holdings of earlier incarnations
//! - [`wire`]: the messages in the log
//! - `differences`: finds the first customer of whom two terminals hold different facts
//! - `replicator`: one terminal's side, with the state of its present connection
//! - `steps`: publish, consume, heartbeat and narrowing, as calls that end
//! - `watching`: decorators of the log that count and trace messages
//! - `run`: repeats the steps while the program runs

mod differences;
mod facility_key;
mod gaps;
pub mod incarnations;
pub mod joining;
mod log_memory;
mod pushed_out;
mod replicator;
mod run;
mod steps;
mod watching;
pub mod wire;

pub use differences::{Breakdown, Count, Parts, head_in};
pub use facility_key::{FacilityKey, KeyNumber, SealedBox};
pub use log_memory::LogMemory;
pub use replicator::{ReplicationError, Replicator};
pub use steps::{HEARTBEAT_INTERVAL, Heartbeat, hub_incarnation};
