//! `/penalties`: penalties and their deductions (context penalty).

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use nosmoke_application::permission::Act;
use nosmoke_domain::words::{Ground, PenaltyCode, PenaltyStatus};
use nosmoke_ports::contract::{self, AreaRef, ErrorCode, Numeral, Outcome, PenaltyView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::time;
use crate::asked::Asked;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, id, maybe_whole_number};
use crate::words::{StandingWord, VoidBody};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PenaltyBody {
    customer_id: String,
    /// 1 to 1,000; by default the points that the rules set for the code.
    #[schema(schema_with = maybe_whole_number)]
    point: Option<Numeral>,
    /// A code of the rules: `BASIC`, `REPEAT`, `AGGRAVATED`, or one of the facility's own. `BASIC` by default.
    #[schema(value_type = Option<String>, example = "BASIC")]
    code: Option<PenaltyCode>,
    /// The area's id or name.
    smoking_area_id: Option<String>,
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// `IMPOSED` becomes `ACCRUED` once context point has counted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PenaltyWord {
    Imposed,
    Accrued,
    Voided,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Imposed {
    id: String,
    status: PenaltyWord,
    point: u64,
    /// Outstanding sum of all the customer's penalties.
    outstanding: i64,
    standing: StandingWord,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Penalty {
    id: String,
    customer_id: String,
    #[schema(value_type = String, example = "BASIC")]
    code: PenaltyCode,
    point: u64,
    /// Outstanding part of this penalty.
    outstanding: i64,
    status: PenaltyWord,
    smoking_area_id: Option<String>,
    smoking_area_name: Option<String>,
    #[schema(format = DateTime)]
    imposed_at: String,
    /// Oldest first.
    deductions: Vec<Deduction>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DeductionWord {
    Deducted,
    /// It deducts nothing any more.
    Voided,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deduction {
    id: String,
    #[schema(value_type = String, example = "service")]
    ground: Ground,
    point: i64,
    status: DeductionWord,
    #[schema(format = DateTime)]
    deducted_at: String,
}

impl From<PenaltyView> for Penalty {
    fn from(penalty: PenaltyView) -> Self {
        let deductions = penalty.deductions.into_iter().map(|it| Deduction {
            id: it.deduction_id.to_string(),
            ground: it.ground,
            point: it.points,
            status: if it.voided { DeductionWord::Voided } else { DeductionWord::Deducted },
            deducted_at: time(it.at),
        });
        Self {
            id: penalty.penalty_id.to_string(),
            customer_id: penalty.customer_id.to_string(),
            code: penalty.code,
            point: penalty.points,
            outstanding: penalty.outstanding,
            status: match penalty.status {
                PenaltyStatus::Imposed => PenaltyWord::Imposed,
                PenaltyStatus::Accrued => PenaltyWord::Accrued,
                PenaltyStatus::Voided => PenaltyWord::Voided,
            },
            smoking_area_id: penalty.area_id.map(|id| id.to_string()),
            smoking_area_name: penalty.area_name,
            imposed_at: time(penalty.at),
            deductions: deductions.collect(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeductionBody {
    #[schema(schema_with = maybe_whole_number)]
    point: Option<Numeral>,
    /// A ground of the rules: `education` (deducts half of the imposed points, once per penalty, without `point`),
    /// `service`, `appeal`, `waiver`, or one of the facility's own.
    #[schema(value_type = String, example = "service")]
    ground: Ground,
    #[schema(max_length = 500)]
    note: Option<String>,
    /// Whether the customer pays for the deduction with points (P), at the price of the rules: one fact for both.
    #[serde(default)]
    #[schema(default = false)]
    pay: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deducted {
    id: String,
    penalty_id: String,
    point: u64,
    /// Outstanding part of this penalty.
    remaining: i64,
    /// Outstanding sum of all the customer's penalties.
    outstanding: i64,
    standing: StandingWord,
    /// Points (P) that the customer paid for it; null if nothing.
    price: Option<u64>,
    /// The balance afterwards, if the customer paid.
    balance: Option<i64>,
}

/// 패널티: imposes a penalty for smoking in a non-smoking area. Penalty and accrual are recorded atomically, as one fact.
#[utoipa::path(post, path = "/penalties", tag = "penalty", params(WithKey), request_body = PenaltyBody,
    responses((status = 201, body = Imposed), Problems))]
pub(crate) async fn impose(
    asked: Asked,
    key: IdempotencyKey,
    Body(body): Body<PenaltyBody>,
) -> Result<(StatusCode, Json<Imposed>), Problem> {
    let command = contract::ImposePenalty {
        customer_id: id(&body.customer_id, ErrorCode::UnknownCustomer)?,
        code: body.code,
        points: body.point,
        area_id: body.smoking_area_id.map(AreaRef),
        note: body.note,
        happened_at: None,
    };
    match asked.record(key, command).await? {
        Outcome::PenaltyImposed { penalty_id, points, outstanding, standing } => {
            let answer = Imposed {
                id: penalty_id.to_string(),
                status: PenaltyWord::Imposed,
                point: points,
                outstanding,
                standing: standing.into(),
            };
            Ok((StatusCode::CREATED, Json(answer)))
        }
        _ => Err(Problem::unexpected()),
    }
}

/// Returns one penalty with its deductions.
#[utoipa::path(get, path = "/penalties/{id}", tag = "penalty", params(("id" = String, Path)),
    responses((status = 200, body = Penalty), Problems))]
pub(crate) async fn one(asked: Asked, Path(penalty_id): Path<String>) -> Result<Json<Penalty>, Problem> {
    let penalty = asked.may(Act::SeeMypage)?.queries.penalty(id(&penalty_id, ErrorCode::UnknownPenalty)?).await?;
    asked.has_read(penalty.customer_id);
    Ok(Json(penalty.into()))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PenaltyVoided {
    id: String,
    status: PenaltyWord,
    /// The customer's outstanding sum after the void.
    outstanding: i64,
    standing: StandingWord,
}

/// 패널티 취소: voids a penalty that was imposed by mistake.
#[utoipa::path(post, path = "/penalties/{id}/void", tag = "penalty", params(("id" = String, Path), WithKey),
    request_body(content = Option<VoidBody>), responses((status = 200, body = PenaltyVoided), Problems))]
pub(crate) async fn void(
    asked: Asked,
    Path(penalty_id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<VoidBody>,
) -> Result<Json<PenaltyVoided>, Problem> {
    let penalty_id = id(&penalty_id, ErrorCode::UnknownPenalty)?;
    match asked.record(key, contract::VoidPenalty { penalty_id, reason: body.reason.into() }).await? {
        Outcome::PenaltyVoided { penalty_id, outstanding, standing } => {
            let (id, status) = (penalty_id.to_string(), PenaltyWord::Voided);
            Ok(Json(PenaltyVoided { id, status, outstanding, standing: standing.into() }))
        }
        _ => Err(Problem::unexpected()),
    }
}

/// 패널티 차감: deducts from a penalty.
#[utoipa::path(post, path = "/penalties/{id}/deductions", tag = "penalty", params(("id" = String, Path), WithKey),
    request_body = DeductionBody, responses((status = 201, body = Deducted), Problems))]
pub(crate) async fn deduct(
    asked: Asked,
    Path(penalty_id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<DeductionBody>,
) -> Result<(StatusCode, Json<Deducted>), Problem> {
    let penalty_id = id(&penalty_id, ErrorCode::UnknownPenalty)?;
    let DeductionBody { point, ground, note, pay } = body;
    let command = contract::DeductPenalty { penalty_id, ground, points: point, note, pay, happened_at: None };
    match asked.record(key, command).await? {
        Outcome::PenaltyDeducted {
            penalty_id,
            deduction_id,
            points,
            remaining,
            outstanding,
            standing,
            price,
            balance,
        } => {
            let answer = Deducted {
                id: deduction_id.to_string(),
                penalty_id: penalty_id.to_string(),
                point: points,
                remaining,
                outstanding,
                standing: standing.into(),
                price,
                balance,
            };
            Ok((StatusCode::CREATED, Json(answer)))
        }
        _ => Err(Problem::unexpected()),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeductionVoided {
    id: String,
    penalty_id: String,
    status: DeductionWord,
    point: u64,
    /// Outstanding sum of all the customer's penalties.
    outstanding: i64,
    standing: StandingWord,
    /// Points (P) that the customer had paid for it and gets back; null if none.
    price: Option<u64>,
    /// The balance afterwards, if a price was given back.
    balance: Option<i64>,
}

/// 패널티 차감 취소: voids a deduction. One that was paid for can be voided only at the terminal where it was made.
#[utoipa::path(post, path = "/penalties/{id}/deductions/{deductionId}/void", tag = "penalty",
    params(("id" = String, Path), ("deductionId" = String, Path), WithKey),
    request_body(content = Option<VoidBody>), responses((status = 200, body = DeductionVoided), Problems))]
pub(crate) async fn void_deduction(
    asked: Asked,
    Path((penalty_id, deduction_id)): Path<(String, String)>,
    key: IdempotencyKey,
    Body(body): Body<VoidBody>,
) -> Result<Json<DeductionVoided>, Problem> {
    let penalty_id = id(&penalty_id, ErrorCode::UnknownPenalty)?;
    let deduction_id = id(&deduction_id, ErrorCode::UnknownDeduction)?;
    let command = contract::VoidPenaltyDeduction { penalty_id, deduction_id, reason: body.reason.into() };
    match asked.record(key, command).await? {
        Outcome::PenaltyDeductionVoided { penalty_id, deduction_id, points, outstanding, standing, price, balance } => {
            Ok(Json(DeductionVoided {
                id: deduction_id.to_string(),
                penalty_id: penalty_id.to_string(),
                status: DeductionWord::Voided,
                point: points,
                outstanding,
                standing: standing.into(),
                price,
                balance,
            }))
        }
        _ => Err(Problem::unexpected()),
    }
}
