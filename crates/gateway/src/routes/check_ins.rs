//! `/checkIns`: visits (context check_in).

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use nosmoke_application::permission::Act;
use nosmoke_domain::words::VisitStatus;
use nosmoke_ports::contract::{self, AreaRef, ErrorCode, Numeral, Outcome, VisitView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::time;
use crate::asked::Asked;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, id, maybe_whole_number};
use crate::words::VoidBody;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CheckInBody {
    /// The area's id or name. An unknown name is added as an area if the rules allow it.
    #[schema(example = "453!#FEQ", min_length = 1)]
    smoking_area_id: String,
    /// If omitted, a walk-in customer is created, who can be named later.
    customer_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckedIn {
    id: String,
    customer_id: String,
    smoking_area_id: String,
    #[schema(example = "CHECKED_IN")]
    status: VisitWord,
    #[schema(format = DateTime)]
    checked_in_at: String,
    /// The customer's forgotten visits that this check-in ended without points.
    closed: Vec<ClosedVisit>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClosedVisit {
    id: String,
    smoking_area_id: String,
    #[schema(format = DateTime)]
    checked_in_at: String,
}

impl From<contract::ClosedVisit> for ClosedVisit {
    fn from(visit: contract::ClosedVisit) -> Self {
        Self {
            id: visit.visit_id.to_string(),
            smoking_area_id: visit.area_id.to_string(),
            checked_in_at: time(visit.since),
        }
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CheckOutBody {
    /// Points to earn instead of the rules' points; 1 to 1,000,000.
    #[schema(schema_with = maybe_whole_number)]
    point: Option<Numeral>,
    /// Whether a visit that was probably forgotten is meant: without this, its check-out is refused (`visit_forgotten`).
    #[serde(default)]
    #[schema(default = false)]
    confirm_forgotten: bool,
}

/// `CHECKED_OUT` becomes `EARNED` once context point has recorded the earning. A `CLOSED` visit ended without points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum VisitWord {
    CheckedIn,
    CheckedOut,
    Earned,
    Closed,
    Voided,
}

impl From<VisitStatus> for VisitWord {
    fn from(status: VisitStatus) -> Self {
        match status {
            VisitStatus::CheckedIn => Self::CheckedIn,
            VisitStatus::CheckedOut => Self::CheckedOut,
            VisitStatus::Earned => Self::Earned,
            VisitStatus::Closed => Self::Closed,
            VisitStatus::Voided => Self::Voided,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckIn {
    id: String,
    customer_id: String,
    /// Null if the check-in was recorded at another terminal and hasn't arrived here yet.
    smoking_area_id: Option<String>,
    smoking_area_name: Option<String>,
    status: VisitWord,
    #[schema(format = DateTime)]
    checked_in_at: Option<String>,
    #[schema(format = DateTime)]
    checked_out_at: Option<String>,
    /// Id of the earning, known before the earning is recorded; null if the visit earns nothing or isn't over.
    earn_id: Option<String>,
    point: Option<u64>,
}

impl From<VisitView> for CheckIn {
    fn from(visit: VisitView) -> Self {
        Self {
            id: visit.visit_id.to_string(),
            customer_id: visit.customer_id.to_string(),
            smoking_area_id: visit.area_id.map(|id| id.to_string()),
            smoking_area_name: visit.area_name,
            status: visit.status.into(),
            checked_in_at: visit.checked_in_at.map(time),
            checked_out_at: visit.ended_at.map(time),
            earn_id: visit.earning_id.map(|id| id.to_string()),
            point: visit.points,
        }
    }
}

/// 체크인: a customer checks in at a smoking area.
#[utoipa::path(post, path = "/checkIns", tag = "check_in", params(WithKey), request_body = CheckInBody,
    responses((status = 201, body = CheckedIn), Problems))]
pub(crate) async fn check_in(
    asked: Asked,
    key: IdempotencyKey,
    Body(body): Body<CheckInBody>,
) -> Result<(StatusCode, Json<CheckedIn>), Problem> {
    let customer_id = body.customer_id.map(|text| id(&text, ErrorCode::UnknownCustomer)).transpose()?;
    let command = contract::CheckIn { customer_id, area_id: AreaRef(body.smoking_area_id), admission: None };
    match asked.record(key, command).await? {
        Outcome::CheckedIn { visit_id, customer_id, area_id, at, closed } => {
            let answer = CheckedIn {
                id: visit_id.to_string(),
                customer_id: customer_id.to_string(),
                smoking_area_id: area_id.to_string(),
                status: VisitWord::CheckedIn,
                checked_in_at: time(at),
                closed: closed.into_iter().map(Into::into).collect(),
            };
            Ok((StatusCode::CREATED, Json(answer)))
        }
        _ => Err(Problem::unexpected()),
    }
}

/// 체크아웃: ends the visit; its points are earned a moment later. A visit that was probably forgotten needs
/// `confirmForgotten`.
#[utoipa::path(put, path = "/checkIns/{id}", tag = "check_in", params(("id" = String, Path), WithKey),
    request_body(content = Option<CheckOutBody>), responses((status = 200, body = CheckIn), Problems))]
pub(crate) async fn check_out(
    asked: Asked,
    Path(visit_id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<CheckOutBody>,
) -> Result<Json<CheckIn>, Problem> {
    let visit_id = id(&visit_id, ErrorCode::UnknownVisit)?;
    let CheckOutBody { point, confirm_forgotten } = body;
    match asked.record(key, contract::CheckOut { visit_id, points: point, confirm_forgotten }).await? {
        Outcome::CheckedOut { status, earning_id, points, .. } => {
            let visit = asked.may(Act::SeeVisit)?.queries.visit(visit_id).await?;
            // Status and points are those of the command's outcome, not the present ones: a repeated request must get
            // the first response, even after the points were earned.
            Ok(Json(VisitView { status, earning_id, points, ..visit }.into()))
        }
        _ => Err(Problem::unexpected()),
    }
}

/// 체크인 상태: returns one visit.
#[utoipa::path(get, path = "/checkIns/{id}", tag = "check_in", params(("id" = String, Path)),
    responses((status = 200, body = CheckIn), Problems))]
pub(crate) async fn one(asked: Asked, Path(visit_id): Path<String>) -> Result<Json<CheckIn>, Problem> {
    let visit = asked.may(Act::SeeVisit)?.queries.visit(id(&visit_id, ErrorCode::UnknownVisit)?).await?;
    asked.has_read(visit.customer_id);
    Ok(Json(visit.into()))
}

/// 체크인 취소: voids a visit that was recorded by mistake. Points that it earned stay.
#[utoipa::path(post, path = "/checkIns/{id}/void", tag = "check_in", params(("id" = String, Path), WithKey),
    request_body(content = Option<VoidBody>), responses((status = 200, body = CheckIn), Problems))]
pub(crate) async fn void(
    asked: Asked,
    Path(visit_id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<VoidBody>,
) -> Result<Json<CheckIn>, Problem> {
    let visit_id = id(&visit_id, ErrorCode::UnknownVisit)?;
    match asked.record(key, contract::VoidVisit { visit_id, reason: body.reason.into() }).await? {
        Outcome::VisitEnded { .. } => {
            let visit = asked.may(Act::SeeVisit)?.queries.visit(visit_id).await?;
            Ok(Json(VisitView { status: VisitStatus::Voided, ..visit }.into()))
        }
        _ => Err(Problem::unexpected()),
    }
}
