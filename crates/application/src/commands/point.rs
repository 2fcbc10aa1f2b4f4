//! Commands of point.

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{self, Account};
use nosmoke_domain::points::to_i64;
use nosmoke_domain::words::AdjustReason;
use nosmoke_ports::contract::{AppError, ErrorCode, Numeral, Outcome};

use super::numeral::delta;
use super::work::Work;

pub(super) fn adjust(
    work: &mut Work<'_>,
    customer_id: CustomerId,
    amount: &Numeral,
    reason: AdjustReason,
    note: Option<String>,
) -> Result<Outcome, AppError> {
    let points = delta("points", amount)?;
    work.expect_customer(customer_id)?;
    let account: Account = work.state(customer_id)?;
    let adjustment_id = work.id();
    let note_id = work.note(customer_id, note)?;
    let adjusted = point::adjust(&account, work.here, adjustment_id, points, reason, note_id)
        .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
    work.append(customer_id, adjusted)?;
    let balance = to_i64(account.balance() + points.sum());
    Ok(Outcome::PointsAdjusted { customer_id, points: points.get(), balance })
}
