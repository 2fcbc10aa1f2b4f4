//! The log as it is watched: each of these stands before another log and passes everything on.

mod measured;
mod traced;

pub(crate) use measured::MeasuredLog;
pub(crate) use traced::TracedLog;
