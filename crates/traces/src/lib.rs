//! Exports a terminal's spans (S9, ADR 0023): to the terminal's own bounded store, and to the receivers in its
//! settings. Both happen in the background, so that no command waits for them.

mod fan_out;
mod receiver;
mod recording;
mod service;
mod store_exporter;
mod zipkin;

pub use receiver::{BadUrl, Field, check};
pub use recording::Recording;
