//! Receivers of spans for tests: a real Zipkin server, and one of OTLP that decodes what it is sent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of tests")]

mod otlp;
mod zipkin;

pub use otlp::Otlp;
pub use zipkin::Zipkin;
