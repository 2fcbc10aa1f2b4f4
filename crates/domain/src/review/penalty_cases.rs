//! The cases about deductions from penalties.

use std::collections::BTreeMap;

use super::found::FoundCases;
use crate::fact::{CaseAbout, OrderKey, Payload, Recorded};
use crate::ids::PenaltyId;
use crate::penalty::Penalty;
use crate::words::{CaseReason, Ground};

/// Returns the penalty that a fact is about, if any.
pub(super) fn penalty_of(payload: &Payload) -> Option<PenaltyId> {
    match payload {
        Payload::PenaltyImposed(p) => Some(p.penalty_id()),
        Payload::PenaltyDeducted(p) => Some(p.penalty_id),
        Payload::PenaltyVoided(p) => Some(p.penalty_id),
        Payload::PenaltyDeductionVoided(p) => Some(p.penalty_id),
        _ => None,
    }
}

fn penalties(facts: &[&Recorded]) -> BTreeMap<PenaltyId, Penalty> {
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    for recorded in facts {
        if let Some(id) = penalty_of(&recorded.fact.payload) {
            penalties.entry(id).or_default().apply(recorded);
        }
    }
    penalties
}

/// Finds penalties from which more was deducted than was imposed.
pub(super) fn deducted_too_much(facts: &[&Recorded], found: &mut FoundCases) {
    for (id, penalty) in penalties(facts) {
        let Some(imposed) = penalty.imposed.as_ref().filter(|_| penalty.voided.is_none()) else { continue };
        if penalty.deducted() > imposed.points.sum() {
            let deductions = penalty.standing_deductions().map(|(_, deducted)| deducted.key);
            found.add(CaseReason::DEDUCTED_TOO_MUCH, CaseAbout::penalty(id), deductions.chain([imposed.key]));
        }
    }
}

/// Finds penalties from which a ground that counts once deducted several times.
pub(super) fn ground_twice(facts: &[&Recorded], found: &mut FoundCases) {
    for (id, penalty) in penalties(facts).iter().filter(|(_, penalty)| penalty.voided.is_none()) {
        let mut grounds: BTreeMap<Ground, Vec<OrderKey>> = BTreeMap::new();
        for (_, deducted) in penalty.standing_deductions().filter(|(_, deducted)| deducted.once) {
            grounds.entry(deducted.ground).or_default().push(deducted.key);
        }
        for keys in grounds.into_values().filter(|keys| keys.len() > 1) {
            found.add(CaseReason::GROUND_TWICE, CaseAbout::penalty(*id), keys);
        }
    }
}
