//! Bodies of reference records: facility, areas, rules, staff, terminals.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, EventId, StaffId, TerminalId};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::Area;
use nosmoke_ports::{Ids, Read, ReadReference, Reference, ReferenceKind, StoreError, WriteReference};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityBody {
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaBody {
    pub name: String,
    /// People; none is no limit.
    pub capacity: Option<u32>,
    pub retired: bool,
    /// Place in the list, from 1.
    pub position: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffBody {
    pub name: String,
    pub role: Role,
    /// argon2id in PHC form.
    pub pin_hash: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalBody {
    pub name: String,
}

/// The terminal that holds the points of visits that have ended; none is no hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubBody {
    pub terminal_id: Option<TerminalId>,
}

/// Reads a body.
///
/// # Errors
/// `Corrupt` when it isn't of its kind.
pub fn body<T: DeserializeOwned>(reference: &Reference) -> Result<T, StoreError> {
    serde_json::from_value(reference.body.clone())
        .map_err(|error| StoreError::Corrupt(format!("{:?} {}: {error}", reference.kind, reference.id)))
}

/// Whether a body that another terminal wrote is one of its kind.
pub fn is_body(kind: ReferenceKind, body: &serde_json::Value) -> bool {
    let body = body.clone();
    match kind {
        ReferenceKind::Facility => serde_json::from_value::<FacilityBody>(body).is_ok(),
        ReferenceKind::Area => serde_json::from_value::<AreaBody>(body).is_ok(),
        ReferenceKind::Rules => serde_json::from_value::<Rules>(body).is_ok(),
        ReferenceKind::Staff => serde_json::from_value::<StaffBody>(body).is_ok(),
        ReferenceKind::Terminal => serde_json::from_value::<TerminalBody>(body).is_ok(),
        ReferenceKind::Hub => serde_json::from_value::<HubBody>(body).is_ok(),
    }
}

/// Writes the next revision of a reference record.
///
/// # Errors
/// The store's.
pub fn put<T: Serialize>(
    tx: &mut dyn WriteReference,
    ids: &dyn Ids,
    now: DateTime<Utc>,
    (kind, id): (ReferenceKind, Uuid),
    value: &T,
) -> Result<(), StoreError> {
    let base_revision = tx.reference(kind, id)?.map_or(0, |reference| reference.revision);
    let body = serde_json::to_value(value).map_err(|error| StoreError::Failed(error.to_string()))?;
    let event_id = EventId(ids.ordered(now));
    tx.put_reference(&Reference { kind, id, revision: base_revision + 1, event_id, base_revision, body })
}

/// Every area with its body, in the list's order, retired ones included.
///
/// # Errors
/// The store's.
pub fn areas(tx: &mut dyn ReadReference) -> Result<Vec<(AreaId, AreaBody)>, StoreError> {
    let references = tx.references(ReferenceKind::Area)?;
    let mut areas = references
        .iter()
        .map(|it| Ok((AreaId(it.id), body(it)?)))
        .collect::<Result<Vec<(_, AreaBody)>, StoreError>>()?;
    areas.sort_by_key(|(id, body)| (body.position, *id));
    Ok(areas)
}

/// An area's body; `None` for one that isn't known here.
///
/// # Errors
/// The store's.
pub fn area(tx: &mut dyn ReadReference, area_id: AreaId) -> Result<Option<AreaBody>, StoreError> {
    tx.reference(ReferenceKind::Area, area_id.0)?.as_ref().map(body).transpose()
}

pub fn area_view(area_id: AreaId, body: AreaBody) -> Area {
    Area { area_id, name: body.name, capacity: body.capacity }
}

/// The rules in force: the set of the highest generation, of equal ones that with the higher event id; the defaults
/// when there is none.
///
/// # Errors
/// The store's.
pub fn rules(tx: &mut dyn ReadReference) -> Result<Rules, StoreError> {
    let mut in_force: Option<(u64, EventId, Rules)> = None;
    for set in tx.references(ReferenceKind::Rules)? {
        let rules: Rules = body(&set)?;
        let rank = (rules.generation, set.event_id);
        if in_force.as_ref().is_none_or(|(generation, event_id, _)| rank > (*generation, *event_id)) {
            in_force = Some((rank.0, rank.1, rules));
        }
    }
    Ok(in_force.map(|(_, _, rules)| rules).unwrap_or_default())
}

/// The hub, if one is named.
///
/// # Errors
/// The store's.
pub fn hub(tx: &mut dyn Read) -> Result<Option<TerminalId>, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(None) };
    let reference = tx.reference(ReferenceKind::Hub, origin.facility_id.0)?;
    Ok(reference.as_ref().map(body::<HubBody>).transpose()?.and_then(|hub| hub.terminal_id))
}

/// The name of a member of staff, if known here.
///
/// # Errors
/// The store's.
pub fn staff_name(tx: &mut dyn ReadReference, staff_id: StaffId) -> Result<Option<String>, StoreError> {
    Ok(tx.reference(ReferenceKind::Staff, staff_id.0)?.as_ref().map(body::<StaffBody>).transpose()?.map(|it| it.name))
}

/// The name of a terminal, if known here.
///
/// # Errors
/// The store's.
pub fn terminal_name(tx: &mut dyn ReadReference, terminal_id: TerminalId) -> Result<Option<String>, StoreError> {
    let reference = tx.reference(ReferenceKind::Terminal, terminal_id.0)?;
    Ok(reference.as_ref().map(body::<TerminalBody>).transpose()?.map(|it| it.name))
}
