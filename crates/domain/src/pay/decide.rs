//! Decisions of the context pay: paying, and voiding a payment.

use chrono::{DateTime, Utc};

use super::Payment;
use crate::fact::{Paid, PaymentVoided};
use crate::ids::{DeductionId, IncarnationId, NoteId, PaymentId};
use crate::points::Points;
use crate::published::AccountSummary;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::{PaymentStatus, Role, VoidReason};

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

/// Voids a payment; only the incarnation that recorded the payment can, so it must be one of `own`, those that the data
/// folder records for. A role may do this only within its void window. Also returns the incarnation.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `RecordedElsewhere`, `VoidWindowPassed`.
pub fn void(
    payment_id: PaymentId,
    payment: &Payment,
    own: &[IncarnationId],
    role: Role,
    reason: VoidReason,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Result<(PaymentVoided, IncarnationId), Refusal> {
    let made = payment.made.as_ref().ok_or(Refusal::Unknown)?;
    if payment.status() == PaymentStatus::Voided {
        return Err(Refusal::AlreadyVoided);
    }
    if !own.contains(&made.incarnation) {
        return Err(Refusal::RecordedElsewhere { incarnation: made.incarnation });
    }
    rules.check_void_window(role, made.recorded_at, now)?;
    Ok((PaymentVoided { payment_id, reason }, made.incarnation))
}
