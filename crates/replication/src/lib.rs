//! The exchange with other terminals over the shared [`Log`](nosmoke_ports::Log): a publisher and a consumer over the journal
//! (ADR 0016). They record nothing and decide nothing of money or bans; stopped, they make nothing else wrong.
//!
//! - [`joining`]: how a terminal reaches a cluster and takes part in a facility
//! - [`lives`]: whose journal this is, what is taken over from lives that ended
//! - `differences`: finds the first customer of whom two terminals hold other facts

mod async_api;
mod consumer;
mod differences;
mod facility_key;
mod heartbeat;
pub mod joining;
pub mod lives;
mod measured;
mod on_the_way;
mod publisher;
pub mod records;
mod resume;
mod run;
mod session;
mod traced;
pub mod wire;

pub use async_api::async_api;
pub use differences::{Breakdown, Count, Parts};
pub use facility_key::{FacilityKey, SealedBox};
pub use heartbeat::{HEARTBEAT_EVERY, Heartbeat, hub_incarnation};
pub use session::{Exchange, ExchangeError, LogMemory};
