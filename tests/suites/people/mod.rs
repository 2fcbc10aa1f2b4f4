//! The people of the house: signing in, the lock, staff, the recovery code, what each role may do.

mod lock;
mod recovery;
mod roles;
mod secrets;
mod staff;

use nosmoke_application::people::hash_pin;
use nosmoke_application::permission::{By, Caller};
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::RandomIds;
use nosmoke_ports::contract::{AppError, SaveStaffInput, SignInInput};
use nosmoke_reading::reference::StaffBody;

use crate::support::Desk;

/// The PIN of the first manager of each desk.
const MANAGER_PIN: &str = "135790";

fn id_of(caller: Caller) -> StaffId {
    let By::Staff(id) = caller.by else { panic!("{caller:?} isn't staff") };
    id
}

impl Desk {
    async fn manager_id(&self) -> StaffId {
        id_of(self.caller().await)
    }

    async fn sign_in(&self, staff_id: StaffId, pin: &str) -> Result<(), AppError> {
        self.terminal.people.sign_in(SignInInput { staff_id, pin: pin.into() }).await
    }

    /// Adds a member of staff as the manager does.
    async fn add(&self, name: &str, role: Role, pin: &str) -> StaffId {
        self.save(None, name, role, Some(pin)).await.unwrap()
    }

    async fn save(
        &self,
        staff_id: Option<StaffId>,
        name: &str,
        role: Role,
        pin: Option<&str>,
    ) -> Result<StaffId, AppError> {
        let input = SaveStaffInput { staff_id, name: name.into(), role, pin: pin.map(Into::into) };
        self.terminal.people.save_staff(self.caller().await, input).await
    }
}

async fn body(name: &str, role: Role, pin: &str) -> StaffBody {
    let pin_hash = Some(hash_pin(&pin.into(), role, &RandomIds).await.unwrap());
    StaffBody { name: name.into(), role, pin_hash, retired: false }
}
