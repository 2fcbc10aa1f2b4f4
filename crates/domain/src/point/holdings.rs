//! What each incarnation holds of one customer's points (ADR 0004).
//!
//! Only an incarnation's own facts and what is given to it raise its holding; only its own facts and a reclaim lower it.
//! So the check before a payment is exact without a network.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::IncarnationId;
use crate::points::Sum;

/// What a posting counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlowKind {
    Earned,
    Paid,
    Voided,
    Adjusted,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Holdings {
    held: BTreeMap<IncarnationId, Sum>,
    /// Incarnations that something was reclaimed from: what is below 0 there is written off.
    reclaimed: BTreeSet<IncarnationId>,
    pub earned: Sum,
    pub paid: Sum,
    pub voided: Sum,
    pub adjusted: Sum,
}

impl Holdings {
    /// Changes one holding and the total of its kind by signed points.
    pub(super) fn post(&mut self, holder: IncarnationId, kind: FlowKind, points: i128) {
        self.held.entry(holder).or_default().0 += points;
        match kind {
            FlowKind::Earned => self.earned.0 += points,
            FlowKind::Paid => self.paid.0 -= points,
            FlowKind::Voided => self.voided.0 += points,
            FlowKind::Adjusted => self.adjusted.0 += points,
        }
    }

    pub(super) fn transfer(&mut self, from: IncarnationId, to: IncarnationId, points: i128) {
        self.held.entry(from).or_default().0 -= points;
        self.held.entry(to).or_default().0 += points;
    }

    pub(super) fn mark_reclaimed(&mut self, from: IncarnationId) {
        self.reclaimed.insert(from);
    }

    pub(super) fn compact(&mut self) {
        self.held.retain(|_, sum| sum.0 != 0);
    }

    /// What an incarnation holds. Below 0 only where it was reclaimed or forked.
    pub fn held(&self, incarnation: IncarnationId) -> i128 {
        self.held.get(&incarnation).map_or(0, |sum| sum.0)
    }

    /// Everyone who holds something, with how much.
    pub fn holders(&self) -> impl Iterator<Item = (IncarnationId, i128)> + '_ {
        self.held.iter().map(|(incarnation, sum)| (*incarnation, sum.0))
    }

    pub fn is_reclaimed(&self, incarnation: IncarnationId) -> bool {
        self.reclaimed.contains(&incarnation)
    }

    /// The sum of all holdings; a reclaimed or forked incarnation never counts below 0.
    pub fn balance(&self, forked: &BTreeSet<IncarnationId>) -> i128 {
        self.holders()
            .map(|(incarnation, held)| if self.is_lost(incarnation, forked) { held.max(0) } else { held })
            .sum()
    }

    /// What lost incarnations paid beyond what they held: balance = earned + voided + adjusted + written off - paid.
    pub fn written_off(&self, forked: &BTreeSet<IncarnationId>) -> i128 {
        self.holders()
            .filter(|(incarnation, _)| self.is_lost(*incarnation, forked))
            .map(|(_, held)| (-held).max(0))
            .sum()
    }

    fn is_lost(&self, incarnation: IncarnationId, forked: &BTreeSet<IncarnationId>) -> bool {
        self.reclaimed.contains(&incarnation) || forked.contains(&incarnation)
    }
}
