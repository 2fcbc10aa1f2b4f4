//! The adapter against a real broker, and against librdkafka's mock cluster for the errors that a real one doesn't give on
//! request. Without Java and Maven the tests fail: `npm run setup` installs them.

mod mock;
mod outage;
mod quiet;
mod records;
mod security;
mod support;
mod topics;
