//! `/deducts`: deductions of points by payments (context point).

use axum::Json;
use axum::extract::Path;
use nosmoke_application::permission::Act;
use nosmoke_domain::words::PaymentStatus;
use nosmoke_ports::contract::{ErrorCode, PaymentView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Listed, time};
use crate::asked::Asked;
use crate::problem::{Problem, Problems};
use crate::request::{CustomerPaging, QueryParams, id, page};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DeductWord {
    Deducted,
    /// The payment was voided, and the points were returned.
    Voided,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deduct {
    id: String,
    pay_id: String,
    customer_id: String,
    point: u64,
    status: DeductWord,
    #[schema(format = DateTime)]
    deducted_at: String,
}

impl From<PaymentView> for Deduct {
    fn from(payment: PaymentView) -> Self {
        Self {
            id: payment.deduction_id.to_string(),
            pay_id: payment.payment_id.to_string(),
            customer_id: payment.customer_id.to_string(),
            point: payment.points,
            status: match payment.status {
                PaymentStatus::Paid => DeductWord::Deducted,
                PaymentStatus::Voided => DeductWord::Voided,
            },
            deducted_at: time(payment.at),
        }
    }
}

/// 포인트 차감: returns one deduction.
#[utoipa::path(get, path = "/deducts/{id}", tag = "point", params(("id" = String, Path)),
    responses((status = 200, body = Deduct), Problems))]
pub(crate) async fn one(asked: Asked, Path(deduction_id): Path<String>) -> Result<Json<Deduct>, Problem> {
    let deduction_id = id(&deduction_id, ErrorCode::UnknownDeduction)?;
    let payment = asked.may(Act::SeeMypage)?.queries.deduction(deduction_id).await?;
    asked.has_read(payment.customer_id);
    Ok(Json(payment.into()))
}

/// Lists a customer's deductions, newest first.
#[utoipa::path(get, path = "/deducts", tag = "point", params(CustomerPaging),
    responses((status = 200, body = Listed<Deduct>), Problems))]
pub(crate) async fn list(
    asked: Asked,
    QueryParams(params): QueryParams<CustomerPaging>,
) -> Result<Json<Listed<Deduct>>, Problem> {
    let customer = id(&params.customer_id, ErrorCode::UnknownCustomer)?;
    let payments = asked.may(Act::SeeMypage)?.queries.payments(customer, page(params.cursor, params.limit)?).await?;
    asked.has_read(customer);
    Ok(Json(Listed::of(payments, Deduct::from)))
}
