//! Commands of pay.

use nosmoke_domain::ids::{CustomerId, DeductionId, PaymentId};
use nosmoke_domain::pay::{self, Payment};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::MAX_AMOUNT;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::words::VoidReason;
use nosmoke_ports::contract::{AppError, ErrorCode, Numeral, Outcome};

use super::numeral::points;
use super::work::Work;

const UNKNOWN: ErrorCode = ErrorCode::UnknownPayment;

pub(super) fn pay(
    work: &mut Work<'_>,
    customer_id: CustomerId,
    amount: &Numeral,
    note: Option<String>,
) -> Result<Outcome, AppError> {
    let points = points("points", amount, MAX_AMOUNT)?;
    work.expect_customer(customer_id)?;
    let account: Account = work.state(customer_id)?;
    let (payment_id, deduction_id): (PaymentId, DeductionId) = (work.id(), work.id());
    let note_id = work.note(customer_id, note)?;
    let paid = pay::pay(&account.summary(work.here), points, (payment_id, deduction_id), note_id)
        .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    work.append(customer_id, paid)?;
    let balance = to_i64(account.balance() - points.sum());
    Ok(Outcome::Paid { payment_id, deduction_id, points: points.get(), balance })
}

pub(super) fn void(work: &mut Work<'_>, payment_id: PaymentId, reason: VoidReason) -> Result<Outcome, AppError> {
    let (customer_id, facts) = work.about(payment_id.0, UNKNOWN)?;
    let payment = Payment::of(&facts);
    let voided = pay::void(payment_id, &payment, work.here, work.recorder.role, reason, work.now, &work.rules)
        .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    work.append(customer_id, voided)?;
    let points = payment.made.map_or(0, |made| made.points.get());
    let balance = to_i64(work.state::<Account>(customer_id)?.balance());
    Ok(Outcome::PaymentVoided { payment_id, points, balance })
}
