//! Decorators of the log: each implements the `Log` port, observes the messages, and delegates to another log.

mod measured;
mod traced;

pub(crate) use measured::MeasuredLog;
pub(crate) use traced::TracedLog;
