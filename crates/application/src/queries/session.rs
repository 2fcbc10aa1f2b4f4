//! Queries of the session: the facility, this terminal, the member of staff, the areas and the rules.

use nosmoke_domain::ids::{AreaId, StaffId};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{
    AppError, Area, ErrorCode, LastBackup, Named, PenaltyCodeView, Preferences, RulesView, Session, Staff,
};
use nosmoke_ports::{Journal, Read, ReadSettings, ReferenceKind, StoreError, read};
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, StaffBody};
use nosmoke_reading::{Kept, preferences};

use super::Queries;
use crate::commands::{BACKUP_SETTING, STAFF_SETTING};
use crate::permission::{Authority, Caller};

impl Queries {
    /// Returns the session at this terminal; `None` before the set-up.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn session(&self, place: Place) -> Result<Option<Session>, AppError> {
        read(&*self.core.journal, move |tx| session(tx, place)).await
    }

    /// Returns this terminal's preferences.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn preferences(&self) -> Result<Preferences, AppError> {
        Ok(read::<_, StoreError>(&*self.core.journal, |tx| Ok(preferences(tx)?.preferences)).await?)
    }

    /// Returns the member of staff in whose name this terminal records facts.
    ///
    /// # Errors
    /// `not_set_up`, or an error of the store.
    pub async fn caller(&self) -> Result<Caller, AppError> {
        let staff = read::<_, StoreError>(&*self.core.journal, staff_here).await?;
        Ok(Caller::staff(staff.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.staff_id))
    }

    /// Returns the authority of that member of staff, read in a transaction of its own. A job takes it when it begins,
    /// and keeps it.
    ///
    /// # Errors
    /// `not_set_up`, `not_signed_in`, or an error of the store.
    pub async fn authority(&self) -> Result<Authority, AppError> {
        let caller = self.caller().await?;
        self.authority_of(caller).await
    }

    /// Returns a caller's authority, read in a transaction of its own.
    ///
    /// # Errors
    /// `not_signed_in`, or an error of the store.
    pub async fn authority_of(&self, caller: Caller) -> Result<Authority, AppError> {
        read(&*self.core.journal, move |tx| caller.authority(tx)).await
    }

    /// Checks that the data folder is set up.
    ///
    /// # Errors
    /// `not_set_up`, or an error of the store.
    pub async fn expect_set_up(&self) -> Result<(), AppError> {
        let origin = read::<_, StoreError>(&*self.core.journal, |tx| tx.origin()).await?;
        origin.map(|_| ()).ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
    }
}

/// Returns the facility's name; empty before the set-up.
///
/// # Errors
/// An error of the store.
pub async fn facility_name(journal: &dyn Journal) -> Result<String, AppError> {
    let name = read::<_, StoreError>(journal, |tx| {
        let Some(origin) = tx.origin()? else { return Ok(None) };
        let reference = tx.reference(ReferenceKind::Facility, origin.facility_id.0)?;
        Ok(reference.as_ref().map(reference::body::<FacilityBody>).transpose()?.map(|body| body.name))
    })
    .await?;
    Ok(name.unwrap_or_default())
}

/// The part of the session's data that only the composition root knows.
#[derive(Debug, Clone)]
pub struct Place {
    pub data_folder: String,
    pub demonstration: bool,
    pub version: String,
}

fn session(tx: &mut dyn Read, place: Place) -> Result<Option<Session>, AppError> {
    let Some(origin) = tx.origin()? else { return Ok(None) };
    let Some(staff) = staff_here(tx)? else { return Ok(None) };
    let facility = tx.reference(ReferenceKind::Facility, origin.facility_id.0)?;
    let facility = facility.as_ref().map(reference::body::<FacilityBody>).transpose()?;
    let terminal = reference::terminal_name(tx, origin.terminal_id)?;
    let (retired, areas): (Vec<_>, Vec<_>) = reference::areas(tx)?.into_iter().partition(|(_, body)| body.retired);
    let views = |areas: Vec<(AreaId, AreaBody)>| {
        areas.into_iter().map(|(id, body)| reference::area_view(id, body)).collect::<Vec<Area>>()
    };
    let Kept { preferences, lost: preferences_lost } = preferences(tx)?;
    if !preferences_lost.is_empty() {
        tracing::warn!(?preferences_lost, "stored preferences can't be used; they have their defaults");
    }
    Ok(Some(Session {
        facility: Named { id: origin.facility_id, name: facility.map(|body| body.name).unwrap_or_default() },
        terminal: Named { id: origin.terminal_id, name: terminal.unwrap_or_default() },
        staff,
        areas: views(areas),
        retired_areas: views(retired),
        rules: rules_view(&reference::rules(tx)?),
        preferences,
        preferences_lost,
        demonstration: place.demonstration,
        version: place.version,
        data_folder: place.data_folder,
        last_backup: last_backup(tx)?,
    }))
}

/// Returns the member of staff who works at this terminal.
///
/// # Errors
/// An error of the store.
pub fn staff_here(tx: &mut dyn Read) -> Result<Option<Staff>, StoreError> {
    let Some(text) = tx.setting(STAFF_SETTING)? else { return Ok(None) };
    let staff_id: StaffId =
        text.parse().map_err(|_| StoreError::Corrupt(format!("the setting {STAFF_SETTING} isn't an id")))?;
    let Some(reference) = tx.reference(ReferenceKind::Staff, staff_id.0)? else { return Ok(None) };
    let body: StaffBody = reference::body(&reference)?;
    Ok(Some(Staff { staff_id, name: body.name, role: body.role }))
}

fn last_backup(tx: &mut dyn ReadSettings) -> Result<Option<LastBackup>, StoreError> {
    Ok(tx.setting(BACKUP_SETTING)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn rules_view(rules: &Rules) -> RulesView {
    let codes = rules.codes_in_use().map(|rule| PenaltyCodeView { code: rule.code, points: rule.points.get() });
    RulesView {
        generation: rules.generation,
        points_per_visit: rules.points_per_visit.get(),
        warn_at: rules.levels.warn_at.get(),
        prohibit_at: rules.levels.prohibit_at().get(),
        codes: codes.collect(),
        void_window_minutes: rules.void_window_minutes,
        forgotten_after_hours: rules.forgotten_after_hours,
        price_per_penalty_point: rules.price_per_penalty_point.map(Points::get),
    }
}
