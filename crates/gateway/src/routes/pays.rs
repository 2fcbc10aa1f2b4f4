//! `/pays`: payments with points (context pay).

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use nosmoke_application::permission::Act;
use nosmoke_domain::words::PaymentStatus;
use nosmoke_ports::contract::{self, ErrorCode, Numeral, Outcome, PaymentView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::time;
use crate::asked::Asked;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, id, whole_number};
use crate::words::VoidBody;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PayBody {
    customer_id: String,
    #[schema(schema_with = whole_number)]
    point: Numeral,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Paid {
    id: String,
    deduct_id: String,
    point: u64,
    /// The customer's balance after the payment.
    balance: i64,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PayWord {
    Paid,
    Voided,
}

impl From<PaymentStatus> for PayWord {
    fn from(status: PaymentStatus) -> Self {
        match status {
            PaymentStatus::Paid => Self::Paid,
            PaymentStatus::Voided => Self::Voided,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pay {
    id: String,
    deduct_id: String,
    customer_id: String,
    point: u64,
    status: PayWord,
    #[schema(format = DateTime)]
    paid_at: String,
}

impl From<PaymentView> for Pay {
    fn from(payment: PaymentView) -> Self {
        Self {
            id: payment.payment_id.to_string(),
            deduct_id: payment.deduction_id.to_string(),
            customer_id: payment.customer_id.to_string(),
            point: payment.points,
            status: payment.status.into(),
            paid_at: time(payment.at),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PayVoided {
    id: String,
    status: PayWord,
    point: u64,
    balance: i64,
}

/// 포인트 결제: pays with points. Payment and deduction are recorded atomically, as one fact.
#[utoipa::path(post, path = "/pays", tag = "pay", params(WithKey), request_body = PayBody,
    responses((status = 201, body = Paid), Problems))]
pub(crate) async fn pay(
    asked: Asked,
    key: IdempotencyKey,
    Body(body): Body<PayBody>,
) -> Result<(StatusCode, Json<Paid>), Problem> {
    let customer_id = id(&body.customer_id, ErrorCode::UnknownCustomer)?;
    match asked.record(key, contract::Pay { customer_id, points: body.point, note: None, happened_at: None }).await? {
        Outcome::Paid { payment_id, deduction_id, points, balance } => {
            let answer =
                Paid { id: payment_id.to_string(), deduct_id: deduction_id.to_string(), point: points, balance };
            Ok((StatusCode::CREATED, Json(answer)))
        }
        _ => Err(Problem::unexpected()),
    }
}

/// Returns one payment.
#[utoipa::path(get, path = "/pays/{id}", tag = "pay", params(("id" = String, Path)),
    responses((status = 200, body = Pay), Problems))]
pub(crate) async fn one(asked: Asked, Path(payment_id): Path<String>) -> Result<Json<Pay>, Problem> {
    let payment = asked.may(Act::SeeMypage)?.queries.payment(id(&payment_id, ErrorCode::UnknownPayment)?).await?;
    asked.has_read(payment.customer_id);
    Ok(Json(payment.into()))
}

/// 결제 취소: voids a payment; only possible at the terminal where it was made.
#[utoipa::path(post, path = "/pays/{id}/void", tag = "pay", params(("id" = String, Path), WithKey),
    request_body(content = Option<VoidBody>), responses((status = 200, body = PayVoided), Problems))]
pub(crate) async fn void(
    asked: Asked,
    Path(payment_id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<VoidBody>,
) -> Result<Json<PayVoided>, Problem> {
    let payment_id = id(&payment_id, ErrorCode::UnknownPayment)?;
    match asked.record(key, contract::VoidPayment { payment_id, reason: body.reason.into() }).await? {
        Outcome::PaymentVoided { payment_id, points, balance } => {
            Ok(Json(PayVoided { id: payment_id.to_string(), status: PayWord::Voided, point: points, balance }))
        }
        _ => Err(Problem::unexpected()),
    }
}
