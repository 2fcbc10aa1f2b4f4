//! `/earns`: what check-outs earned (context point).

use axum::Json;
use axum::extract::{Path, State};
use nosmoke_application::permission::Act;
use nosmoke_ports::contract::{EarningView, ErrorCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Listed, time};
use crate::problem::{Problem, Problems};
use crate::request::{Asked, OfCustomer, id, page};
use crate::served::Served;

/// `CHECKED_OUT` until point has recorded it.
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
    /// Null while it isn't earned.
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

/// 적립: one earning, from the check-out that promises it on.
#[utoipa::path(get, path = "/earns/{id}", tag = "point", params(("id" = String, Path)),
    responses((status = 200, body = Earn), Problems))]
pub(crate) async fn one(State(served): State<Served>, Path(earning_id): Path<String>) -> Result<Json<Earn>, Problem> {
    Ok(Json(served.may(Act::SeeMypage)?.queries.earning(id(&earning_id, ErrorCode::UnknownEarning)?).await?.into()))
}

/// A customer's earnings, newest first.
#[utoipa::path(get, path = "/earns", tag = "point", params(OfCustomer),
    responses((status = 200, body = Listed<Earn>), Problems))]
pub(crate) async fn list(
    State(served): State<Served>,
    Asked(asked): Asked<OfCustomer>,
) -> Result<Json<Listed<Earn>>, Problem> {
    let customer = id(&asked.customer_id, ErrorCode::UnknownCustomer)?;
    let earnings = served.may(Act::SeeMypage)?.queries.earnings(customer, page(asked.cursor, asked.limit)?).await?;
    Ok(Json(Listed::of(earnings, Earn::from)))
}
