//! The exchange with other terminals over the shared [`Log`](crate::ports::Log): a publisher and a consumer over the journal
//! (ADR 0016). They record nothing and decide nothing of money or bans; stopped, they make nothing else wrong.

mod async_api;
mod breakdown;
mod consumer;
mod exchange;
mod facility_key;
mod heartbeat;
mod measured;
mod narrow;
mod narrowing;
mod on_the_way;
mod publisher;
pub mod records;
mod resume;
mod run;
mod traced;
pub mod wire;

pub use async_api::async_api;
pub use breakdown::{Breakdown, Count, Parts};
pub use exchange::{Exchange, ExchangeError, LogMemory};
pub use facility_key::{FacilityKey, SealedBox};
pub use heartbeat::{HEARTBEAT_EVERY, Heartbeat};
