//! The cases about points: voids and corrections of payments, check-outs taken back, points written off.

use std::collections::{BTreeMap, BTreeSet};

use super::found::FoundCases;
use crate::fact::{CaseAbout, OrderKey, Payload, Recorded};
use crate::ids::{AdjustmentId, CustomerId, EarningId, EventId, IncarnationId, PaymentId, PenaltyId, VisitId};
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::point::write_offs;
use crate::points::{MAX_AMOUNT, Points};
use crate::words::{CaseReason, PaymentStatus};

/// Finds voids of payments, and of deductions that were paid for, that another incarnation recorded: they don't count.
/// Once the incarnation that may void it has done so, nothing is left to review.
pub(super) fn voided_elsewhere(facts: &[&Recorded], found: &mut FoundCases) {
    let mut payments: BTreeMap<PaymentId, Payment> = BTreeMap::new();
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    for recorded in facts {
        match &recorded.fact.payload {
            Payload::Paid(p) => payments.entry(p.payment_id()).or_default().apply(recorded),
            Payload::PaymentVoided(p) => payments.entry(p.payment_id).or_default().apply(recorded),
            Payload::PenaltyDeducted(p) => penalties.entry(p.penalty_id).or_default().apply(recorded),
            Payload::PenaltyDeductionVoided(p) => penalties.entry(p.penalty_id).or_default().apply(recorded),
            _ => {}
        }
    }
    for recorded in facts {
        let (about, kept) = match &recorded.fact.payload {
            Payload::PaymentVoided(p) => {
                let stands = |payment: &&Payment| payment.status() != PaymentStatus::Voided;
                let made = payments.get(&p.payment_id).filter(stands).and_then(|payment| payment.made.as_ref());
                (CaseAbout::payment(p.payment_id), made.map(|made| made.key))
            }
            Payload::PenaltyDeductionVoided(p) => {
                let penalty = penalties.get(&p.penalty_id).filter(|it| !it.is_deduction_voided(p.deduction_id));
                let deducted = penalty.and_then(|it| it.deductions.get(&p.deduction_id));
                (CaseAbout::penalty(p.penalty_id), deducted.filter(|it| it.price.is_some()).map(|it| it.key))
            }
            _ => continue,
        };
        if let Some(key) = kept {
            found.add(CaseReason::VOIDED_ELSEWHERE, about, [key, recorded.key()]);
        }
    }
}

/// Finds reclaimed or forked incarnations that had paid more than they held. Its facts are all that lowered the holding.
pub(super) fn written_off(
    customer: CustomerId,
    facts: &[&Recorded],
    forked: &BTreeSet<IncarnationId>,
    found: &mut FoundCases,
) {
    for line in write_offs(facts.iter().copied(), forked) {
        let about = CaseAbout::holding(customer, line.incarnation);
        let points = Points::try_from(line.points.min(i128::from(MAX_AMOUNT))).ok();
        let keys = facts.iter().filter(|it| lowers(it, line.incarnation)).map(|it| it.key());
        found.add_points((CaseReason::WRITTEN_OFF, about), keys.chain([line.key]), points);
    }
}

/// Whether a fact lowers what an incarnation holds.
fn lowers(recorded: &Recorded, holder: IncarnationId) -> bool {
    let is_own = recorded.fact.origin.incarnation == holder;
    match &recorded.fact.payload {
        Payload::Reclaimed(p) => p.from == holder,
        Payload::Paid(_) | Payload::Given(_) | Payload::CheckOutTakenBack(_) => is_own,
        Payload::PointsAdjusted(p) => is_own && p.points().get() < 0,
        Payload::PenaltyDeducted(p) => is_own && p.price.is_some(),
        _ => false,
    }
}

/// Finds check-outs that were taken back with less than they had earned, because the rest wasn't held any more where
/// they were recorded.
pub(super) fn taken_back_short(facts: &[&Recorded], found: &mut FoundCases) {
    let mut promised: BTreeMap<(VisitId, EventId, IncarnationId), EarningId> = BTreeMap::new();
    let mut earned: BTreeMap<EarningId, (i128, OrderKey)> = BTreeMap::new();
    for recorded in facts {
        let Recorded { fact, .. } = recorded;
        match &fact.payload {
            Payload::CheckedOut(p) => {
                let check_out = (p.visit_id, fact.event_id, fact.origin.incarnation);
                promised.extend(p.earning.map(|earning| (check_out, earning.earning_id)));
            }
            Payload::Earned(p) => {
                earned.entry(p.earning_id).or_insert((p.points.sum(), recorded.key()));
            }
            _ => {}
        }
    }
    for recorded in facts {
        let Payload::CheckOutTakenBack(p) = &recorded.fact.payload else { continue };
        // Of several that take back one check-out, the first counts.
        let check_out = (p.visit_id, p.check_out, recorded.fact.origin.incarnation);
        let Some(earned) = promised.remove(&check_out).and_then(|earning| earned.get(&earning)) else { continue };
        if p.lots.as_ref().map_or(0, |lots| lots.points().sum()) < earned.0 {
            found.add(CaseReason::TAKEN_BACK_SHORT, CaseAbout::visit(p.visit_id), [recorded.key(), earned.1]);
        }
    }
}

/// Finds payments that several corrections name: their points may have been given back twice.
pub(super) fn corrected_twice(facts: &[&Recorded], found: &mut FoundCases) {
    let mut seen: BTreeSet<AdjustmentId> = BTreeSet::new();
    let mut payments: BTreeMap<PaymentId, Vec<OrderKey>> = BTreeMap::new();
    for recorded in facts {
        let Payload::PointsAdjusted(p) = &recorded.fact.payload else { continue };
        let (true, Some(payment)) = (seen.insert(p.adjustment_id()), p.payment_id) else { continue };
        payments.entry(payment).or_default().push(recorded.key());
    }
    for (payment, keys) in payments.into_iter().filter(|(_, keys)| keys.len() > 1) {
        found.add(CaseReason::CORRECTED_TWICE, CaseAbout::payment(payment), keys);
    }
}
