//! The adapter against a real broker, and against librdkafka's mock cluster for the errors that a real one doesn't give on
//! request. Without Java and Maven the tests fail: `npm run setup` installs them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::print_stdout, reason = "measured times, seen with --nocapture")]

mod mock;
mod outage;
mod quiet;
mod records;
mod security;
mod support;
mod topics;
