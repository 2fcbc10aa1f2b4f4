//! Adds, changes and retires members of staff. These aren't commands, because a PIN belongs neither into the journal nor
//! into the digest of a request.

use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode, ResetPinInput, SaveStaffInput};
use nosmoke_ports::limits::{self, NAME_MAX};
use nosmoke_ports::{ReferenceKind, StoreError, Write, read};
use nosmoke_reading::reference::{self, StaffBody};
use serde_json::json;

use super::house::{Document, People};
use super::pin::{check_new, hash_pin, needed};
use crate::permission::{Act, Caller};

impl People {
    /// Adds a member of staff, or changes one; a retired one comes back.
    ///
    /// # Errors
    /// `not_authorised`, `not_signed_in`, `unknown_staff`, `staff_name_taken`, `last_manager`, `pin_needed`, `invalid_pin`,
    /// `empty`, `too_long`, `invalid_text`, or an error of the store.
    pub async fn save_staff(&self, caller: Caller, input: SaveStaffInput) -> Result<StaffId, AppError> {
        let SaveStaffInput { staff_id, name, role, pin } = input;
        limits::check_needed("name", &name, NAME_MAX)?;
        if let Some(pin) = &pin {
            check_new(pin, role)?;
        } else {
            // Checked before the hashing and again in the transaction.
            let needs_pin = match staff_id {
                Some(staff_id) => {
                    let staff =
                        read::<_, StoreError>(&*self.core.journal, move |tx| reference::staff(tx, staff_id)).await?;
                    staff.is_some_and(|staff| needs_pin(&staff, role))
                }
                None => true,
            };
            if needs_pin {
                return Err(needed(role));
            }
        }
        let new_hash = match &pin {
            Some(pin) => Some(hash_pin(pin, role, &*self.core.ids).await?),
            None => None,
        };
        let id = staff_id.unwrap_or_else(|| StaffId(self.core.ids.random()));
        let is_reset = new_hash.is_some();
        self.write(move |tx, put| {
            caller.authority(tx)?.expect(Act::SavePeople)?;
            let all = reference::all_staff(tx)?;
            let known = all.iter().find(|(other, _)| *other == id).map(|(_, staff)| staff.clone());
            if staff_id.is_some() && known.is_none() {
                return Err(AppError::new(ErrorCode::UnknownStaff));
            }
            if all.iter().any(|(other, staff)| *other != id && !staff.retired && staff.name.trim() == name.trim()) {
                return Err(AppError::with(ErrorCode::StaffNameTaken, json!({ "name": name })));
            }
            if new_hash.is_none() && known.as_ref().is_none_or(|staff| needs_pin(staff, role)) {
                return Err(needed(role));
            }
            if role != Role::Manager {
                expect_another_manager(&all, id)?;
            }
            let pin_hash = new_hash.or_else(|| known.and_then(|staff| staff.pin_hash));
            let staff = StaffBody { name, role, pin_hash, retired: false };
            put(tx, (ReferenceKind::Staff, id.0), &Document::Staff(staff))
        })
        .await?;
        if is_reset {
            self.tries.reset(id).await;
        }
        Ok(id)
    }

    /// Retires a member of staff. Who retires oneself is signed out.
    ///
    /// # Errors
    /// `not_authorised`, `not_signed_in`, `unknown_staff`, `last_manager`, or an error of the store.
    pub async fn retire_staff(&self, caller: Caller, staff_id: StaffId) -> Result<(), AppError> {
        self.change(caller, staff_id, move |all, staff| {
            expect_another_manager(all, staff_id)?;
            Ok(StaffBody { retired: true, ..staff })
        })
        .await?;
        if self.signed_in() == Some(staff_id) {
            self.lock();
        }
        Ok(())
    }

    /// Sets another PIN for somebody who forgot it, and ends the person's wait at this terminal.
    ///
    /// # Errors
    /// `not_authorised`, `not_signed_in`, `unknown_staff`, `invalid_pin`, or an error of the store.
    pub async fn reset_pin(&self, caller: Caller, input: ResetPinInput) -> Result<(), AppError> {
        let ResetPinInput { staff_id, pin } = input;
        let staff = read::<_, StoreError>(&*self.core.journal, move |tx| reference::staff(tx, staff_id)).await?;
        let role = staff.filter(|staff| !staff.retired).ok_or_else(|| AppError::new(ErrorCode::UnknownStaff))?.role;
        let pin_hash = Some(hash_pin(&pin, role, &*self.core.ids).await?);
        self.change(caller, staff_id, move |_, staff| {
            // Promoted meanwhile: the new PIN may be too short.
            check_new(&pin, staff.role)?;
            Ok(StaffBody { pin_hash, ..staff })
        })
        .await?;
        self.tries.reset(staff_id).await;
        Ok(())
    }

    async fn change(
        &self,
        caller: Caller,
        staff_id: StaffId,
        change: impl FnOnce(&[(StaffId, StaffBody)], StaffBody) -> Result<StaffBody, AppError> + Send + Clone + 'static,
    ) -> Result<(), AppError> {
        self.write(move |tx: &mut dyn Write, put| {
            caller.authority(tx)?.expect(Act::SavePeople)?;
            let all = reference::all_staff(tx)?;
            let staff = all.iter().find(|(id, staff)| *id == staff_id && !staff.retired);
            let (_, staff) = staff.cloned().ok_or_else(|| AppError::new(ErrorCode::UnknownStaff))?;
            put(tx, (ReferenceKind::Staff, staff_id.0), &Document::Staff(change(&all, staff)?))
        })
        .await
    }
}

/// Whether somebody must choose a PIN with this role: the old one may be too short for a manager, and one of a person who
/// was away may be known to others.
fn needs_pin(staff: &StaffBody, role: Role) -> bool {
    !staff.can_sign_in() || role == Role::Manager && staff.role != Role::Manager
}

/// Checks that a manager who can sign in is left without this person.
fn expect_another_manager(all: &[(StaffId, StaffBody)], staff_id: StaffId) -> Result<(), AppError> {
    let is_manager = |staff: &StaffBody| staff.can_sign_in() && staff.role == Role::Manager;
    let (this, others): (Vec<_>, Vec<_>) = all.iter().partition(|(id, _)| *id == staff_id);
    if this.iter().any(|(_, staff)| is_manager(staff)) && !others.iter().any(|(_, staff)| is_manager(staff)) {
        return Err(AppError::new(ErrorCode::LastManager));
    }
    Ok(())
}
