//! Decisions of pay.

use chrono::{DateTime, Utc};

use super::Payment;
use crate::fact::{Paid, PaymentVoided};
use crate::ids::{DeductionId, IncarnationId, NoteId, PaymentId};
use crate::points::Points;
use crate::published::AccountSummary;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::{PaymentStatus, Role, VoidReason};

/// Pays from what is held here (F4, F5). The check is exact offline too, since nobody else lowers what is
/// held here (ADR 0004).
///
/// # Errors
/// `CustomerErased`; `InsufficientPoints` where the balance is short, else `HeldElsewhere`.
pub fn pay(
    account: &AccountSummary,
    points: Points,
    ids: (PaymentId, DeductionId),
    note_id: Option<NoteId>,
) -> Result<Paid, Refusal> {
    if account.erased {
        return Err(Refusal::CustomerErased);
    }
    account.expect_held(points)?;
    Ok(Paid::new(ids.0, ids.1, points, note_id))
}

/// Takes a payment back: only where it was recorded, and by staff only for a while.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `RecordedElsewhere`, `VoidWindowPassed`.
pub fn void(
    payment_id: PaymentId,
    payment: &Payment,
    here: IncarnationId,
    role: Role,
    reason: VoidReason,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Result<PaymentVoided, Refusal> {
    let made = payment.made.as_ref().ok_or(Refusal::Unknown)?;
    if payment.status() == PaymentStatus::Voided {
        return Err(Refusal::AlreadyVoided);
    }
    if made.incarnation != here {
        return Err(Refusal::RecordedElsewhere { incarnation: made.incarnation });
    }
    if role == Role::Staff && rules.void_window_passed(made.key.occurred_at, now) {
        return Err(Refusal::VoidWindowPassed { minutes: rules.void_window_minutes });
    }
    Ok(PaymentVoided { payment_id, reason })
}
