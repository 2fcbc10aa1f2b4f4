//! The aggregate: one penalty, made of the facts that name it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fact::{OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{AccrualId, AreaId, IncarnationId, NoteId, PenaltyDeductionId, StaffId};
use crate::points::Points;
use crate::words::{Ground, PenaltyCode};

/// A penalty as it was imposed.
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

/// A deduction from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deducted {
    pub key: OrderKey,
    pub points: Points,
    pub ground: Ground,
    /// Points (P) paid for it.
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
    /// Folds a fact that is about this penalty; others change nothing.
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
                    price: p.price.map(|price| price.points),
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

    /// The penalty that a set of facts makes.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut penalty = Self::default();
        crate::fold::distinct(facts).into_iter().for_each(|recorded| penalty.apply(recorded));
        penalty
    }

    /// What is left of it: 0 when voided, never below 0 however much is deducted.
    pub fn outstanding(&self) -> i128 {
        match (&self.imposed, self.voided) {
            (Some(imposed), None) => (imposed.points.sum() - self.deducted()).max(0),
            _ => 0,
        }
    }

    /// The sum of its deductions, which may be more than was imposed (then it is a case).
    pub fn deducted(&self) -> i128 {
        self.deductions.values().map(|deducted| deducted.points.sum()).sum()
    }

    pub fn educated(&self) -> bool {
        self.deductions.values().any(|deducted| deducted.ground == Ground::Education)
    }

    /// What each deduction took off, in the order that chooses: the last of too many takes only what was left.
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

    /// Nothing of it counts any more, unless a further fact about it arrives.
    pub(crate) fn is_settled(&self) -> bool {
        self.imposed.is_some() && self.outstanding() == 0
    }
}
