//! Receivers of trace spans for tests: a real Zipkin server, and an OTLP receiver that keeps the decoded spans.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of tests")]

mod otlp;
mod zipkin;

pub use otlp::Otlp;
pub use zipkin::Zipkin;
