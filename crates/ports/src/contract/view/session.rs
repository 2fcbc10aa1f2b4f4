//! The session of a screen (facility, terminal, staff, rules), and the input of the set-up.

use nosmoke_domain::ids::{AreaId, FacilityId, StaffId, TerminalId};
use nosmoke_domain::rules::Takes;
use nosmoke_domain::words::{Ground, PenaltyCode, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Preferences;
use crate::contract::{EvacuationContent, Numeral, Pin, UtcMs};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub facility: Named<FacilityId>,
    pub terminal: Named<TerminalId>,
    /// The member of staff who is signed in.
    pub staff: Staff,
    pub areas: Vec<Area>,
    /// Retired areas; screens need their names to show earlier facts.
    pub retired_areas: Vec<Area>,
    pub rules: RulesView,
    pub preferences: Preferences,
    /// The names of the preferences whose kept values can't be used; they have their defaults.
    pub preferences_lost: Vec<String>,
    /// Whether this is the demonstration facility, which has a data folder of its own.
    pub demonstration: bool,
    pub version: String,
    pub data_folder: String,
    pub last_backup: Option<LastBackup>,
    /// What the evacuation list shows.
    pub evacuation: EvacuationContent,
    /// Whether a recovery code was made for this facility, as far as this terminal knows.
    pub has_recovery_code: bool,
    /// What to ask about this PC's clock before anything depends on it; null if it needs no answer.
    pub clock_question: Option<ClockQuestion>,
}

/// Asks whether this PC's clock is right, as this terminal's newest fact makes it doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ClockQuestion {
    pub doubt: ClockDoubt,
    /// When this terminal's newest fact was recorded.
    pub newest_fact_at: UtcMs,
    /// The present moment, as the program has it.
    pub now: UtcMs,
}

/// Why a clock may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum ClockDoubt {
    /// The clock is before the newest fact.
    Behind,
    /// The clock is over 60 days after the newest fact.
    LongAfter,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
pub struct Named<Id> {
    pub id: Id,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Staff {
    pub staff_id: StaffId,
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Area {
    pub area_id: AreaId,
    pub name: String,
    /// The largest number of people inside; null if there is no limit.
    pub capacity: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RulesView {
    pub generation: u64,
    pub points_per_visit: u64,
    pub warn_at: u64,
    pub prohibit_at: u64,
    /// The codes and grounds in use.
    pub codes: Vec<PenaltyCodeView>,
    pub grounds: Vec<GroundView>,
    /// The facility's own names, of retired codes and grounds too.
    pub code_names: Vec<WordName>,
    pub ground_names: Vec<WordName>,
    /// How long the role staff may void.
    pub void_window_minutes: u32,
    /// How long the role supervisor may void; null for no limit.
    pub supervisor_void_window_minutes: Option<u32>,
    pub forgotten_after_hours: u32,
    /// How many days back something may be entered afterwards.
    pub enter_afterwards_days: u32,
    /// What each penalty point costs if a customer pays for its deduction with points; null if that is off.
    pub price_per_penalty_point: Option<u64>,
    /// The fields that only a newer program understands.
    pub needs_update: Vec<String>,
    /// Whether another set of the same generation was published elsewhere.
    pub conflict: bool,
}

/// A ground of deductions in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct GroundView {
    pub ground: Ground,
    pub takes: Takes,
    pub once: bool,
    /// The most penalty points that one deduction takes.
    pub most: Option<u64>,
    /// The lowest role that may deduct on it.
    pub role: Role,
}

/// The name of a code or ground in the languages of the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct WordName {
    pub word: String,
    pub ko: String,
    pub en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PenaltyCodeView {
    pub code: PenaltyCode,
    pub points: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LastBackup {
    pub at: UtcMs,
    pub path: String,
    /// Whether its disk doesn't know whose a file is, so that others can read it: a stick with FAT, or a share.
    #[serde(default)]
    pub not_private: bool,
    /// Whether its disk refused to sync, so that the backup may be lost if the disk is pulled out at once.
    #[serde(default)]
    pub not_synced: bool,
}

/// The input of the set-up at the first start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetUpInput {
    pub facility_name: String,
    pub terminal_name: String,
    pub areas: Vec<AreaInput>,
    pub manager_name: String,
    /// The manager's PIN, 6 to 12 digits; stored as an argon2id hash.
    pub pin: Pin,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AreaInput {
    pub name: String,
    #[ts(optional)]
    pub capacity: Option<Numeral>,
}
