//! What becomes of a terminal's spans (S9, ADR 0023): they are kept in its own bounded store, and sent to the receivers that are
//! set. Nobody who works at a desk waits for either.

mod kept;
mod receiver;
mod recording;
mod service;
mod switchboard;
mod zipkin;

pub use receiver::{BadUrl, Field, check};
pub use recording::Recording;
