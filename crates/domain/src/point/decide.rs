//! Decisions of the context point: earning, correcting, giving and reclaiming points.

use chrono::{DateTime, Utc};

use super::{Account, AccountSummary};
use crate::check_in::{EndKind, Visit};
use crate::days::seoul_date;
use crate::fact::{Earned, Earning, Given, LevelsRevised, PointsAdjusted, Reclaimed};
use crate::ids::{AdjustmentId, IncarnationId, NoteId, RequestId, VisitId};
use crate::lots::Lots;
use crate::points::{Delta, Points};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::AdjustReason;

/// The earning policy: returns the earning (F3) that a check-out of the incarnation `here` promised, unless the earning
/// is recorded already.
pub fn earn(visit_id: VisitId, visit: &Visit, here: IncarnationId) -> Option<Earned> {
    let check_out = visit.check_out.as_ref().filter(|exit| exit.incarnation == here)?;
    match check_out.kind {
        EndKind::CheckedOut(Some(Earning { earning_id, points, expires_on })) if visit.earned_at.is_none() => {
            Some(Earned { earning_id, visit_id, points, expires_on })
        }
        _ => None,
    }
}

/// Decides a correction of this incarnation's holding, which must not fall below 0. Points that it gives last as long
/// as points earned now.
///
/// # Errors
/// `InsufficientPoints`, `HeldElsewhere`.
pub fn adjust(
    account: &AccountSummary,
    adjustment_id: AdjustmentId,
    points: Delta,
    reason: AdjustReason,
    note_id: Option<NoteId>,
    rules: &Rules,
) -> Result<PointsAdjusted, Refusal> {
    let mut adjusted = match points.taken() {
        None => {
            let lots = Lots::one(rules.last_day(account.at), points.size());
            PointsAdjusted::given(adjustment_id, lots, reason)
        }
        Some(taken) => PointsAdjusted::taken(adjustment_id, account.take(taken)?, reason),
    };
    adjusted.note_id = note_id;
    Ok(adjusted)
}

/// Decides whether the levels of a rule set published for present standings are to be brought to a customer: only if
/// something is outstanding, as far as deductions and voids decide that, under the levels of an older set.
pub fn revise_levels(account: &Account, rules: &Rules) -> Option<LevelsRevised> {
    let is_older = account.in_force.as_ref().is_some_and(|in_force| in_force.generation < rules.generation);
    let owes = account.penalties.values().any(|penalty| penalty.undeducted() > 0);
    (is_older && owes && !account.erased).then(|| LevelsRevised { levels: rules.levels.clone() })
}

/// A terminal's request for points that other terminals hold. It is a message between terminals, never a fact (ADR
/// 0017).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsRequest {
    pub id: RequestId,
    /// The incarnation that asks.
    pub to: IncarnationId,
    /// The points that it needs more than it holds.
    pub points: Points,
}

/// Decides what this incarnation gives for a request: the points that are still missing, as far as it holds them.
/// `given` is what the known facts give for this request.
pub fn answer(
    account: &Account,
    here: IncarnationId,
    request: &PointsRequest,
    given: i128,
    now: DateTime<Utc>,
) -> Option<Given> {
    if request.to == here || account.holdings.is_reclaimed(here) || account.holdings.is_reclaimed(request.to) {
        return None;
    }
    let held = account.holdings.lots(here).live(seoul_date(now));
    let points = Points::try_from(held.above_zero().min(request.points.sum() - given)).ok()?;
    Some(Given { to: request.to, lots: held.take(points)?, request: Some(request.id) })
}

/// Decides to give the whole holding to the facility's hub, so that the points stay available while this terminal is
/// switched off. Empty if there is nothing to give; several facts if one can't name all lots.
pub fn hand_over(account: &Account, here: IncarnationId, hub: IncarnationId, now: DateTime<Utc>) -> Vec<Given> {
    if hub == here || account.holdings.is_reclaimed(here) || account.holdings.is_reclaimed(hub) {
        return Vec::new();
    }
    let give = |lots| Given { to: hub, lots, request: None };
    account.holdings.lots(here).live(seoul_date(now)).parts().into_iter().map(give).collect()
}

/// Decides to hand the whole holding of an incarnation that ended on to the current one of the same data folder: an
/// ended incarnation spends nothing. Empty if there is nothing to hand on.
pub fn hand_on(account: &Account, ended: IncarnationId, here: IncarnationId, now: DateTime<Utc>) -> Vec<Given> {
    let give = |lots| Given { to: here, lots, request: None };
    account.holdings.lots(ended).live(seoul_date(now)).parts().into_iter().map(give).collect()
}

/// Decides to take over the points of a lost incarnation, as far as this terminal's facts say that it holds them. The
/// caller has checked that the incarnation is lost. Several facts if one can't name all lots. Where it holds nothing,
/// but one of its check-outs still awaits its earning (`awaits_earning`), one fact without lots gives the incarnation
/// up, once.
pub fn reclaim(
    account: &Account,
    awaits_earning: bool,
    here: IncarnationId,
    from: IncarnationId,
    now: DateTime<Utc>,
) -> Vec<Reclaimed> {
    if from == here {
        return Vec::new();
    }
    let parts = account.holdings.lots(from).live(seoul_date(now)).parts();
    if parts.is_empty() && !account.holdings.is_reclaimed(from) && awaits_earning {
        return vec![Reclaimed { from, lots: None }];
    }
    parts.into_iter().map(|lots| Reclaimed { from, lots: Some(lots) }).collect()
}
