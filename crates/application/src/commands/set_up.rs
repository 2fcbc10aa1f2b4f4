//! The set-up of an empty data folder at the first start: facility, areas, terminal, first manager.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{AreaId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{AppError, ErrorCode, LastBackup, Preferences, SetUpInput};
use nosmoke_ports::limits::{self, CAPACITY_MAX, NAME_MAX};
use nosmoke_ports::search_keys::area_form;
use nosmoke_ports::{Ids, Journal, Priority, ReferenceKind, Write, write};
use nosmoke_reading::PREFERENCES_SETTING;
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, RecoveryBody, StaffBody, TerminalBody};
use nosmoke_replication::FacilityKey;
use nosmoke_replication::joining::pairing::Carried;
use serde_json::json;

use super::amounts::people;
use super::idempotency::to_json;
use crate::people::{FirstManager, JOINED_SETTING, new_manager};

/// The key of the setting that stores when and where the last backup was made.
pub const BACKUP_SETTING: &str = "last_backup";

/// Default names of an unattended set-up, which can be changed later.
const UNATTENDED_FACILITY: &str = "흡연구역";
const UNATTENDED_TERMINAL: &str = "무인 단말";

/// The facility that a folder belongs to from its set-up on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub facility_id: FacilityId,
    pub key: FacilityKey,
    /// Whether this terminal founds the facility, and so writes its name and its rules. Another one gets them by
    /// replication.
    pub founds: bool,
}

impl Membership {
    /// A new facility with a key of its own.
    pub fn founding(ids: &dyn Ids) -> Self {
        Self { facility_id: FacilityId(ids.random()), key: FacilityKey::new(ids), founds: true }
    }

    /// The facility of a pairing code.
    pub fn joining(carried: Carried) -> Self {
        Self { facility_id: carried.facility_id, key: carried.key, founds: false }
    }
}

/// The data with which an empty folder is set up.
#[derive(Debug, Clone)]
pub(crate) struct InitialSetUp {
    pub membership: Membership,
    pub facility: FacilityBody,
    pub terminal: TerminalBody,
    pub areas: Vec<(AreaId, AreaBody)>,
    pub staff: Vec<(StaffId, StaffBody)>,
    pub recovery: Option<RecoveryBody>,
}

/// Sets up an empty data folder with its first manager, in one transaction.
///
/// # Errors
/// `already_set_up`; `empty`, `too_long`, `invalid_text`, `not_whole`, `out_of_range`, `area_name_taken`, `invalid_pin`
/// with the field, or an error of the store.
pub async fn set_up(
    journal: &dyn Journal,
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
    membership: Membership,
    input: SetUpInput,
) -> Result<FirstManager, AppError> {
    let areas = check(&input)?.into_iter().map(|area| (AreaId(ids.ordered(now)), area)).collect();
    let manager = new_manager("managerName", input.manager_name, &input.pin, &*ids).await?;
    let initial = InitialSetUp {
        membership,
        facility: FacilityBody::named(input.facility_name),
        terminal: TerminalBody { name: input.terminal_name, retired: false },
        areas,
        staff: vec![(manager.first.staff_id, manager.staff)],
        recovery: Some(manager.recovery),
    };
    write(journal, Priority::Command, move |tx| establish(tx, &*ids, now, &initial)).await?;
    Ok(manager.first)
}

/// The input of a set-up without a user: for a terminal that serves only kiosks, turnstiles and scripts.
#[derive(Debug, Clone, Default)]
pub struct Unattended {
    pub terminal_name: Option<String>,
    /// `None` founds a facility.
    pub membership: Option<Membership>,
}

/// Sets up an empty data folder without a user, in one transaction: no areas, no staff, and the default rules. Commands
/// from the REST gateway are recorded in their token's name.
///
/// # Errors
/// `already_set_up`; `empty`, `too_long`, `invalid_text` with the field, or an error of the store.
pub async fn set_up_unattended(
    journal: &dyn Journal,
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
    input: Unattended,
) -> Result<(), AppError> {
    let terminal_name = input.terminal_name.unwrap_or_else(|| UNATTENDED_TERMINAL.into());
    limits::check_needed("terminalName", &terminal_name, NAME_MAX)?;
    let initial = InitialSetUp {
        membership: input.membership.unwrap_or_else(|| Membership::founding(&*ids)),
        facility: FacilityBody::named(UNATTENDED_FACILITY),
        terminal: TerminalBody { name: terminal_name, retired: false },
        areas: Vec::new(),
        staff: Vec::new(),
        recovery: None,
    };
    write(journal, Priority::Command, move |tx| establish(tx, &*ids, now, &initial)).await?;
    Ok(())
}

/// Begins the first incarnation and writes the first reference documents.
///
/// # Errors
/// `already_set_up`, or an error of the store.
pub(crate) fn establish(
    tx: &mut dyn Write,
    ids: &dyn Ids,
    now: DateTime<Utc>,
    initial: &InitialSetUp,
) -> Result<(), AppError> {
    if tx.origin()?.is_some() {
        return Err(AppError::new(ErrorCode::AlreadySetUp));
    }
    let Membership { facility_id, key, founds } = &initial.membership;
    let origin = Origin {
        facility_id: *facility_id,
        terminal_id: TerminalId(ids.random()),
        incarnation: IncarnationId(ids.random()),
    };
    tx.put_origin(origin)?;
    key.keep(tx)?;
    reference::put(tx, ids, now, (ReferenceKind::Terminal, origin.terminal_id.0), &initial.terminal)?;
    for (staff_id, staff) in &initial.staff {
        reference::put(tx, ids, now, (ReferenceKind::Staff, staff_id.0), staff)?;
    }
    if let Some(recovery) = &initial.recovery {
        reference::put(tx, ids, now, (ReferenceKind::Recovery, origin.facility_id.0), recovery)?;
    }
    if *founds {
        reference::put(tx, ids, now, (ReferenceKind::Facility, origin.facility_id.0), &initial.facility)?;
        reference::put(tx, ids, now, (ReferenceKind::Rules, ids.random()), &Rules::default())?;
    } else {
        tx.put_setting(JOINED_SETTING, "true")?;
    }
    for (area_id, area) in &initial.areas {
        reference::put(tx, ids, now, (ReferenceKind::Area, area_id.0), area)?;
    }
    Ok(())
}

fn check(input: &SetUpInput) -> Result<Vec<AreaBody>, AppError> {
    limits::check_needed("facilityName", &input.facility_name, NAME_MAX)?;
    limits::check_needed("terminalName", &input.terminal_name, NAME_MAX)?;
    if input.areas.is_empty() {
        return Err(AppError::with(ErrorCode::Empty, json!({ "field": "areas" })));
    }
    let mut areas: Vec<AreaBody> = Vec::with_capacity(input.areas.len());
    for (position, area) in (1..).zip(&input.areas) {
        limits::check_needed("areas", &area.name, NAME_MAX)?;
        if areas.iter().any(|other| area_form(&other.name) == area_form(&area.name)) {
            return Err(AppError::with(ErrorCode::AreaNameTaken, json!({ "name": area.name })));
        }
        let capacity = area.capacity.as_ref().map(|numeral| people("capacity", numeral, CAPACITY_MAX)).transpose()?;
        areas.push(AreaBody { name: area.name.clone(), capacity, retired: false, position });
    }
    Ok(areas)
}

/// Saves this terminal's preferences.
///
/// # Errors
/// An error of the store.
pub async fn save_preferences(journal: &dyn Journal, preferences: Preferences) -> Result<Preferences, AppError> {
    let text = to_json(&preferences)?;
    write::<(), AppError>(journal, Priority::Command, move |tx| Ok(tx.put_setting(PREFERENCES_SETTING, &text)?))
        .await?;
    Ok(preferences)
}

/// Saves when and where the last backup was made.
///
/// # Errors
/// An error of the store.
pub async fn note_backup(journal: &dyn Journal, backup: LastBackup) -> Result<(), AppError> {
    let text = to_json(&backup)?;
    write::<(), AppError>(journal, Priority::Command, move |tx| Ok(tx.put_setting(BACKUP_SETTING, &text)?)).await?;
    Ok(())
}
