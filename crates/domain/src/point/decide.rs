//! Decisions of point.

use std::collections::BTreeSet;

use super::{Account, Ask};
use crate::check_in::{EndKind, Visit};
use crate::fact::{Asked, Earned, Given, PointsAdjusted, Reclaimed};
use crate::ids::{AdjustmentId, AskId, IncarnationId, NoteId, VisitId};
use crate::points::{Delta, MAX_AMOUNT, Points};
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
        account.summary(here).expect_held(taken)?;
    }
    Ok(PointsAdjusted { adjustment_id, points, reason, note_id })
}

/// Asks the other terminals for points; the caller has made sure that the link is up.
///
/// # Errors
/// `CustomerErased`, `InsufficientPoints`; `HeldElsewhere` while an earlier question of `here` is open.
pub fn ask(account: &Account, here: IncarnationId, ask_id: AskId, points: Points) -> Result<Asked, Refusal> {
    let balance = account.balance();
    if account.erased {
        return Err(Refusal::CustomerErased);
    }
    if points.sum() > balance {
        return Err(Refusal::InsufficientPoints { balance });
    }
    if account.asks.values().any(|ask| is_open(ask, here, account)) {
        return Err(account.summary(here).refuse(points));
    }
    Ok(Asked { ask_id, points })
}

/// A question of `here` that somebody may still answer: once every holder has given, nothing more will come of it.
fn is_open(ask: &Ask, here: IncarnationId, account: &Account) -> bool {
    ask.asked.is_some_and(|(_, asker, _)| asker == here)
        && !ask.is_answered()
        && account.holdings.holders().any(|(holder, held)| holder != here && held > 0 && !ask.givers.contains(&holder))
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
    let lost = account.holdings.is_reclaimed(here) || account.holdings.is_reclaimed(asker);
    if asker == here || ask.givers.contains(&here) || lost {
        return None;
    }
    let reserve = if inside_here { i128::from(rules.reserve) } else { 0 };
    let free = account.holdings.held(here) - reserve;
    let wanted = asked.sum() - ask.given.0;
    let points = Points::try_from(free.min(wanted)).ok()?;
    Some(Given { to: asker, points, ask_id: Some(ask_id) })
}

/// Hands all that this incarnation holds to the facility's hub, so that a terminal switched off holds nothing back.
/// `None` where there is nothing to hand over.
pub fn hand_over(account: &Account, here: IncarnationId, hub: IncarnationId) -> Option<Given> {
    if hub == here || account.holdings.is_reclaimed(here) || account.holdings.is_reclaimed(hub) {
        return None;
    }
    let points = Points::try_from(account.holdings.held(here).min(i128::from(MAX_AMOUNT))).ok()?;
    Some(Given { to: hub, points, ask_id: None })
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
