//! Who is signed in at this terminal, signing in and out, and the recovery code.

use std::sync::Arc;

use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{
    AppError, Approval, ChangePinInput, ErrorCode, FirstManagerInput, NextRecoveryCode, Pin, RecoverInput, SignInInput,
};
use nosmoke_ports::{Priority, ReferenceKind, StoreError, Write, read, write};
use nosmoke_reading::reference::{self, RecoveryBody, StaffBody};
use nosmoke_runtime::Core;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::founding::{FirstManager, needs_first_manager, new_code, new_manager};
use super::lock::Tried;
use super::pin::{check_new, check_typed, hash_pin};
use super::recovery_code::RecoveryCode;
use super::tries::{Tries, Waits};
use crate::permission::{Act, Caller};

/// The people at one terminal. Who is signed in lives as long as the program has the data folder open.
#[derive(Debug, Clone)]
pub struct People {
    pub(super) core: Core,
    pub(super) tries: Tries,
    signed_in: Arc<Mutex<Option<StaffId>>>,
}

impl People {
    /// Reads the saved lock. Nobody is signed in.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn begin(core: &Core) -> Result<Self, StoreError> {
        Ok(Self { core: core.clone(), tries: Tries::begin(core).await?, signed_in: Arc::default() })
    }

    /// The member of staff who is signed in.
    pub fn signed_in(&self) -> Option<StaffId> {
        *self.signed_in.lock()
    }

    /// Signs a person in whose PIN was checked before: who has just set it, or was signed in before the folder was
    /// opened again.
    pub fn enter(&self, staff_id: StaffId) {
        *self.signed_in.lock() = Some(staff_id);
    }

    /// Signs out whoever is signed in.
    pub fn lock(&self) {
        *self.signed_in.lock() = None;
    }

    pub async fn waits(&self) -> Waits {
        self.tries.waits().await
    }

    /// Saves what is left of the waits regularly, until the terminal stops.
    pub async fn keep_saved(self, stopped: watch::Receiver<bool>) {
        self.tries.keep_saved(stopped).await;
    }

    /// Signs a person in.
    ///
    /// # Errors
    /// `wrong_pin`, `pin_wait`, `unknown_staff`, `invalid_pin`, or an error of the store.
    pub async fn sign_in(&self, input: SignInInput) -> Result<(), AppError> {
        self.check(input.staff_id, &input.pin).await?;
        self.enter(input.staff_id);
        Ok(())
    }

    /// Checks the PIN of somebody who approves a command, and returns who it is. The command's transaction reads the
    /// role.
    ///
    /// # Errors
    /// `wrong_pin`, `pin_wait`, `unknown_staff`, `invalid_pin`, or an error of the store.
    pub async fn approver(&self, approval: &Approval) -> Result<StaffId, AppError> {
        self.check(approval.staff_id, &approval.pin).await?;
        Ok(approval.staff_id)
    }

    async fn check(&self, staff_id: StaffId, pin: &Pin) -> Result<(), AppError> {
        check_typed(pin)?;
        self.tries.expect_no_wait(Tried::Pin(staff_id)).await?;
        let staff = read::<_, StoreError>(&*self.core.journal, move |tx| reference::staff(tx, staff_id)).await?;
        let pin_hash = staff.filter(StaffBody::can_sign_in).and_then(|staff| staff.pin_hash);
        let pin_hash = pin_hash.ok_or_else(|| AppError::new(ErrorCode::UnknownStaff))?;
        self.tries.compare(Tried::Pin(staff_id), pin.as_str(), pin_hash).await
    }

    /// Changes the PIN of the person who is signed in.
    ///
    /// # Errors
    /// `wrong_pin`, `pin_wait`, `invalid_pin`, `not_signed_in`, or an error of the store.
    pub async fn change_own_pin(&self, input: ChangePinInput) -> Result<(), AppError> {
        let staff_id = self.signed_in().ok_or_else(|| AppError::new(ErrorCode::NotSignedIn))?;
        let caller = Caller::staff(staff_id);
        let role = read::<_, AppError>(&*self.core.journal, move |tx| Ok(caller.authority(tx)?.role())).await?;
        check_new(&input.new_pin, role)?;
        self.check(staff_id, &input.pin).await?;
        let pin_hash = Some(hash_pin(&input.new_pin, role, &*self.core.ids).await?);
        self.write(move |tx, put| {
            let authority = caller.authority(tx)?;
            authority.expect(Act::ChangeOwnPin)?;
            if authority.role() > role {
                // Promoted meanwhile: the new PIN may be too short.
                check_new(&input.new_pin, authority.role())?;
            }
            let staff = reference::staff(tx, staff_id)?.ok_or_else(|| AppError::new(ErrorCode::NotSignedIn))?;
            put(tx, (ReferenceKind::Staff, staff_id.0), &Document::Staff(StaffBody { pin_hash, ..staff }))
        })
        .await
    }

    /// Adds the first manager of a facility that was founded without staff, and signs this person in.
    ///
    /// # Errors
    /// `already_set_up` if there are staff or this terminal joined; `empty`, `too_long`, `invalid_text`, `invalid_pin`,
    /// `not_set_up`, or an error of the store.
    pub async fn first_manager(&self, input: FirstManagerInput) -> Result<FirstManager, AppError> {
        self.expect_no_staff().await?;
        let manager = new_manager("name", input.name, &input.pin, &*self.core.ids).await?;
        let first = manager.first.clone();
        self.write(move |tx, put| {
            if !needs_first_manager(tx)? {
                return Err(AppError::new(ErrorCode::AlreadySetUp));
            }
            let facility_id = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.facility_id.0;
            put(tx, (ReferenceKind::Staff, manager.first.staff_id.0), &Document::Staff(manager.staff))?;
            put(tx, (ReferenceKind::Recovery, facility_id), &Document::Recovery(manager.recovery))
        })
        .await?;
        self.enter(first.staff_id);
        Ok(first)
    }

    /// Checked before the hashing, which takes a moment.
    async fn expect_no_staff(&self) -> Result<(), AppError> {
        let (is_set_up, is_needed) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((tx.origin()?.is_some(), needs_first_manager(tx)?)))
                .await?;
        match (is_set_up, is_needed) {
            (false, _) => Err(AppError::new(ErrorCode::NotSetUp)),
            (true, false) => Err(AppError::new(ErrorCode::AlreadySetUp)),
            (true, true) => Ok(()),
        }
    }

    /// Sets a manager's PIN with the recovery code, which is used up by that. Where no manager is left, the chosen person
    /// becomes one.
    ///
    /// # Errors
    /// `bad_recovery_code`, `no_recovery_code`, `wrong_pin`, `pin_wait`, `unknown_staff`, `invalid_pin`, or an error of the
    /// store.
    pub async fn recover(&self, input: RecoverInput) -> Result<NextRecoveryCode, AppError> {
        let RecoverInput { code, staff_id, pin } = input;
        check_new(&pin, Role::Manager)?;
        let code = RecoveryCode::read(code.as_str())?;
        let kept = read::<_, AppError>(&*self.core.journal, move |tx| {
            recovered(tx, staff_id)?;
            Ok(reference::recovery(tx)?)
        })
        .await?
        .ok_or_else(|| AppError::new(ErrorCode::NoRecoveryCode))?;
        self.tries.compare(Tried::RecoveryCode, code.letters(), kept.code_hash.clone()).await?;
        let pin_hash = Some(hash_pin(&pin, Role::Manager, &*self.core.ids).await?);
        let (next_code, next) = new_code(&*self.core.ids).await?;
        self.write(move |tx, put| {
            // The same code may have been used meanwhile.
            if reference::recovery(tx)?.as_ref() != Some(&kept) {
                return Err(AppError::new(ErrorCode::NoRecoveryCode));
            }
            let staff = recovered(tx, staff_id)?;
            let staff = StaffBody { role: Role::Manager, retired: false, pin_hash, ..staff };
            let facility_id = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.facility_id.0;
            put(tx, (ReferenceKind::Staff, staff_id.0), &Document::Staff(staff))?;
            put(tx, (ReferenceKind::Recovery, facility_id), &Document::Recovery(next))
        })
        .await?;
        self.tries.reset(staff_id).await;
        Ok(NextRecoveryCode { next_code })
    }

    /// Makes another recovery code.
    ///
    /// # Errors
    /// `not_authorised`, `not_signed_in`, or an error of the store.
    pub async fn renew_recovery_code(&self, caller: Caller) -> Result<NextRecoveryCode, AppError> {
        let (next_code, next) = new_code(&*self.core.ids).await?;
        self.write(move |tx, put| {
            caller.authority(tx)?.expect(Act::RenewRecoveryCode)?;
            let facility_id = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.facility_id.0;
            put(tx, (ReferenceKind::Recovery, facility_id), &Document::Recovery(next))
        })
        .await?;
        Ok(NextRecoveryCode { next_code })
    }

    /// Writes documents in one transaction, and lets replication and the screens know.
    pub(super) async fn write(
        &self,
        change: impl FnOnce(&mut dyn Write, &Put<'_>) -> Result<(), AppError> + Send + Clone + 'static,
    ) -> Result<(), AppError> {
        let (ids, now) = (self.core.ids.clone(), self.core.clock.now());
        let unit = move |tx: &mut dyn Write| {
            let put = |tx: &mut dyn Write, key: (ReferenceKind, uuid::Uuid), document: &Document| {
                let written = match document {
                    Document::Staff(body) => reference::put(tx, &*ids, now, key, body),
                    Document::Recovery(body) => reference::put(tx, &*ids, now, key, body),
                };
                Ok(written?)
            };
            (change.clone())(tx, &put)
        };
        let ((), written) = write::<(), AppError>(&*self.core.journal, Priority::Command, unit).await?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        self.core.feed.documents_changed();
        Ok(())
    }
}

/// A document about people.
#[derive(Debug, Clone)]
pub(super) enum Document {
    Staff(StaffBody),
    Recovery(RecoveryBody),
}

pub(super) type Put<'a> = dyn Fn(&mut dyn Write, (ReferenceKind, uuid::Uuid), &Document) -> Result<(), AppError> + 'a;

/// Returns whose PIN the recovery code may set: a manager's, or anybody's if no manager is left.
fn recovered<R: nosmoke_ports::ReadReference + ?Sized>(tx: &mut R, staff_id: StaffId) -> Result<StaffBody, AppError> {
    let is_manager = |staff: &StaffBody| !staff.retired && staff.role == Role::Manager;
    let mut managers = 0;
    for reference in tx.references(ReferenceKind::Staff)? {
        managers += usize::from(is_manager(&reference::body(&reference)?));
    }
    let staff = reference::staff(tx, staff_id)?.filter(|staff| managers == 0 || is_manager(staff));
    staff.ok_or_else(|| AppError::new(ErrorCode::UnknownStaff))
}
