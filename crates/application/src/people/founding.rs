//! The first manager of a facility.

use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, DemonstrationPin, Pin};
use nosmoke_ports::limits::{self, NAME_MAX};
use nosmoke_ports::{Ids, Read, ReferenceKind, StoreError};
use nosmoke_reading::reference::{self, RecoveryBody, StaffBody};
use serde::{Deserialize, Serialize};

use super::pin::{hash, hash_pin};
use super::recovery_code::RecoveryCode;

/// The key of the setting that says that this terminal joined its facility, so that its staff come from other terminals.
pub const JOINED_SETTING: &str = "joined";

/// The key of the setting with the PINs of the demonstration. It is written last: a folder without it was filled only in
/// part.
pub const DEMONSTRATION_PINS_SETTING: &str = "demonstration_pins";

/// A PIN of the demonstration, which its lock screen shows until the person has another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDemonstrationPin {
    #[serde(flatten)]
    pub shown: DemonstrationPin,
    /// The hash that the person had with this PIN.
    #[serde(default)]
    pub pin_hash: String,
}

impl KeptDemonstrationPin {
    /// Whether the person still has this PIN.
    pub fn is_valid(&self, body: &StaffBody) -> bool {
        body.pin_hash.as_ref() == Some(&self.pin_hash)
    }
}

/// Who was made the first manager, with the recovery code to show once.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstManager {
    pub staff_id: StaffId,
    pub recovery_code: String,
}

impl std::fmt::Debug for FirstManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstManager").field("staff_id", &self.staff_id).finish_non_exhaustive()
    }
}

/// The documents of a first manager, to be written in one transaction.
#[derive(Debug, Clone)]
pub struct NewManager {
    pub first: FirstManager,
    pub staff: StaffBody,
    pub recovery: RecoveryBody,
}

/// Checks the name and the PIN of a first manager, and hashes the PIN and a new recovery code.
///
/// # Errors
/// `empty`, `too_long`, `invalid_text` with the field; `invalid_pin`.
pub async fn new_manager(field: &'static str, name: String, pin: &Pin, ids: &dyn Ids) -> Result<NewManager, AppError> {
    limits::check_needed(field, &name, NAME_MAX)?;
    let pin_hash = Some(hash_pin(pin, Role::Manager, ids).await?);
    let (recovery_code, recovery) = new_code(ids).await?;
    Ok(NewManager {
        first: FirstManager { staff_id: StaffId(ids.random()), recovery_code },
        staff: StaffBody { name, role: Role::Manager, pin_hash, retired: false },
        recovery,
    })
}

/// Returns a new recovery code in the form that is shown, and its document.
pub(super) async fn new_code(ids: &dyn Ids) -> Result<(String, RecoveryBody), AppError> {
    let code = RecoveryCode::draw(ids);
    let code_hash = hash(code.letters().to_owned(), ids).await?;
    Ok((code.shown(), RecoveryBody { code_hash }))
}

/// Whether the facility was founded here and has never had anybody with a PIN.
///
/// # Errors
/// An error of the store.
pub fn needs_first_manager(tx: &mut dyn Read) -> Result<bool, StoreError> {
    Ok(tx.origin()?.is_some() && tx.setting(JOINED_SETTING)?.is_none() && !has_staff(tx)?)
}

/// Whether this terminal joined a facility whose staff it doesn't know yet.
///
/// # Errors
/// An error of the store.
pub fn waits_for_staff(tx: &mut dyn Read) -> Result<bool, StoreError> {
    Ok(tx.origin()?.is_some() && tx.setting(JOINED_SETTING)?.is_some() && !has_staff(tx)?)
}

fn has_staff(tx: &mut dyn Read) -> Result<bool, StoreError> {
    for reference in tx.references(ReferenceKind::Staff)? {
        // Retired people count: who has retired everybody doesn't get a new first manager.
        if reference::body::<StaffBody>(&reference)?.pin_hash.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
