//! The penalty aggregate, folded from all facts about one penalty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fact::{Deduction, OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{AccrualId, AreaId, IncarnationId, NoteId, PenaltyDeductionId, StaffId};
use crate::points::Points;
use crate::words::{Ground, PenaltyCode};

/// The data of the `PenaltyImposed` fact that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Imposed {
    pub key: OrderKey,
    pub points: Points,
    pub accrual_id: AccrualId,
    pub code: PenaltyCode,
    pub area_id: Option<AreaId>,
    pub note_id: Option<NoteId>,
    pub incarnation: IncarnationId,
    pub staff_id: StaffId,
    pub rules: u64,
}

/// A deduction from a penalty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deducted {
    pub key: OrderKey,
    pub points: Points,
    pub ground: Ground,
    /// Points (P) that the customer paid for the deduction.
    pub price: Option<Points>,
    pub note_id: Option<NoteId>,
    pub incarnation: IncarnationId,
    pub staff_id: StaffId,
    pub rules: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    pub imposed: Option<Imposed>,
    pub deductions: BTreeMap<PenaltyDeductionId, Deducted>,
    pub voided: Option<OrderKey>,
}

impl Penalty {
    /// Folds a fact about this penalty; facts of other types change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let (key, fact) = (recorded.key(), &recorded.fact);
        let (incarnation, staff_id, rules) = (fact.origin.incarnation, fact.recorded_by.staff_id, fact.rules);
        match &fact.payload {
            Payload::PenaltyImposed(p) => keep_least(
                &mut self.imposed,
                Imposed {
                    key,
                    points: p.points(),
                    accrual_id: p.accrual_id(),
                    code: p.code,
                    area_id: p.area_id,
                    note_id: p.note_id,
                    incarnation,
                    staff_id,
                    rules,
                },
            ),
            Payload::PenaltyDeducted(p) => {
                let deducted = Deducted {
                    key,
                    points: p.points,
                    ground: p.ground,
                    price: p.price.as_ref().map(Deduction::points),
                    note_id: p.note_id,
                    incarnation,
                    staff_id,
                    rules,
                };
                let kept = self.deductions.entry(p.deduction_id).or_insert_with(|| deducted.clone());
                if deducted < *kept {
                    *kept = deducted;
                }
            }
            Payload::PenaltyVoided(_) => keep_least(&mut self.voided, key),
            _ => {}
        }
    }

    /// Folds a set of facts into a penalty.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut penalty = Self::default();
        crate::fold::distinct(facts).into_iter().for_each(|recorded| penalty.apply(recorded));
        penalty
    }

    /// The penalty points that are left: 0 if the penalty was voided, never below 0.
    pub fn outstanding(&self) -> i128 {
        match (&self.imposed, self.voided) {
            (Some(imposed), None) => (imposed.points.sum() - self.deducted()).max(0),
            _ => 0,
        }
    }

    /// The sum of all deductions. If it exceeds the penalty's points, staff review that as a case.
    pub fn deducted(&self) -> i128 {
        self.deductions.values().map(|deducted| deducted.points.sum()).sum()
    }

    pub fn educated(&self) -> bool {
        self.deductions.values().any(|deducted| deducted.ground == Ground::Education)
    }

    /// Returns for each deduction, in the order of `OrderKey`, the points that it really took off: at most the points
    /// that earlier deductions left.
    pub fn effective_deductions(&self) -> Vec<(PenaltyDeductionId, &Deducted, i128)> {
        let mut left = self.imposed.as_ref().map_or(0, |imposed| imposed.points.sum());
        let mut deductions: Vec<_> = self.deductions.iter().collect();
        deductions.sort_by_key(|(_, deducted)| deducted.key);
        deductions
            .into_iter()
            .map(|(id, deducted)| {
                let taken = deducted.points.sum().min(left);
                left -= taken;
                (*id, deducted, taken)
            })
            .collect()
    }

    /// Returns whether no points are outstanding, so that a snapshot may drop the penalty.
    pub(crate) fn is_settled(&self) -> bool {
        self.imposed.is_some() && self.outstanding() == 0
    }
}
