//! Workers follow the change feed, each from its own checkpoint: the projectors of the contexts, and the policies of
//! point. If a worker is late or failing, no decision is wrong, because decisions fold facts. They read two projections:
//! the published standing (N4), and who else is inside an area.

mod check_in;
mod earning;
mod forks;
mod giving;
mod handing_on;
mod handing_over;
mod hub_state;
mod mypage;
mod penalty;
mod point;
mod projection;
mod review;
mod revising;
mod rows;
mod run;
mod set_aside;
mod steps;

pub use hub_state::REST_BEFORE_HANDING_OVER;
pub(crate) use set_aside::set_aside_by;
pub use steps::Workers;
