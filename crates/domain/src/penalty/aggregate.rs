//! The penalty aggregate, folded from all facts about one penalty.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::days::seoul_date;
use crate::fact::{Deduction, OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{AccrualId, AreaId, IncarnationId, NoteId, PenaltyDeductionId, RecorderId};
use crate::lapse::{Lapse, PenaltyDays};
use crate::lots::Lots;
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
    pub recorded_at: DateTime<Utc>,
    pub incarnation: IncarnationId,
    pub recorder_id: RecorderId,
    pub rules: u64,
    pub lapse: Option<Lapse>,
}

/// A deduction from a penalty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deducted {
    pub key: OrderKey,
    pub points: Points,
    pub ground: Ground,
    /// Whether the ground deducts only once from a penalty.
    pub once: bool,
    /// Points (P) that the customer paid for the deduction, with their lots.
    pub price: Option<Lots>,
    pub note_id: Option<NoteId>,
    pub recorded_at: DateTime<Utc>,
    pub incarnation: IncarnationId,
    pub recorder_id: RecorderId,
    pub rules: u64,
}

impl Deducted {
    /// The points (P) that the customer paid for the deduction; 0 if none.
    pub fn price(&self) -> i128 {
        self.price.as_ref().map_or(0, |lots| lots.points().sum())
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    pub imposed: Option<Imposed>,
    pub deductions: BTreeMap<PenaltyDeductionId, Deducted>,
    pub voided: Option<OrderKey>,
    /// The incarnations that recorded a void of each deduction.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    deduction_voids: BTreeMap<PenaltyDeductionId, BTreeSet<IncarnationId>>,
}

impl Penalty {
    /// Folds a fact about this penalty; facts of other types change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let (key, fact) = (recorded.key(), &recorded.fact);
        let (incarnation, recorder_id, rules) = (fact.origin.incarnation, fact.recorded_by.id(), fact.rules);
        let recorded_at = fact.recorded_at;
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
                    recorded_at,
                    incarnation,
                    recorder_id,
                    rules,
                    lapse: p.lapse,
                },
            ),
            Payload::PenaltyDeducted(p) => {
                let deducted = Deducted {
                    key,
                    points: p.points,
                    ground: p.ground,
                    once: p.once,
                    price: p.price.as_ref().map(Deduction::lots).cloned(),
                    note_id: p.note_id,
                    recorded_at,
                    incarnation,
                    recorder_id,
                    rules,
                };
                let kept = self.deductions.entry(p.deduction_id).or_insert_with(|| deducted.clone());
                if deducted < *kept {
                    *kept = deducted;
                }
            }
            Payload::PenaltyVoided(_) => keep_least(&mut self.voided, key),
            Payload::PenaltyDeductionVoided(p) => {
                self.deduction_voids.entry(p.deduction_id).or_default().insert(incarnation);
            }
            _ => {}
        }
    }

    /// Folds a set of facts into a penalty.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut penalty = Self::default();
        crate::fold::distinct(facts).into_iter().for_each(|recorded| penalty.apply(recorded));
        penalty
    }

    /// The penalty points that are outstanding at a moment: what deductions left, and 0 once the penalty has lapsed.
    /// `days` are those of all penalties of the customer.
    pub fn outstanding(&self, days: &PenaltyDays, at: DateTime<Utc>) -> i128 {
        self.outstanding_on(days, seoul_date(at))
    }

    pub(crate) fn outstanding_on(&self, days: &PenaltyDays, today: NaiveDate) -> i128 {
        match self.last_day(days) {
            Some(last) if today > last => 0,
            _ => self.undeducted(),
        }
    }

    /// The last day on which the penalty counts; `None` if it doesn't lapse.
    pub fn last_day(&self, days: &PenaltyDays) -> Option<NaiveDate> {
        let imposed = self.imposed.as_ref()?;
        imposed.lapse.map(|lapse| days.last_day(seoul_date(imposed.key.occurred_at), lapse))
    }

    /// The day on which the penalty was imposed; `None` if it was voided or isn't known yet.
    pub(crate) fn day(&self) -> Option<NaiveDate> {
        let imposed = self.imposed.as_ref().filter(|_| self.voided.is_none())?;
        Some(seoul_date(imposed.key.occurred_at))
    }

    /// The penalty points that deductions left, lapsed or not: 0 if the penalty was voided, never below 0.
    pub fn undeducted(&self) -> i128 {
        match (&self.imposed, self.voided) {
            (Some(imposed), None) => (imposed.points.sum() - self.deducted()).max(0),
            _ => 0,
        }
    }

    /// The sum of all deductions that stand. If it exceeds the penalty's points, staff review that as a case.
    pub fn deducted(&self) -> i128 {
        self.standing_deductions().map(|(_, deducted)| deducted.points.sum()).sum()
    }

    /// Returns whether a deduction on a ground stands; one that was voided may be repeated.
    pub fn deducted_for(&self, ground: Ground) -> bool {
        self.standing_deductions().any(|(_, deducted)| deducted.ground == ground)
    }

    /// Returns whether a deduction was voided. A void of one that was paid for counts only if the incarnation that
    /// recorded the deduction recorded the void, because only that incarnation may raise its holding.
    pub fn is_deduction_voided(&self, deduction_id: PenaltyDeductionId) -> bool {
        let (Some(deducted), Some(by)) = (self.deductions.get(&deduction_id), self.deduction_voids.get(&deduction_id))
        else {
            return false;
        };
        deducted.price.is_none() || by.contains(&deducted.incarnation)
    }

    /// The points that a deduction would take off alone: at most the imposed ones.
    pub fn most_deducted(&self, deducted: &Deducted) -> i128 {
        self.imposed.as_ref().map_or(0, |imposed| imposed.points.sum().min(deducted.points.sum()))
    }

    /// Returns whether a deduction that the customer paid for stands.
    pub fn has_paid_deduction(&self) -> bool {
        self.standing_deductions().any(|(_, deducted)| deducted.price.is_some())
    }

    pub(crate) fn standing_deductions(&self) -> impl Iterator<Item = (PenaltyDeductionId, &Deducted)> {
        self.deductions.iter().filter(|(id, _)| !self.is_deduction_voided(**id)).map(|(id, deducted)| (*id, deducted))
    }

    /// Returns for each deduction, in the order of `OrderKey`, the points that it really took off: at most the points
    /// that earlier deductions left, and 0 if it was voided.
    pub fn effective_deductions(&self) -> Vec<(PenaltyDeductionId, &Deducted, i128)> {
        let mut left = self.imposed.as_ref().map_or(0, |imposed| imposed.points.sum());
        let mut deductions: Vec<_> = self.deductions.iter().collect();
        deductions.sort_by_key(|(_, deducted)| deducted.key);
        deductions
            .into_iter()
            .map(|(id, deducted)| {
                let taken = if self.is_deduction_voided(*id) { 0 } else { deducted.points.sum().min(left) };
                left -= taken;
                (*id, deducted, taken)
            })
            .collect()
    }

    /// Returns whether no points are left, so that a snapshot may drop the penalty. A snapshot is of no moment, so it
    /// keeps penalties that lapse.
    pub(crate) fn is_settled(&self) -> bool {
        self.imposed.is_some() && self.undeducted() == 0
    }
}
