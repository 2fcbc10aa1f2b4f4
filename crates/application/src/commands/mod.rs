//! What can be recorded. Every command of every adapter comes through the [`CommandBus`].

mod asking;
mod bus;
mod check_in;
mod customer;
mod decide;
mod facility;
mod idempotency;
mod join;
mod numeral;
mod once;
mod pay;
mod penalty;
mod point;
mod refusal;
mod set_up;
mod work;

pub use bus::CommandBus;
pub(crate) use customer::register_within;
pub use join::join;
pub use set_up::{
    BACKUP_SETTING, PREFERENCES_SETTING, STAFF_SETTING, Unattended, hash_pin, note_backup, save_preferences, set_up,
    set_up_unattended,
};
pub(crate) use set_up::{Beginning, establish};
pub use work::Work;
