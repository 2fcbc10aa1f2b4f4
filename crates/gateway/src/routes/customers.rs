//! `/customers`: registration. `nosmoke import` uses it while another program has the data folder open.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use nosmoke_ports::contract::{self, Outcome, ProfileInput};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::Body;
use crate::served::Served;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(max_length = 40)]
    phone: Option<String>,
    /// Number of the membership card; unique.
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
    let profile = ProfileInput { name: body.name, phone: body.phone, card: body.card };
    match served.record(key, contract::RegisterCustomer { profile }).await? {
        Outcome::CustomerSaved { customer_id, .. } => {
            Ok((StatusCode::CREATED, Json(Customer { id: customer_id.to_string() })))
        }
        _ => Err(Problem::unexpected()),
    }
}
