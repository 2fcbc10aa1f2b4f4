//! The JSON bodies of reference documents: facility, areas, rules, staff, terminals, hub, recovery code.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, EventId, PieceId, StaffId, TerminalId};
use nosmoke_domain::rules::{ReadRules, Rules};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::Area;
use nosmoke_ports::search_keys::area_form;
use nosmoke_ports::{
    Ids, Read, ReadReference, Reference, ReferenceKind, StoreError, WriteReference, next_bases, next_revision,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::plan_bodies::{PieceBody, PlanBody};
use crate::rule_sets;

/// Positions of areas are below this.
const POSITION_END: u32 = 1_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityBody {
    pub name: String,
    /// The evacuation list shows how many are inside, and no names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub evacuation_counts_only: bool,
}

impl FacilityBody {
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), evacuation_counts_only: false }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaBody {
    pub name: String,
    /// The largest number of people inside; `None` means no limit.
    pub capacity: Option<u32>,
    pub retired: bool,
    /// The position in the list of areas, from 1.
    pub position: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffBody {
    pub name: String,
    pub role: Role,
    /// The argon2id hash of the PIN, in PHC form.
    pub pin_hash: Option<String>,
    /// The person can't sign in any more; what was recorded stands.
    #[serde(default)]
    pub retired: bool,
}

impl StaffBody {
    /// Whether the person can sign in.
    pub const fn can_sign_in(&self) -> bool {
        !self.retired && self.pin_hash.is_some()
    }
}

/// The recovery code that is valid now. It has no name, and one document a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryBody {
    /// The argon2id hash of the code, in PHC form.
    pub code_hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalBody {
    pub name: String,
    /// Nobody gives points to it any more, and its points may be reclaimed though it is heard.
    #[serde(default)]
    pub retired: bool,
}

/// The hub: the terminal that receives a customer's points when a visit has ended; `None` means no hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubBody {
    pub terminal_id: Option<TerminalId>,
}

/// A token, so that every terminal can say who recorded something with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenBody {
    pub name: String,
    /// The terminal that accepts it.
    pub terminal_id: TerminalId,
}

/// How long personal data is kept, and the notice about it: one document a facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepingBody {
    /// Customers not seen for this number of years are listed for erasure; `None` switches the list off.
    pub unseen_years: Option<u32>,
    pub notice: String,
}

/// Decodes the body of a reference document.
///
/// # Errors
/// Returns `Corrupt` if the body doesn't match `T`.
pub fn body<T: DeserializeOwned>(reference: &Reference) -> Result<T, StoreError> {
    serde_json::from_value(reference.body.clone()).map_err(|error| {
        StoreError::Corrupt(format!(
            "the reference document {:?} {} is unreadable: {error}",
            reference.kind, reference.id
        ))
    })
}

/// Returns whether a body that came from another terminal has the fields that its kind requires.
pub fn is_body(kind: ReferenceKind, id: Uuid, body: &serde_json::Value) -> bool {
    let body = body.clone();
    match kind {
        ReferenceKind::Facility => serde_json::from_value::<FacilityBody>(body).is_ok(),
        ReferenceKind::Area => serde_json::from_value::<AreaBody>(body).is_ok_and(|area| area.position < POSITION_END),
        ReferenceKind::Rules => ReadRules::of(&body).is_some(),
        ReferenceKind::Staff => serde_json::from_value::<StaffBody>(body).is_ok(),
        ReferenceKind::Terminal => serde_json::from_value::<TerminalBody>(body).is_ok(),
        ReferenceKind::Hub => serde_json::from_value::<HubBody>(body).is_ok(),
        ReferenceKind::Token => serde_json::from_value::<TokenBody>(body).is_ok(),
        ReferenceKind::Keeping => serde_json::from_value::<KeepingBody>(body).is_ok(),
        ReferenceKind::Recovery => serde_json::from_value::<RecoveryBody>(body).is_ok(),
        ReferenceKind::Plan => serde_json::from_value::<PlanBody>(body).is_ok_and(|plan| plan.is_sound()),
        ReferenceKind::PlanPiece => {
            serde_json::from_value::<PieceBody>(body).is_ok_and(|piece| piece.belongs_to(PieceId(id)))
        }
    }
}

/// The position of a new area, after all others.
///
/// # Errors
/// `Failed` if the positions are used up: other terminals would refuse the area.
pub fn next_position(areas: &[(AreaId, AreaBody)]) -> Result<u32, StoreError> {
    let last = areas.iter().map(|(_, area)| area.position).max().unwrap_or(0);
    let next = last.checked_add(1).filter(|next| *next < POSITION_END);
    next.ok_or_else(|| StoreError::Failed(format!("an area at position {last} leaves no place for another")))
}

/// Writes the next revision of a reference document.
///
/// # Errors
/// An error of the store.
pub fn put<T: Serialize>(
    tx: &mut dyn WriteReference,
    ids: &dyn Ids,
    now: DateTime<Utc>,
    (kind, id): (ReferenceKind, Uuid),
    value: &T,
) -> Result<(), StoreError> {
    let base = tx.reference(kind, id)?;
    let base_revision = base.as_ref().map_or(0, |base| base.revision);
    let bases = base.map(|base| next_bases(base.event_id, &base.bases)).unwrap_or_default();
    let body = serde_json::to_value(value).map_err(|error| StoreError::Failed(error.to_string()))?;
    let event_id = EventId(ids.ordered(now));
    let revision = next_revision(base_revision)?;
    tx.put_reference(&Reference { kind, id, revision, event_id, base_revision, bases, body })
}

/// Returns all areas with their bodies, in the list's order, including retired ones.
///
/// # Errors
/// An error of the store.
pub fn areas(tx: &mut dyn ReadReference) -> Result<Vec<(AreaId, AreaBody)>, StoreError> {
    let references = tx.references(ReferenceKind::Area)?;
    let mut areas = references
        .iter()
        .map(|it| Ok((AreaId(it.id), body(it)?)))
        .collect::<Result<Vec<(_, AreaBody)>, StoreError>>()?;
    areas.sort_by_key(|(id, body)| (body.position, *id));
    Ok(areas)
}

/// Returns the areas whose names read like `name`, in the list's order, including retired ones.
///
/// # Errors
/// An error of the store.
pub fn areas_named(tx: &mut dyn ReadReference, name: &str) -> Result<Vec<(AreaId, AreaBody)>, StoreError> {
    let form = area_form(name);
    let mut areas = areas(tx)?;
    areas.retain(|(_, area)| area_form(&area.name) == form);
    Ok(areas)
}

/// Returns an area's body; `None` if the area isn't known here.
///
/// # Errors
/// An error of the store.
pub fn area(tx: &mut dyn ReadReference, area_id: AreaId) -> Result<Option<AreaBody>, StoreError> {
    tx.reference(ReferenceKind::Area, area_id.0)?.as_ref().map(body).transpose()
}

pub fn area_view(area_id: AreaId, body: AreaBody) -> Area {
    Area { area_id, name: body.name, capacity: body.capacity }
}

/// Returns whether another terminal of this facility is known, by its document, its facts or a heartbeat.
///
/// # Errors
/// An error of the store.
pub fn knows_others(tx: &mut dyn Read) -> Result<bool, StoreError> {
    let Some(here) = tx.origin()?.map(|origin| origin.terminal_id) else { return Ok(false) };
    Ok(tx.references(ReferenceKind::Terminal)?.iter().any(|it| it.id != here.0)
        || tx.terminals()?.into_values().any(|of| of != here)
        || tx.heard()?.iter().any(|heard| heard.terminal_id != here))
}

/// Returns the rules in force: see [`rule_sets::in_force`].
///
/// # Errors
/// An error of the store.
pub fn rules(tx: &mut dyn ReadReference) -> Result<Rules, StoreError> {
    Ok(rule_sets::in_force(tx)?.rules.clone())
}

/// Returns the hub, if there is one.
///
/// # Errors
/// An error of the store.
pub fn hub(tx: &mut dyn Read) -> Result<Option<TerminalId>, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(None) };
    let reference = tx.reference(ReferenceKind::Hub, origin.facility_id.0)?;
    Ok(reference.as_ref().map(body::<HubBody>).transpose()?.and_then(|hub| hub.terminal_id))
}

/// Returns a member of staff, also a retired one; `None` if the person isn't known here.
///
/// # Errors
/// An error of the store.
pub fn staff<R: ReadReference + ?Sized>(tx: &mut R, staff_id: StaffId) -> Result<Option<StaffBody>, StoreError> {
    tx.reference(ReferenceKind::Staff, staff_id.0)?.as_ref().map(body).transpose()
}

/// Returns how long personal data is kept; by default it isn't limited, and there is no notice.
///
/// # Errors
/// An error of the store.
pub fn keeping(tx: &mut dyn Read) -> Result<KeepingBody, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(KeepingBody::default()) };
    let reference = tx.reference(ReferenceKind::Keeping, origin.facility_id.0)?;
    Ok(reference.as_ref().map(body).transpose()?.unwrap_or_default())
}

/// Returns all members of staff, also retired ones, by name.
///
/// # Errors
/// An error of the store.
pub fn all_staff(tx: &mut dyn ReadReference) -> Result<Vec<(StaffId, StaffBody)>, StoreError> {
    let references = tx.references(ReferenceKind::Staff)?;
    let mut staff = references
        .iter()
        .map(|it| Ok((StaffId(it.id), body(it)?)))
        .collect::<Result<Vec<(_, StaffBody)>, StoreError>>()?;
    staff.sort_by(|(id, body), (other_id, other)| (&body.name, id).cmp(&(&other.name, other_id)));
    Ok(staff)
}

/// Returns the facility's body; `None` before the set-up, and until it has come from another terminal.
///
/// # Errors
/// An error of the store.
pub fn facility(tx: &mut dyn Read) -> Result<Option<FacilityBody>, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(None) };
    tx.reference(ReferenceKind::Facility, origin.facility_id.0)?.as_ref().map(body).transpose()
}

/// Returns the hash of the recovery code; `None` if no code was made, as far as this terminal knows.
///
/// # Errors
/// An error of the store.
pub fn recovery(tx: &mut dyn Read) -> Result<Option<RecoveryBody>, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(None) };
    tx.reference(ReferenceKind::Recovery, origin.facility_id.0)?.as_ref().map(body).transpose()
}

/// Returns the terminals that a manager has retired.
///
/// # Errors
/// An error of the store.
pub fn retired(tx: &mut dyn ReadReference) -> Result<BTreeSet<TerminalId>, StoreError> {
    let mut retired = BTreeSet::new();
    for reference in tx.references(ReferenceKind::Terminal)? {
        if body::<TerminalBody>(&reference)?.retired {
            retired.insert(TerminalId(reference.id));
        }
    }
    Ok(retired)
}

/// Returns the name of a terminal, if it is known here.
///
/// # Errors
/// An error of the store.
pub fn terminal_name(tx: &mut dyn ReadReference, terminal_id: TerminalId) -> Result<Option<String>, StoreError> {
    let reference = tx.reference(ReferenceKind::Terminal, terminal_id.0)?;
    Ok(reference.as_ref().map(body::<TerminalBody>).transpose()?.map(|it| it.name))
}
