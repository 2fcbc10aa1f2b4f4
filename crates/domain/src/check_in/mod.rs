//! The context check_in (core domain): visits of customers to areas. It works even if all other contexts are stopped
//! (N3).

mod decide;
mod visit;
mod visits;

pub use decide::{
    Admission, CheckInInput, CheckOutInput, PastVisitInput, TakeBackInput, check_in, check_out, close, leave_area,
    past_visit, take_back, void,
};
pub use visit::{EndKind, Entry, Exit, Visit};
pub use visits::{Visits, visit_of};
