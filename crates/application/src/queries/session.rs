//! Queries of the session: the facility, this terminal, the member of staff, the areas and the rules.

use nosmoke_domain::ids::{AreaId, StaffId};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::{GroundRule, Labels, Rules};
use nosmoke_ports::contract::{
    AppError, Area, ErrorCode, EvacuationContent, GroundView, LastBackup, Named, PenaltyCodeView, Preferences,
    RulesView, Session, Staff, WordName,
};
use nosmoke_ports::{Journal, Read, ReadReference, ReadSettings, StoreError, read};
use nosmoke_reading::reference::{self, AreaBody, FacilityBody};
use nosmoke_reading::rule_sets;
use nosmoke_reading::{Kept, preferences};

use super::Queries;
use crate::clock_check;
use crate::commands::BACKUP_SETTING;
use crate::permission::{Authority, Caller};

impl Queries {
    /// Returns the session of the person who is signed in; `None` before the set-up, if nobody is signed in, and if the
    /// person has been retired meanwhile.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn session(&self, place: Place) -> Result<Option<Session>, AppError> {
        let Some(staff_id) = self.people.signed_in() else { return Ok(None) };
        let clock_question = clock_check::question(&self.core).await;
        let session = read(&*self.core.journal, move |tx| session(tx, staff_id, place)).await?;
        Ok(session.map(|session| Session { clock_question, ..session }))
    }

    /// Returns this terminal's preferences.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn preferences(&self) -> Result<Preferences, AppError> {
        Ok(read::<_, StoreError>(&*self.core.journal, |tx| Ok(preferences(tx)?.preferences)).await?)
    }

    /// Returns the member of staff who is signed in, in whose name the window records facts.
    ///
    /// # Errors
    /// `not_set_up`, `not_signed_in`, or an error of the store.
    pub async fn caller(&self) -> Result<Caller, AppError> {
        match self.people.signed_in() {
            Some(staff_id) => Ok(Caller::staff(staff_id)),
            None => {
                self.expect_set_up().await?;
                Err(AppError::new(ErrorCode::NotSignedIn))
            }
        }
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

    /// Returns this terminal's name; `None` before the set-up.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn terminal_name(&self) -> Result<Option<String>, AppError> {
        let name = read::<_, StoreError>(&*self.core.journal, |tx| match tx.origin()? {
            Some(origin) => reference::terminal_name(tx, origin.terminal_id),
            None => Ok(None),
        });
        Ok(name.await?)
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
    let facility = read::<_, StoreError>(journal, |tx| reference::facility(tx)).await?;
    Ok(facility.map(|facility| facility.name).unwrap_or_default())
}

/// The part of the session's data that only the composition root knows.
#[derive(Debug, Clone)]
pub struct Place {
    pub data_folder: String,
    pub demonstration: bool,
    pub version: String,
}

fn session(tx: &mut dyn Read, staff_id: StaffId, place: Place) -> Result<Option<Session>, AppError> {
    let Some(origin) = tx.origin()? else { return Ok(None) };
    let Some(staff) = reference::staff(tx, staff_id)?.filter(|staff| !staff.retired) else { return Ok(None) };
    let staff = Staff { staff_id, name: staff.name, role: staff.role };
    let facility = reference::facility(tx)?;
    let (evacuation, has_recovery_code) = (evacuation_of(facility.as_ref()), reference::recovery(tx)?.is_some());
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
        rules: rules_view(tx)?,
        preferences,
        preferences_lost,
        demonstration: place.demonstration,
        version: place.version,
        data_folder: place.data_folder,
        last_backup: last_backup(tx)?,
        evacuation,
        has_recovery_code,
        clock_question: None,
    }))
}

/// What the evacuation list shows; names until a manager chooses otherwise.
pub(super) fn evacuation_of(facility: Option<&FacilityBody>) -> EvacuationContent {
    match facility {
        Some(FacilityBody { evacuation_counts_only: true, .. }) => EvacuationContent::Counts,
        _ => EvacuationContent::Names,
    }
}

fn last_backup(tx: &mut dyn ReadSettings) -> Result<Option<LastBackup>, StoreError> {
    Ok(tx.setting(BACKUP_SETTING)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn rules_view(tx: &mut dyn ReadReference) -> Result<RulesView, StoreError> {
    let set = rule_sets::in_force(tx)?;
    let conflict = rule_sets::newest(tx)?.len() > 1;
    Ok(RulesView { needs_update: set.not_understood.clone(), conflict, ..view_of(&set.rules) })
}

fn view_of(rules: &Rules) -> RulesView {
    let codes = rules.codes_in_use().map(|rule| PenaltyCodeView { code: rule.code, points: rule.points.get() });
    RulesView {
        generation: rules.generation,
        points_per_visit: rules.points_per_visit.get(),
        warn_at: rules.levels.warn_at.get(),
        prohibit_at: rules.levels.prohibit_at().get(),
        codes: codes.collect(),
        grounds: rules.grounds.iter().filter(|rule| !rule.retired).map(ground_view).collect(),
        code_names: rules.codes.iter().filter_map(|rule| word_name(&rule.code, rule.labels.as_ref())).collect(),
        ground_names: rules.grounds.iter().filter_map(|rule| word_name(&rule.ground, rule.labels.as_ref())).collect(),
        void_window_minutes: rules.void_window_minutes,
        supervisor_void_window_minutes: rules.supervisor_void_window_minutes,
        forgotten_after_hours: rules.forgotten_after_hours,
        enter_afterwards_days: rules.enter_afterwards_days,
        price_per_penalty_point: rules.price_per_penalty_point.map(Points::get),
        needs_update: Vec::new(),
        conflict: false,
    }
}

fn ground_view(rule: &GroundRule) -> GroundView {
    let GroundRule { ground, takes, once, most, role, .. } = rule;
    GroundView { ground: *ground, takes: *takes, once: *once, most: most.map(Points::get), role: *role }
}

fn word_name(word: &impl ToString, labels: Option<&Labels>) -> Option<WordName> {
    let Labels { ko, en, .. } = labels?;
    Some(WordName { word: word.to_string(), ko: ko.clone(), en: en.clone() })
}
