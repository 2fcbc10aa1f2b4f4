//! The exchange with other terminals over the shared [`Log`](nosmoke_ports::Log): a publisher and a consumer over the journal
//! (ADR 0016). They record nothing and decide nothing of money or bans; stopped, they make nothing else wrong.
//!
//! - [`joining`]: how a terminal reaches a cluster and takes part in a facility
//! - [`lives`]: whose journal this is, what is taken over from lives that ended
//! - [`wire`]: what stands in the log
//! - `differences`: finds the first customer of whom two terminals hold other facts
//! - `exchange`: one terminal's side, and what is known of its connection
//! - `steps`: what that side does, a step at a time
//! - `watching`: the log, counted and traced on the way
//! - `run`: repeats the steps while the program runs

mod differences;
mod exchange;
mod facility_key;
pub mod joining;
pub mod lives;
mod log_memory;
mod run;
mod steps;
mod watching;
pub mod wire;

pub use differences::{Breakdown, Count, Parts};
pub use exchange::{Exchange, ExchangeError};
pub use facility_key::{FacilityKey, SealedBox};
pub use log_memory::LogMemory;
pub use steps::{HEARTBEAT_EVERY, Heartbeat, hub_incarnation};
