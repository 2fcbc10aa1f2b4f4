//! Commands about the facility: its name, areas, evacuation list and this terminal.

use nosmoke_ports::ReferenceKind;
use nosmoke_ports::contract::{
    AppError, ContextName, ErrorCode, EvacuationContent, Outcome, RetireArea, RetireTerminal, SaveArea, SaveEvacuation,
    SaveFacility, SaveHub, SaveTerminal,
};
use nosmoke_ports::limits::{self, CAPACITY_MAX, NAME_MAX};
use nosmoke_ports::search_keys::area_form;
use nosmoke_reading::reference::{self, AreaBody, FacilityBody, HubBody, TerminalBody};
use serde_json::json;

use super::amounts::people;
use super::decide::Decide;
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
        // An area may keep its name beside a like one, which another terminal may have added meanwhile.
        let renames = !areas.iter().any(|(id, area)| Some(*id) == area_id && area.name == name);
        let form = area_form(&name);
        let reads_alike = |area: &AreaBody| !area.retired && area_form(&area.name) == form;
        if renames && areas.iter().any(|(id, area)| Some(*id) != area_id && reads_alike(area)) {
            return Err(AppError::with(ErrorCode::AreaNameTaken, json!({ "name": name })));
        }
        let (area_id, position) = match area_id {
            Some(area_id) => {
                let known = areas.iter().find(|(id, area)| *id == area_id && !area.retired);
                let (_, known) = known.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?;
                (area_id, known.position)
            }
            None => (work.id(), reference::next_position(&areas)?),
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
        let present = work.tx.count_inside(area_id, None, u32::MAX)?;
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
        let kept = reference::facility(work.tx)?.unwrap_or_else(|| FacilityBody::named(""));
        work.put(ReferenceKind::Facility, id, &FacilityBody { name, ..kept })?;
        Ok(Outcome::Done)
    }
}

impl Decide for SaveEvacuation {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SaveEvacuation
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let id = expect_origin(work)?.facility_id.0;
        // Before the facility's name has come from another terminal, a document without it would win over that.
        let kept = reference::facility(work.tx)?.ok_or_else(|| AppError::new(ErrorCode::StillReading))?;
        let evacuation_counts_only = self.content == EvacuationContent::Counts;
        if kept.evacuation_counts_only != evacuation_counts_only {
            work.put(ReferenceKind::Facility, id, &FacilityBody { evacuation_counts_only, ..kept })?;
        }
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
        let id = expect_origin(work)?.terminal_id;
        let retired = reference::retired(work.tx)?.contains(&id);
        work.put(ReferenceKind::Terminal, id.0, &TerminalBody { name, retired })?;
        Ok(Outcome::Done)
    }
}

impl Decide for RetireTerminal {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::RetireTerminal
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { terminal_id, retired } = self;
        let reference = work.tx.reference(ReferenceKind::Terminal, terminal_id.0)?;
        let reference = reference.ok_or_else(|| AppError::new(ErrorCode::UnknownTerminal))?;
        let body: TerminalBody = reference::body(&reference)?;
        if body.retired != retired {
            work.put(ReferenceKind::Terminal, terminal_id.0, &TerminalBody { retired, ..body })?;
        }
        Ok(Outcome::Done)
    }
}

/// Chooses the hub, which receives a customer's points when a visit has ended. Points that other terminals hold now
/// move to the hub after their customer's next visit.
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
