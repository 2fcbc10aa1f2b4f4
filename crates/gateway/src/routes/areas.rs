//! `/areas`: the smoking areas, and who is inside (context check_in).

use axum::Json;
use axum::extract::Path;
use nosmoke_application::permission::Act;
use nosmoke_domain::ids::AreaId;
use nosmoke_ports::Access;
use nosmoke_ports::contract::{AccessAct, AreaOccupancy, ErrorCode, Occupant};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Listed, time};
use crate::asked::Asked;
use crate::problem::{Problem, Problems};
use crate::request::id;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Area {
    id: String,
    #[schema(example = "453!#FEQ")]
    name: String,
    /// The largest number of people inside; null if there is no limit.
    capacity: Option<u32>,
    /// How many are inside now.
    present: u32,
}

impl From<AreaOccupancy> for Area {
    fn from(occupancy: AreaOccupancy) -> Self {
        let AreaOccupancy { area, present, .. } = occupancy;
        Self { id: area.area_id.to_string(), name: area.name, capacity: area.capacity, present }
    }
}

/// Somebody inside an area.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Inside {
    /// The visit, for the check-out.
    check_in_id: String,
    customer_id: String,
    #[schema(format = DateTime)]
    since: String,
    /// Whether the visit is longer than the rules allow before it counts as forgotten.
    forgotten: bool,
    /// Null for a walk-in, and for a token without the scope `operate`.
    name: Option<String>,
}

impl Inside {
    fn of(occupant: Occupant, with_name: bool) -> Self {
        Self {
            check_in_id: occupant.visit_id.to_string(),
            customer_id: occupant.customer.customer_id.to_string(),
            since: time(occupant.since),
            forgotten: occupant.forgotten,
            name: occupant.customer.name.filter(|_| with_name),
        }
    }
}

/// 흡연구역: lists the areas in use, with how many are inside.
#[utoipa::path(get, path = "/areas", tag = "check_in", responses((status = 200, body = Listed<Area>), Problems))]
pub(crate) async fn list(asked: Asked) -> Result<Json<Listed<Area>>, Problem> {
    let occupancy = asked.may(Act::SeeDesk)?.queries.occupancy().await?;
    Ok(Json(Listed { items: occupancy.areas.into_iter().map(Area::from).collect(), next: None }))
}

/// 구역 안의 고객: lists who is inside an area, the one who has been there longest first.
#[utoipa::path(get, path = "/areas/{id}/inside", tag = "check_in", params(("id" = String, Path)),
    responses((status = 200, body = Listed<Inside>), Problems))]
pub(crate) async fn inside(asked: Asked, Path(area_id): Path<String>) -> Result<Json<Listed<Inside>>, Problem> {
    let area_id: AreaId = id(&area_id, ErrorCode::UnknownArea)?;
    let occupancy = asked.may(Act::SeeDesk)?.queries.occupancy().await?;
    let area = occupancy.areas.into_iter().find(|occupancy| occupancy.area.area_id == area_id);
    let inside = area.ok_or_else(|| Problem::of(ErrorCode::UnknownArea))?.inside;
    let with_names = asked.sees_names();
    let count = u32::try_from(inside.len()).unwrap_or(u32::MAX);
    if with_names && count > 0 {
        asked.note(Access::done(asked.by(), AccessAct::ListShown).counting(count));
    }
    let items = inside.into_iter().map(|occupant| Inside::of(occupant, with_names)).collect();
    Ok(Json(Listed { items, next: None }))
}
