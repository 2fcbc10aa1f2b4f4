//! Decisions of point.

use std::collections::BTreeSet;

use super::{Account, Ask};
use crate::check_in::{EndKind, Visit};
use crate::fact::{Asked, Earned, Given, PointsAdjusted, Reclaimed};
use crate::ids::{AdjustmentId, AskId, IncarnationId, NoteId, VisitId};
use crate::points::{Delta, Points};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::AdjustReason;

/// The earning policy: what a check-out of this incarnation earns (F3), unless the visit has earned already.
pub fn earn(visit_id: VisitId, visit: &Visit, here: IncarnationId) -> Option<Earned> {
    let check_out = visit.check_out.as_ref().filter(|exit| exit.incarnation == here)?;
    match check_out.kind {
        EndKind::CheckedOut(Some((earning_id, points))) if visit.earned_at.is_none() => {
            Some(Earned { earning_id, visit_id, points })
        }
        _ => None,
    }
}

/// Corrects what this incarnation holds, never below 0.
///
/// # Errors
/// `InsufficientPoints`, `HeldElsewhere`.
pub fn adjust(
    account: &Account,
    here: IncarnationId,
    adjustment_id: AdjustmentId,
    points: Delta,
    reason: AdjustReason,
    note_id: Option<NoteId>,
) -> Result<PointsAdjusted, Refusal> {
    if let Ok(taken) = Points::try_from(-points.sum()) {
        account.expect_held(here, taken)?;
    }
    Ok(PointsAdjusted { adjustment_id, points, reason, note_id })
}

/// Asks the other terminals for points; the caller has made sure that the link is up.
///
/// # Errors
/// `CustomerErased`, `InsufficientPoints`; `HeldElsewhere` while an earlier question is open.
pub fn ask(account: &Account, here: IncarnationId, ask_id: AskId, points: Points) -> Result<Asked, Refusal> {
    let balance = account.balance();
    if account.erased {
        return Err(Refusal::CustomerErased);
    }
    if points.sum() > balance {
        return Err(Refusal::InsufficientPoints { balance });
    }
    let open = |ask: &Ask| ask.asked.is_some_and(|(_, asker, _)| asker == here) && !ask.is_answered();
    if account.asks.values().any(open) {
        account.expect_held(here, points)?;
    }
    Ok(Asked { ask_id, points })
}

/// Answers a question, once a holder: all that is asked and held, or, for a customer inside here, only what exceeds the
/// reserve. `None` where there is nothing to give.
pub fn answer(
    account: &Account,
    here: IncarnationId,
    ask_id: AskId,
    inside_here: bool,
    rules: &Rules,
) -> Option<Given> {
    let ask = account.asks.get(&ask_id)?;
    let (_, asker, asked) = ask.asked?;
    if asker == here || ask.givers.contains(&here) || account.holdings.is_reclaimed(here) {
        return None;
    }
    let reserve = if inside_here { i128::from(rules.reserve) } else { 0 };
    let free = account.holdings.held(here) - reserve;
    let wanted = asked.sum() - ask.given.0;
    let points = Points::try_from(free.min(wanted)).ok()?;
    Some(Given { to: asker, points, ask_id: Some(ask_id) })
}

/// Takes over what a lost incarnation is known to hold.
///
/// # Errors
/// `InsufficientPoints` when it isn't known to hold that much; `RecordedElsewhere` for this one itself.
pub fn reclaim(
    account: &Account,
    here: IncarnationId,
    from: IncarnationId,
    points: Points,
    alive: &BTreeSet<IncarnationId>,
) -> Result<Reclaimed, Refusal> {
    if from == here || alive.contains(&from) {
        return Err(Refusal::RecordedElsewhere { incarnation: from });
    }
    let held = account.holdings.held(from);
    if points.sum() > held {
        return Err(Refusal::InsufficientPoints { balance: held });
    }
    Ok(Reclaimed { from, points })
}
