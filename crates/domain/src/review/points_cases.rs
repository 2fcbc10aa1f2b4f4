//! The cases about points: voids and corrections of payments, check-outs taken back, points written off.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{FoundCase, FoundCases};
use crate::fact::{CaseId, Payload, Recorded};
use crate::ids::{AdjustmentId, EarningId, EventId, IncarnationId, PaymentId, PenaltyId, VisitId};
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::point::write_offs;
use crate::points::{MAX_AMOUNT, Points};
use crate::words::CaseReason;

/// Finds voids of payments, and of deductions that were paid for, that another incarnation recorded; they don't count.
pub(super) fn voided_elsewhere(facts: &[&Recorded], found: &mut FoundCases) {
    let mut payments: BTreeMap<PaymentId, Payment> = BTreeMap::new();
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    for recorded in facts {
        match &recorded.fact.payload {
            Payload::Paid(p) => payments.entry(p.payment_id()).or_default().apply(recorded),
            Payload::PenaltyDeducted(p) => penalties.entry(p.penalty_id).or_default().apply(recorded),
            _ => {}
        }
    }
    for recorded in facts {
        let recorder = match &recorded.fact.payload {
            Payload::PaymentVoided(p) => {
                let made = payments.get(&p.payment_id).and_then(|payment| payment.made.as_ref());
                made.map(|made| (made.incarnation, made.key))
            }
            Payload::PenaltyDeductionVoided(p) => {
                let deducted = penalties.get(&p.penalty_id).and_then(|it| it.deductions.get(&p.deduction_id));
                deducted.filter(|it| it.price.is_some()).map(|it| (it.incarnation, it.key))
            }
            _ => None,
        };
        if let Some((_, key)) = recorder.filter(|(by, _)| *by != recorded.fact.origin.incarnation) {
            found.add(recorded.key(), CaseReason::VOIDED_ELSEWHERE, Some(key.event_id));
        }
    }
}

/// Finds reclaimed or forked incarnations that had paid more than they held. The case is about the incarnation, because
/// the facts that made the difference may be any, and more may arrive.
pub(super) fn written_off(facts: &[&Recorded], forked: &BTreeSet<IncarnationId>, found: &mut FoundCases) {
    for line in write_offs(facts.iter().copied(), forked) {
        let id = CaseId { about: line.incarnation.0, reason: CaseReason::WRITTEN_OFF };
        let written_off = Points::try_from(line.points.min(i128::from(MAX_AMOUNT))).ok();
        found.0.push(FoundCase { key: line.key, id, other: None, written_off });
    }
}

/// Finds check-outs that were taken back with less than they had earned, because the rest wasn't held any more where
/// they were recorded. The other fact of the case is the earning.
pub(super) fn taken_back_short(facts: &[&Recorded], found: &mut FoundCases) {
    let mut promised: BTreeMap<(VisitId, EventId, IncarnationId), EarningId> = BTreeMap::new();
    let mut earned: BTreeMap<EarningId, (i128, EventId)> = BTreeMap::new();
    for recorded in facts {
        let Recorded { fact, .. } = recorded;
        match &fact.payload {
            Payload::CheckedOut(p) => {
                let check_out = (p.visit_id, fact.event_id, fact.origin.incarnation);
                promised.extend(p.earning.map(|earning| (check_out, earning.earning_id)));
            }
            Payload::Earned(p) => {
                earned.entry(p.earning_id).or_insert((p.points.sum(), fact.event_id));
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
            found.add(recorded.key(), CaseReason::TAKEN_BACK_SHORT, Some(earned.1));
        }
    }
}

/// Finds corrections that name a payment which an earlier correction names too: its points may have been given back
/// twice.
pub(super) fn corrected_twice(facts: &[&Recorded], found: &mut FoundCases) {
    let mut seen: BTreeSet<AdjustmentId> = BTreeSet::new();
    let mut firsts: BTreeMap<PaymentId, EventId> = BTreeMap::new();
    for recorded in facts {
        let Payload::PointsAdjusted(p) = &recorded.fact.payload else { continue };
        let (true, Some(payment)) = (seen.insert(p.adjustment_id()), p.payment_id) else { continue };
        let first = *firsts.entry(payment).or_insert(recorded.fact.event_id);
        if first != recorded.fact.event_id {
            found.add(recorded.key(), CaseReason::CORRECTED_TWICE, Some(first));
        }
    }
}
