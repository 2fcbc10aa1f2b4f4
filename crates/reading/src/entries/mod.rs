//! Mypage's entries, derived from facts: those of one subject, points written off, and what time alone ended. The
//! former two are stored by a projector; the last is derived when entries are read.

mod endings;
mod of_subject;
mod past;
mod write_offs;

pub use endings::{Endings, place};
pub use of_subject::{decided, departures, entries, subject_of};
pub use past::at_moment;
pub use write_offs::{WriteOffRows, of_customers, write_off_rows, write_off_subjects};
