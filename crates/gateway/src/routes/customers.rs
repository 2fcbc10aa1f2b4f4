//! `/customers`: registration and erasure. `nosmoke import` uses it while another program has the data folder open.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use nosmoke_application::permission::Act;
use nosmoke_application::queries::Handle;
use nosmoke_ports::contract::{self, CustomerHit, ErrorCode, Outcome, ProfileInput};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::Listed;
use crate::asked::Asked;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, QueryParams, id};
use crate::words::StandingWord;

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

/// By what a customer is found: either a card or a phone.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindParams {
    /// A card's number, as the scanner reads it.
    #[param(max_length = 64)]
    card: Option<String>,
    /// A whole phone number.
    #[param(max_length = 40)]
    phone: Option<String>,
}

/// A customer who was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    id: String,
    standing: StandingWord,
    /// The visit, if the customer is inside.
    check_in_id: Option<String>,
    smoking_area_id: Option<String>,
    /// Null for a token without the scope `operate`, like `phone`.
    name: Option<String>,
    phone: Option<String>,
}

impl Found {
    fn of(hit: CustomerHit, named: bool) -> Self {
        Self {
            id: hit.customer.customer_id.to_string(),
            standing: hit.standing.into(),
            check_in_id: hit.inside.as_ref().map(|inside| inside.visit_id.to_string()),
            smoking_area_id: hit.inside.as_ref().map(|inside| inside.area_id.to_string()),
            name: hit.customer.name.filter(|_| named),
            phone: hit.phone.filter(|_| named),
        }
    }
}

/// 고객 찾기: finds the customer with a card, or those with a phone.
#[utoipa::path(get, path = "/customers", tag = "mypage", params(FindParams),
    responses((status = 200, body = Listed<Found>), Problems))]
pub(crate) async fn find(
    asked: Asked,
    QueryParams(params): QueryParams<FindParams>,
) -> Result<Json<Listed<Found>>, Problem> {
    let by = match (params.card, params.phone) {
        (Some(card), None) => Handle::Card(card),
        (None, Some(phone)) => Handle::Phone(phone),
        _ => return Err(Problem::invalid("either card or phone must be given")),
    };
    let found = asked.may(Act::FindCustomer)?.queries.find_by(by).await?;
    asked.have_read(found.iter().map(|hit| hit.customer.customer_id));
    let named = asked.sees_names();
    Ok(Json(Listed { items: found.into_iter().map(|hit| Found::of(hit, named)).collect(), next: None }))
}

/// 고객 등록: registers a customer.
#[utoipa::path(post, path = "/customers", tag = "mypage", params(WithKey), request_body = CustomerBody,
    responses((status = 201, body = Customer), Problems))]
pub(crate) async fn register(
    asked: Asked,
    key: IdempotencyKey,
    Body(body): Body<CustomerBody>,
) -> Result<(StatusCode, Json<Customer>), Problem> {
    let profile = ProfileInput { name: body.name, phone: body.phone, card: body.card, consent_on: None };
    match asked.record(key, contract::RegisterCustomer { profile }).await? {
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
    asked: Asked,
    key: IdempotencyKey,
    Path(customer_id): Path<String>,
) -> Result<StatusCode, Problem> {
    let customer_id = id(&customer_id, ErrorCode::UnknownCustomer)?;
    match asked.record(key, contract::EraseCustomer { customer_id, reason: None }).await? {
        Outcome::Done => Ok(StatusCode::NO_CONTENT),
        _ => Err(Problem::unexpected()),
    }
}
