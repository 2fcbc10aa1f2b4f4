//! `/customers`: registration and erasure. `nosmoke import` uses it while another program has the data folder open.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use nosmoke_ports::contract::{self, ErrorCode, Outcome, ProfileInput};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, id};
use crate::served::Served;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(max_length = 40)]
    phone: Option<String>,
    /// Number of the membership card; unique. Kept without prefixes of scanners and characters that nobody sees, and with
    /// keys instead of Hangul typed for them.
    #[schema(max_length = 64)]
    card: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Customer {
    id: String,
}

/// 고객 등록: registers a customer.
#[utoipa::path(post, path = "/customers", tag = "mypage", params(WithKey), request_body = CustomerBody,
    responses((status = 201, body = Customer), Problems))]
pub(crate) async fn register(
    State(served): State<Served>,
    key: IdempotencyKey,
    Body(body): Body<CustomerBody>,
) -> Result<(StatusCode, Json<Customer>), Problem> {
    let profile = ProfileInput { name: body.name, phone: body.phone, card: body.card, consent_on: None };
    match served.record(key, contract::RegisterCustomer { profile }).await? {
        Outcome::CustomerSaved { customer_id, .. } => {
            Ok((StatusCode::CREATED, Json(Customer { id: customer_id.to_string() })))
        }
        _ => Err(Problem::unexpected()),
    }
}

/// 고객 삭제: erases a customer's name, phone, card and notes, at every terminal. Visits, points and penalties stay, without
/// a name, so that the sums stay right.
#[utoipa::path(delete, path = "/customers/{id}", tag = "mypage", params(("id" = String, Path), WithKey),
    responses((status = 204, description = "The customer is erased"), Problems))]
pub(crate) async fn erase(
    State(served): State<Served>,
    key: IdempotencyKey,
    Path(customer_id): Path<String>,
) -> Result<StatusCode, Problem> {
    let customer_id = id(&customer_id, ErrorCode::UnknownCustomer)?;
    match served.record(key, contract::EraseCustomer { customer_id, reason: None }).await? {
        Outcome::Done => Ok(StatusCode::NO_CONTENT),
        _ => Err(Problem::unexpected()),
    }
}
