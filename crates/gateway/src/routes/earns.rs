//! `/earns`: points earned by check-outs (context point).

use axum::Json;
use axum::extract::Path;
use nosmoke_application::permission::Act;
use nosmoke_ports::contract::{EarningView, ErrorCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Listed, time};
use crate::asked::Asked;
use crate::problem::{Problem, Problems};
use crate::request::{CustomerPaging, QueryParams, id, page};

/// `CHECKED_OUT` until context point has recorded the earning, then `EARNED`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum EarnWord {
    CheckedOut,
    Earned,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Earn {
    id: String,
    check_in_id: String,
    customer_id: String,
    point: u64,
    status: EarnWord,
    /// Null until it is earned.
    #[schema(format = DateTime)]
    earned_at: Option<String>,
}

impl From<EarningView> for Earn {
    fn from(earning: EarningView) -> Self {
        Self {
            id: earning.earning_id.to_string(),
            check_in_id: earning.visit_id.to_string(),
            customer_id: earning.customer_id.to_string(),
            point: earning.points,
            status: if earning.earned_at.is_some() { EarnWord::Earned } else { EarnWord::CheckedOut },
            earned_at: earning.earned_at.map(time),
        }
    }
}

/// 적립: returns one earning; it exists from the check-out on, before the points are earned.
#[utoipa::path(get, path = "/earns/{id}", tag = "point", params(("id" = String, Path)),
    responses((status = 200, body = Earn), Problems))]
pub(crate) async fn one(asked: Asked, Path(earning_id): Path<String>) -> Result<Json<Earn>, Problem> {
    let earning = asked.may(Act::SeeMypage)?.queries.earning(id(&earning_id, ErrorCode::UnknownEarning)?).await?;
    asked.has_read(earning.customer_id);
    Ok(Json(earning.into()))
}

/// Lists a customer's earnings, newest first.
#[utoipa::path(get, path = "/earns", tag = "point", params(CustomerPaging),
    responses((status = 200, body = Listed<Earn>), Problems))]
pub(crate) async fn list(
    asked: Asked,
    QueryParams(params): QueryParams<CustomerPaging>,
) -> Result<Json<Listed<Earn>>, Problem> {
    let customer = id(&params.customer_id, ErrorCode::UnknownCustomer)?;
    let earnings = asked.may(Act::SeeMypage)?.queries.earnings(customer, page(params.cursor, params.limit)?).await?;
    asked.has_read(customer);
    Ok(Json(Listed::of(earnings, Earn::from)))
}
