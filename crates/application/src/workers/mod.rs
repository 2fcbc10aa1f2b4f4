//! Workers follow the change feed, each from its own checkpoint: every context's projector, and point's earning policy.
//! One that is held back, slow or failing makes nothing else wrong, since a decision never reads what only a worker
//! knows, but for the published standing (N4).

mod check_in;
mod earning;
mod entries;
mod giving;
mod mypage;
mod penalty;
mod point;
mod policies;
mod projection;
mod rows;
mod run;
mod set_aside;
mod steps;

pub use steps::Workers;
