//! Commands: requests to record something. The window and the REST gateway send all commands to the [`CommandBus`].

mod amounts;
mod bus;
mod check_in;
mod customer;
mod decide;
mod edits;
mod facility;
mod idempotency;
mod idempotent_action;
mod in_flight;
mod join;
mod noted;
mod past_visit;
mod pay;
mod penalty;
mod plan;
mod point;
mod refusal;
mod request_points;
mod review;
mod rules;
mod set_up;
mod shortage;
mod work;

pub use bus::CommandBus;
pub(crate) use customer::{erase_within, kept_card, register_within, revise_within};
pub(crate) use edits::{can_take, kind_of};
pub use join::join;
pub(crate) use refusal::to_app_error;
pub use set_up::{BACKUP_SETTING, Membership, Unattended, note_backup, save_preferences, set_up, set_up_unattended};
pub(crate) use set_up::{InitialSetUp, establish};
pub use shortage::Shortage;
pub use work::Work;
