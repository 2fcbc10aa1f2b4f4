//! Tests the adapter with a real broker, and with librdkafka's mock cluster for errors that a real one can't be made to
//! return. They need Java and Maven, which `npm run setup` installs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::print_stdout, reason = "measured times, seen with --nocapture")]

mod messages;
mod mock;
mod outage;
mod quiet;
mod security;
mod support;
mod topics;
