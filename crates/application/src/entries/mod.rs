//! Mypage's entries, derived from facts: those of one subject, points written off, and what time alone ended. The
//! projector stores the former two; the last is derived when entries are read.

mod endings;
mod of_subject;
mod past;
mod write_offs;

pub(crate) use endings::{Endings, place};
pub(crate) use of_subject::{decided, departures, entries, subject_of};
pub(crate) use past::at_moment;
pub(crate) use write_offs::{WriteOffRows, of_customers};
