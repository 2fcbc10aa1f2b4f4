//! The members of staff, for managers.

use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, StaffMember};
use nosmoke_ports::{StoreError, read};
use nosmoke_reading::reference;

use super::Queries;

impl Queries {
    /// Returns all members of staff: first those who aren't retired, each group by name.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn staff_members(&self) -> Result<Vec<StaffMember>, AppError> {
        let mut all = read::<_, StoreError>(&*self.core.journal, |tx| reference::all_staff(tx)).await?;
        all.sort_by_key(|(_, staff)| staff.retired);
        let is_manager = |staff: &reference::StaffBody| staff.can_sign_in() && staff.role == Role::Manager;
        let managers = all.iter().filter(|(_, staff)| is_manager(staff)).count();
        let member = |(staff_id, staff): (_, reference::StaffBody)| StaffMember {
            staff_id,
            last_manager: managers == 1 && is_manager(&staff),
            role: staff.role,
            retired: staff.retired,
            has_pin: staff.pin_hash.is_some(),
            name: staff.name,
        };
        Ok(all.into_iter().map(member).collect())
    }
}
