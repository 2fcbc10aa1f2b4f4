//! Commands about the facility: its name, areas and this terminal.

use nosmoke_ports::ReferenceKind;
use nosmoke_ports::contract::{
    AppError, ContextName, ErrorCode, Outcome, RetireArea, SaveArea, SaveFacility, SaveHub, SaveTerminal,
};
use nosmoke_ports::limits::{self, CAPACITY_MAX, NAME_MAX};
use nosmoke_reading::occupancy::inside_now;
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, HubBody, TerminalBody};
use serde_json::json;

use super::decide::Decide;
use super::numeral::people;
use super::work::Work;
use crate::permission::Act;

impl Decide for SaveArea {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SaveArea
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { area_id, name, capacity } = self;
        limits::check_needed("name", &name, NAME_MAX)?;
        let capacity = capacity.map(|numeral| people("capacity", &numeral, CAPACITY_MAX)).transpose()?;
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
}

impl Decide for RetireArea {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::RetireArea
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { area_id } = self;
        let area = reference::area(work.tx, area_id)?.filter(|area| !area.retired);
        let area = area.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?;
        let present = inside_now(work.tx, area_id)?.len();
        if present > 0 {
            return Err(AppError::with(ErrorCode::AreaOccupied, json!({ "areaName": area.name, "present": present })));
        }
        work.put(ReferenceKind::Area, area_id.0, &AreaBody { retired: true, ..area })?;
        Ok(Outcome::Done)
    }
}

impl Decide for SaveFacility {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SaveFacility
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { name } = self;
        limits::check_needed("name", &name, NAME_MAX)?;
        let id = expect_origin(work)?.facility_id.0;
        work.put(ReferenceKind::Facility, id, &FacilityBody { name })?;
        Ok(Outcome::Done)
    }
}

impl Decide for SaveTerminal {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SaveTerminal
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { name } = self;
        limits::check_needed("name", &name, NAME_MAX)?;
        let id = expect_origin(work)?.terminal_id.0;
        work.put(ReferenceKind::Terminal, id, &TerminalBody { name })?;
        Ok(Outcome::Done)
    }
}

/// The points of visits that have ended go to this terminal from now on; those held elsewhere so far go with their
/// customers' next visit.
impl Decide for SaveHub {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SaveHub
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { terminal_id } = self;
        if let Some(terminal_id) = terminal_id
            && work.tx.reference(ReferenceKind::Terminal, terminal_id.0)?.is_none()
        {
            return Err(AppError::new(ErrorCode::UnknownTerminal));
        }
        let id = expect_origin(work)?.facility_id.0;
        work.put(ReferenceKind::Hub, id, &HubBody { terminal_id })?;
        Ok(Outcome::Done)
    }
}

fn expect_origin(work: &mut Work<'_>) -> Result<nosmoke_domain::fact::Origin, AppError> {
    work.tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
}
