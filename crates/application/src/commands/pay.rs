//! Commands of pay.

use nosmoke_domain::ids::{DeductionId, PaymentId};
use nosmoke_domain::pay::{self, Payment};
use nosmoke_domain::points::MAX_AMOUNT;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{AppError, ContextName, ErrorCode, Outcome, Pay, VoidPayment};

use super::amounts::points;
use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

const UNKNOWN: ErrorCode = ErrorCode::UnknownPayment;

impl Decide for Pay {
    const CONTEXT: Option<ContextName> = Some(ContextName::Pay);

    fn act(&self) -> Act {
        if self.happened_at.is_some() { Act::EnterAfterwards } else { Act::Pay }
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, points: amount, note, happened_at } = self;
        let points = points("points", &amount, MAX_AMOUNT)?;
        let at = work.happened(happened_at)?;
        work.expect_customer(customer_id)?;
        let account = work.account(customer_id)?;
        let (payment_id, deduction_id): (PaymentId, DeductionId) = (work.id(), work.id());
        let note_id = work.note(customer_id, note)?;
        let paid = pay::pay(&account.summary(work.here, work.moment), points, (payment_id, deduction_id), note_id)
            .map_err(|refusal| work.refuse_points(customer_id, points, refusal, UNKNOWN))?;
        work.append_at(customer_id, paid, at)?;
        let balance = to_i64(account.balance(work.moment) - points.sum());
        Ok(Outcome::Paid { payment_id, deduction_id, points: points.get(), balance })
    }
}

impl Decide for VoidPayment {
    const CONTEXT: Option<ContextName> = Some(ContextName::Pay);

    fn act(&self) -> Act {
        Act::VoidPayment
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { payment_id, reason } = self;
        let (customer_id, facts) = work.about(payment_id.0, UNKNOWN)?;
        let payment = Payment::of(&facts);
        let own = work.tx.own_incarnations()?;
        let (voided, by) = pay::void(payment_id, &payment, reason, &work.corrector(&own))
            .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        work.append_by(by, customer_id, voided)?;
        let points = payment.made.map_or(0, |made| made.points.get());
        let balance = to_i64(work.account(customer_id)?.balance(work.moment));
        Ok(Outcome::PaymentVoided { payment_id, points, balance })
    }
}
