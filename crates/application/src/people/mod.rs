//! The people of the house: who is signed in at this terminal, the lock behind which PINs are tried, and the staff (ADR
//! 0036).

mod founding;
mod house;
pub mod lock;
mod pin;
mod recovery_code;
mod staff;
mod tries;

pub use founding::{
    DEMONSTRATION_PINS_SETTING, FirstManager, JOINED_SETTING, KeptDemonstrationPin, NewManager, needs_first_manager,
    new_manager, waits_for_staff,
};
pub use house::People;
pub use pin::{ITERATIONS, LANES, MEMORY_KIB, hash_pin, pin_range};
pub use tries::Waits;
