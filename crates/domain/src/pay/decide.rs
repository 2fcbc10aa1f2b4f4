//! Decisions of the context pay: paying, and voiding a payment.

use super::Payment;
use crate::corrector::Corrector;
use crate::fact::{Paid, PaymentVoided};
use crate::ids::{DeductionId, IncarnationId, NoteId, PaymentId};
use crate::points::Points;
use crate::published::AccountSummary;
use crate::refusal::Refusal;
use crate::words::{PaymentStatus, VoidReason};

/// Decides a payment from this incarnation's holding (F4, F5). The check is exact even offline, because no other
/// incarnation can lower this holding (ADR 0004).
///
/// # Errors
/// `CustomerErased`; `InsufficientPoints` if the balance is too small; `HeldElsewhere` if the balance suffices but this
/// incarnation's holding doesn't.
pub fn pay(
    account: &AccountSummary,
    points: Points,
    ids: (PaymentId, DeductionId),
    note_id: Option<NoteId>,
) -> Result<Paid, Refusal> {
    if account.erased {
        return Err(Refusal::CustomerErased);
    }
    Ok(Paid::new(ids.0, ids.1, account.take(points)?, note_id))
}

/// Voids a payment; only the incarnation that recorded the payment can, so the data folder must record for it. Also
/// returns the incarnation.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `RecordedElsewhere`, and those of [`Corrector::check`].
pub fn void(
    payment_id: PaymentId,
    payment: &Payment,
    reason: VoidReason,
    by: &Corrector<'_>,
) -> Result<(PaymentVoided, IncarnationId), Refusal> {
    let made = payment.made.as_ref().ok_or(Refusal::Unknown)?;
    if payment.status() == PaymentStatus::Voided {
        return Err(Refusal::AlreadyVoided);
    }
    by.check_own(made.incarnation)?;
    by.check(made.recorder_id, made.recorded_at)?;
    Ok((PaymentVoided { payment_id, reason }, made.incarnation))
}
