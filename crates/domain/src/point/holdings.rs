//! The holdings of one customer: the points that each incarnation may spend, lot by lot (ADR 0004).
//!
//! A holding is raised only by the incarnation's own facts and by points that others give to it, and lowered only by
//! its own facts and by a reclaim. So the check before a payment is exact even without a network.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::IncarnationId;
use crate::lots::{LastDay, LotSums, Lots};
use crate::points::Sum;

/// The total (earned, paid...) to which a change of a holding is also added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlowKind {
    Earned,
    Paid,
    Voided,
    Adjusted,
    TakenBack,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Holdings {
    held: BTreeMap<IncarnationId, LotSums>,
    /// Incarnations that were given up as lost, with whatever they held; their lots below 0 are written off.
    reclaimed: BTreeSet<IncarnationId>,
    pub earned: Sum,
    pub paid: Sum,
    pub voided: Sum,
    pub adjusted: Sum,
    pub taken_back: Sum,
}

impl Holdings {
    pub(super) fn add(&mut self, holder: IncarnationId, kind: FlowKind, lots: &Lots) {
        self.held.entry(holder).or_default().add(lots);
        self.flow(kind).0 += lots.points().sum();
    }

    pub(super) fn subtract(&mut self, holder: IncarnationId, kind: FlowKind, lots: &Lots) {
        self.held.entry(holder).or_default().subtract(lots);
        let sign = if kind == FlowKind::Adjusted { -1 } else { 1 };
        self.flow(kind).0 += sign * lots.points().sum();
    }

    fn flow(&mut self, kind: FlowKind) -> &mut Sum {
        match kind {
            FlowKind::Earned => &mut self.earned,
            FlowKind::Paid => &mut self.paid,
            FlowKind::Voided => &mut self.voided,
            FlowKind::Adjusted => &mut self.adjusted,
            FlowKind::TakenBack => &mut self.taken_back,
        }
    }

    pub(super) fn transfer(&mut self, from: IncarnationId, to: IncarnationId, lots: &Lots) {
        self.held.entry(from).or_default().subtract(lots);
        self.held.entry(to).or_default().add(lots);
    }

    pub(super) fn mark_reclaimed(&mut self, from: IncarnationId) {
        self.reclaimed.insert(from);
    }

    pub(super) fn compact(&mut self) {
        self.held.retain(|_, lots| lots.compact());
    }

    /// The holding of an incarnation. It is negative only if points were reclaimed from the incarnation, or if the
    /// incarnation forked.
    pub fn held(&self, incarnation: IncarnationId) -> i128 {
        self.held.get(&incarnation).map_or(0, LotSums::total)
    }

    /// The lots of an incarnation's holding.
    pub fn lots(&self, incarnation: IncarnationId) -> LotSums {
        self.held.get(&incarnation).cloned().unwrap_or_default()
    }

    /// The lots of every incarnation that has any.
    pub fn all(&self) -> impl Iterator<Item = (IncarnationId, &LotSums)> {
        self.held.iter().map(|(incarnation, lots)| (*incarnation, lots))
    }

    /// All incarnations with the points that they may spend on a day (Asia/Seoul).
    pub fn holders(&self, today: NaiveDate) -> impl Iterator<Item = (IncarnationId, i128)> + '_ {
        let live = move |lots: &LotSums| lots.live(today).above_zero();
        self.held.iter().map(move |(incarnation, lots)| (*incarnation, live(lots))).filter(|(_, held)| *held > 0)
    }

    pub fn is_reclaimed(&self, incarnation: IncarnationId) -> bool {
        self.reclaimed.contains(&incarnation)
    }

    /// Incarnations that were given up as lost.
    pub fn reclaimed(&self) -> impl Iterator<Item = IncarnationId> + '_ {
        self.reclaimed.iter().copied()
    }

    /// The sum of all holdings on a day (Asia/Seoul). A lot whose day is over counts as 0, and so does a lot below 0 of a
    /// reclaimed or forked incarnation.
    pub fn balance(&self, forked: &BTreeSet<IncarnationId>, today: NaiveDate) -> i128 {
        let of = |(incarnation, lots): (&IncarnationId, &LotSums)| {
            let live = lots.live(today);
            if self.is_lost(*incarnation, forked) { live.above_zero() } else { live.total() }
        };
        self.held.iter().map(of).sum()
    }

    /// The lots that the balance consists of on a day (Asia/Seoul), summed over all holdings.
    pub fn live_lots(&self, forked: &BTreeSet<IncarnationId>, today: NaiveDate) -> BTreeMap<LastDay, i128> {
        let mut live = BTreeMap::new();
        for (incarnation, lots) in &self.held {
            let least = if self.is_lost(*incarnation, forked) { 0 } else { i128::MIN };
            for (last_day, points) in lots.live(today).iter() {
                *live.entry(last_day).or_default() += points.max(least);
            }
        }
        live.retain(|_, points| *points != 0);
        live
    }

    /// The points of the lots whose day is over, by that day. A lot below 0 of a reclaimed or forked incarnation counts
    /// as 0, because what it lacks is written off.
    pub fn expired(&self, forked: &BTreeSet<IncarnationId>, today: NaiveDate) -> BTreeMap<NaiveDate, i128> {
        let mut expired = BTreeMap::new();
        for (incarnation, lots) in &self.held {
            let least = if self.is_lost(*incarnation, forked) { 0 } else { i128::MIN };
            for (day, points) in lots.over(today) {
                *expired.entry(day).or_default() += points.max(least);
            }
        }
        expired.retain(|_, points| *points != 0);
        expired
    }

    /// The points that reclaimed or forked incarnations paid beyond their holdings:
    /// balance = earned + voided + adjusted + written off - paid - taken back - expired.
    pub fn written_off(&self, forked: &BTreeSet<IncarnationId>) -> i128 {
        self.written_off_by(forked).map(|(_, points)| points).sum()
    }

    /// The points written off, for each reclaimed or forked incarnation that has any.
    pub fn written_off_by(&self, forked: &BTreeSet<IncarnationId>) -> impl Iterator<Item = (IncarnationId, i128)> {
        self.held
            .iter()
            .filter(|(incarnation, _)| self.is_lost(**incarnation, forked))
            .map(|(incarnation, lots)| (*incarnation, lots.below_zero()))
            .filter(|(_, points)| *points > 0)
    }

    fn is_lost(&self, incarnation: IncarnationId, forked: &BTreeSet<IncarnationId>) -> bool {
        self.reclaimed.contains(&incarnation) || forked.contains(&incarnation)
    }
}
