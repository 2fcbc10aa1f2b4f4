//! The exchange with other terminals over the shared [`Log`](crate::ports::Log).

mod heartbeat;

pub use heartbeat::Heartbeat;
