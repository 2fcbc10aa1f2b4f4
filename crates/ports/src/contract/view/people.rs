//! Views and inputs of the people of the house: the lock screen, signing in, staff, recovery, the evacuation list and
//! the table of permissions.

use nosmoke_domain::ids::{AreaId, StaffId};
use nosmoke_domain::words::{Role, Scope};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Preferences, SyncChip};
use crate::contract::{EvacuationContent, Pin, UtcMs};

/// The screen of a terminal at which nobody is signed in. It names no customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LockScreen {
    /// Empty at a terminal that has joined, until the name has come from another one.
    pub facility_name: String,
    pub terminal_name: String,
    /// The areas in use, and retired ones with somebody inside.
    pub areas: Vec<AreaCount>,
    pub sync: SyncChip,
    /// Who can sign in, by name.
    pub staff: Vec<LockScreenStaff>,
    /// How long nobody may try a PIN at this terminal; null if there is no such wait.
    pub terminal_wait_ms: Option<u64>,
    /// How long the recovery code may not be tried; null if there is no such wait.
    pub recovery_wait_ms: Option<u64>,
    /// Whether this terminal joined a facility whose staff haven't come over the link yet.
    pub waits_for_staff: bool,
    /// Whether this facility was founded here without staff, so that `first_manager` makes the first one.
    pub needs_first_manager: bool,
    /// Whether a recovery code was made for this facility, as far as this terminal knows.
    pub has_recovery_code: bool,
    /// The PINs of the demonstration, which are no secret, of those who still have them; null elsewhere.
    pub demonstration_pins: Option<Vec<DemonstrationPin>>,
    pub evacuation: EvacuationContent,
    pub preferences: Preferences,
    /// The names of the preferences whose kept values can't be used; they have their defaults.
    pub preferences_lost: Vec<String>,
    pub version: String,
    pub as_of: UtcMs,
}

/// How many people are inside an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AreaCount {
    pub area_id: AreaId,
    pub name: String,
    pub present: u32,
    /// The largest number of people inside; null if there is no limit.
    pub capacity: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LockScreenStaff {
    pub staff_id: StaffId,
    pub name: String,
    pub role: Role,
    /// How long this person may not try a PIN at this terminal; null if there is no such wait.
    pub wait_ms: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DemonstrationPin {
    pub staff_id: StaffId,
    pub pin: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInInput {
    pub staff_id: StaffId,
    pub pin: Pin,
}

/// The first manager of a facility that was founded without staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FirstManagerInput {
    pub name: String,
    /// 6 to 12 digits.
    pub pin: Pin,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoverInput {
    /// The recovery code; spaces, hyphens and case don't matter, and O, I, L count as 0, 1, 1.
    pub code: Pin,
    /// The manager whose PIN is set.
    pub staff_id: StaffId,
    /// The manager's new PIN, 6 to 12 digits.
    pub pin: Pin,
}

/// A new recovery code. The previous one is worth nothing from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct NextRecoveryCode {
    pub next_code: String,
}

/// Who is inside, for an evacuation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct EvacuationList {
    pub facility_name: String,
    pub terminal_name: String,
    pub content: EvacuationContent,
    pub areas: Vec<EvacuationArea>,
    pub total: u32,
    pub as_of: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct EvacuationArea {
    pub area_id: AreaId,
    pub name: String,
    pub present: u32,
    /// Those inside, the one who has been there longest first; empty if the list shows counts only.
    pub people: Vec<EvacuationPerson>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct EvacuationPerson {
    /// Null if the customer has no name here.
    pub name: Option<String>,
    pub since: UtcMs,
    /// Whether the visit was probably forgotten.
    pub forgotten: bool,
}

/// A member of staff, as managers see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct StaffMember {
    pub staff_id: StaffId,
    pub name: String,
    pub role: Role,
    pub retired: bool,
    /// Whether the person has a PIN.
    pub has_pin: bool,
    /// Whether this is the only manager left: neither retired nor demoted.
    pub last_manager: bool,
}

/// Adds a member of staff, or changes the one with `staff_id`. A new person needs a PIN, and so does one who becomes a
/// manager or comes back after having been retired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveStaffInput {
    #[serde(default)]
    #[ts(optional = nullable)]
    pub staff_id: Option<StaffId>,
    pub name: String,
    pub role: Role,
    #[serde(default)]
    #[ts(optional = nullable)]
    pub pin: Option<Pin>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResetPinInput {
    pub staff_id: StaffId,
    pub pin: Pin,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePinInput {
    pub pin: Pin,
    pub new_pin: Pin,
}

/// One row of the table of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PermissionRow {
    /// The act, such as `checkIn`.
    pub act: String,
    /// The lowest role that may do it; null if nobody needs to be signed in.
    pub role: Option<Role>,
    /// Whether anyone may do it before the data folder is set up.
    pub before_set_up: bool,
    /// The scopes of which a named token needs one; if empty, only the owner's token may do it.
    pub scopes: Vec<Scope>,
}
