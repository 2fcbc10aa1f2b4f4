//! Commands about the facility: its name, areas and this terminal.

use nosmoke_domain::ids::{AreaId, TerminalId};
use nosmoke_ports::ReferenceKind;
use nosmoke_ports::contract::{AppError, ErrorCode, Numeral, Outcome};
use nosmoke_ports::limits::{self, CAPACITY_MAX, NAME_MAX};
use nosmoke_reading::occupancy::inside_now;
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, HubBody, TerminalBody};
use serde_json::json;

use super::numeral::people;
use super::work::Work;

pub(super) fn save_area(
    work: &mut Work<'_>,
    area_id: Option<AreaId>,
    name: String,
    capacity: Option<&Numeral>,
) -> Result<Outcome, AppError> {
    limits::check_needed("name", &name, NAME_MAX)?;
    let capacity = capacity.map(|numeral| people("capacity", numeral, CAPACITY_MAX)).transpose()?;
    let areas = reference::areas(work.tx)?;
    if areas.iter().any(|(id, area)| !area.retired && area.name == name && Some(*id) != area_id) {
        return Err(AppError::with(ErrorCode::AreaNameTaken, json!({ "name": name })));
    }
    let (area_id, position) = match area_id {
        Some(area_id) => {
            let known = areas.iter().find(|(id, area)| *id == area_id && !area.retired);
            let (_, known) = known.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?;
            (area_id, known.position)
        }
        None => (work.id(), areas.iter().map(|(_, area)| area.position).max().unwrap_or(0) + 1),
    };
    work.put(ReferenceKind::Area, area_id.0, &AreaBody { name, capacity, retired: false, position })?;
    Ok(Outcome::AreaSaved { area_id })
}

pub(super) fn retire_area(work: &mut Work<'_>, area_id: AreaId) -> Result<Outcome, AppError> {
    let area = reference::area(work.tx, area_id)?.filter(|area| !area.retired);
    let area = area.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?;
    let present = inside_now(work.tx, area_id)?.len();
    if present > 0 {
        return Err(AppError::with(ErrorCode::AreaOccupied, json!({ "areaName": area.name, "present": present })));
    }
    work.put(ReferenceKind::Area, area_id.0, &AreaBody { retired: true, ..area })?;
    Ok(Outcome::Done)
}

pub(super) fn save_facility(work: &mut Work<'_>, name: String) -> Result<Outcome, AppError> {
    limits::check_needed("name", &name, NAME_MAX)?;
    let id = expect_origin(work)?.facility_id.0;
    work.put(ReferenceKind::Facility, id, &FacilityBody { name })?;
    Ok(Outcome::Done)
}

pub(super) fn save_terminal(work: &mut Work<'_>, name: String) -> Result<Outcome, AppError> {
    limits::check_needed("name", &name, NAME_MAX)?;
    let id = expect_origin(work)?.terminal_id.0;
    work.put(ReferenceKind::Terminal, id, &TerminalBody { name })?;
    Ok(Outcome::Done)
}

/// The points of visits that have ended go to this terminal from now on; those held elsewhere so far go with their
/// customers' next visit.
pub(super) fn save_hub(work: &mut Work<'_>, terminal_id: Option<TerminalId>) -> Result<Outcome, AppError> {
    if let Some(terminal_id) = terminal_id
        && work.tx.reference(ReferenceKind::Terminal, terminal_id.0)?.is_none()
    {
        return Err(AppError::new(ErrorCode::UnknownTerminal));
    }
    let id = expect_origin(work)?.facility_id.0;
    work.put(ReferenceKind::Hub, id, &HubBody { terminal_id })?;
    Ok(Outcome::Done)
}

fn expect_origin(work: &mut Work<'_>) -> Result<nosmoke_domain::fact::Origin, AppError> {
    work.tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
}
