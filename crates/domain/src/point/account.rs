//! A customer's state in the context point.
//!
//! If several facts have the same id (of an earning, a payment...), the one with the lowest `OrderKey` counts. A whole
//! set is folded in that order, so that is the first one. If a fact with a lower key arrives later, the whole set is
//! folded again, so that no fold has to take an earlier fact back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FlowKind, Holdings, InForce, Owed, standing};
use crate::days::seoul_date;
use crate::fact::{Novelty, OrderKey, Payload, Recorded};
use crate::fold::{Applied, State, keep_least, open_item};
use crate::ids::{AdjustmentId, EarningId, EventId, IncarnationId, PaymentId, PenaltyId, VisitId};
use crate::lapse::PenaltyDays;
use crate::links::Links;
use crate::lots::Lots;
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::published::AccountSummary;
use crate::rules::{Levels, Rules};
use crate::words::{PaymentStatus, Standing};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub holdings: Holdings,
    /// Penalties with points outstanding, and penalties whose `PenaltyImposed` fact hasn't arrived yet.
    pub penalties: BTreeMap<PenaltyId, Penalty>,
    /// The days of all penalties, settled ones included.
    #[serde(default, skip_serializing_if = "PenaltyDays::is_empty")]
    pub penalty_days: PenaltyDays,
    /// The earliest day that is the last one of a lot that a fact named, or may be that of a penalty; also of those that
    /// nothing is left of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_end: Option<NaiveDate>,
    pub in_force: Option<InForce>,
    /// Other customer ids of the same person.
    #[serde(default, skip_serializing_if = "Links::is_empty")]
    pub links: Links,
    pub erased: bool,
    /// The number of the customer's facts that have a type or version unknown to this program.
    pub not_understood: u64,
    /// Incarnations known to have forked; their negative holdings are written off. A fork shows in the facts of any
    /// customer, so the code that loads the account sets this; it isn't part of the snapshot.
    #[serde(skip)]
    pub forked: BTreeSet<IncarnationId>,
    /// Payments of which a void has arrived but the `Paid` fact hasn't.
    payments: BTreeMap<PaymentId, Payment>,
    /// Earnings since the last compaction, each with the key of the fact that was counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    earnings: BTreeMap<EarningId, Option<OrderKey>>,
    /// Corrections since the last compaction, each with the key of the fact that was counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    adjustments: BTreeMap<AdjustmentId, Option<OrderKey>>,
    /// Check-outs taken back since the last compaction, by the incarnation that did so, each with the key of the fact
    /// that was counted.
    #[serde(skip)]
    taken_back: BTreeMap<(VisitId, EventId, IncarnationId), Option<OrderKey>>,
}

impl Account {
    /// The sum of all holdings at a moment: lots whose day is over count 0.
    pub fn balance(&self, at: DateTime<Utc>) -> i128 {
        self.balance_on(seoul_date(at))
    }

    pub(super) fn balance_on(&self, today: NaiveDate) -> i128 {
        self.holdings.balance(&self.forked, today)
    }

    /// The points that have expired up to a moment, by the last day on which they counted.
    pub fn expired(&self, at: DateTime<Utc>) -> BTreeMap<NaiveDate, i128> {
        self.expired_on(seoul_date(at))
    }

    pub(super) fn expired_on(&self, today: NaiveDate) -> BTreeMap<NaiveDate, i128> {
        self.holdings.expired(&self.forked, today)
    }

    /// What deductions left of all penalties, lapsed or not.
    pub(super) fn undeducted(&self) -> i128 {
        self.penalties.values().map(Penalty::undeducted).sum()
    }

    /// The penalties that have lapsed on a day (Asia/Seoul), each with its last day and what deductions left of it.
    pub(super) fn lapsed_on(&self, today: NaiveDate) -> BTreeMap<PenaltyId, (NaiveDate, i128)> {
        let lapsed = |penalty: &Penalty| {
            let last = penalty.last_day(&self.penalty_days).filter(|last| today > *last)?;
            Some((last, penalty.undeducted())).filter(|(_, left)| *left > 0)
        };
        self.penalties.iter().filter_map(|(id, penalty)| Some((*id, lapsed(penalty)?))).collect()
    }

    /// Whether time alone may have changed something up to a moment: a lot that a fact named, or a penalty, may have
    /// come to its end.
    pub fn has_endings(&self, at: DateTime<Utc>) -> bool {
        self.first_end.is_some_and(|first| first < seoul_date(at))
    }

    /// What the customer owes at a moment.
    pub fn owed(&self, at: DateTime<Utc>) -> Owed {
        self.owed_on(seoul_date(at))
    }

    pub(super) fn owed_on(&self, today: NaiveDate) -> Owed {
        let mut owed = Owed::default();
        for penalty in self.penalties.values() {
            let outstanding = penalty.outstanding_on(&self.penalty_days, today);
            if outstanding > 0 {
                owed.points += outstanding;
                owed.latest = owed.latest.max(penalty.day());
            }
        }
        owed
    }

    /// Penalty points outstanding at a moment, never below 0.
    pub fn outstanding(&self, at: DateTime<Utc>) -> i128 {
        self.owed(at).points
    }

    pub fn levels(&self, rules: &Rules) -> Levels {
        self.in_force.as_ref().map_or_else(|| rules.levels.clone(), |in_force| in_force.levels.clone())
    }

    /// The standing at a moment from the facts of this customer id alone; linked ids of the same person may make it
    /// worse.
    pub fn standing(&self, rules: &Rules, at: DateTime<Utc>) -> Standing {
        standing(self.owed(at), &self.levels(rules), seoul_date(at))
    }

    /// The penalty points to deduct before a ban of that moment is lifted, if `outstanding` points are outstanding.
    pub fn to_lift(&self, rules: &Rules, outstanding: i128, at: DateTime<Utc>) -> Option<u64> {
        let prohibit_at = self.levels(rules).prohibit_at_on(seoul_date(at), self.owed(at).latest)?;
        u64::try_from(outstanding - prohibit_at.sum() + 1).ok()
    }

    /// The summary of the account at a moment that pay and penalty read at the incarnation `here`.
    pub fn summary(&self, here: IncarnationId, at: DateTime<Utc>) -> AccountSummary {
        AccountSummary {
            balance: self.balance(at),
            held_here: self.holdings.lots(here),
            holders: self.holdings.holders(seoul_date(at)).filter(|(holder, _)| *holder != here).collect(),
            erased: self.erased,
            penalty_days: self.penalty_days.clone(),
            at,
        }
    }

    /// The account as it is once ended incarnations have handed their holdings on to `here`.
    #[must_use]
    pub fn handed_on(mut self, ended: &[IncarnationId], here: IncarnationId, at: DateTime<Utc>) -> Self {
        for from in ended.iter().filter(|from| **from != here) {
            for lots in self.holdings.lots(*from).live(seoul_date(at)).parts() {
                self.holdings.transfer(*from, here, &lots);
            }
        }
        self
    }

    fn merge_levels(&mut self, generation: u64, levels: &Levels) {
        let other = InForce { generation, levels: levels.clone() };
        match &mut self.in_force {
            Some(in_force) => in_force.merge(other),
            None => self.in_force = Some(other),
        }
    }

    fn apply_payment(&mut self, id: PaymentId, recorded: &Recorded, novelty: Novelty) -> Applied {
        let Some(payment) = open_item(&mut self.payments, id, novelty) else { return Applied::Reopen(id.0) };
        let counted = payment.made.as_ref().map(|made| made.key);
        let was_voided = payment.status() == PaymentStatus::Voided;
        payment.apply(recorded);
        let Some(made) = &payment.made else { return Applied::Done };
        match counted {
            None => self.holdings.subtract(made.incarnation, FlowKind::Paid, &made.lots),
            Some(key) if key != made.key => return Applied::FoldAgain,
            Some(_) => {}
        }
        if payment.status() == PaymentStatus::Voided && !was_voided {
            self.holdings.add(made.incarnation, FlowKind::Voided, &made.lots);
        }
        Applied::Done
    }

    fn apply_penalty(&mut self, id: PenaltyId, levels: &Levels, recorded: &Recorded, novelty: Novelty) -> Applied {
        self.merge_levels(recorded.fact.rules, levels);
        let Some(penalty) = open_item(&mut self.penalties, id, novelty) else { return Applied::Reopen(id.0) };
        let deduction_id = match &recorded.fact.payload {
            Payload::PenaltyDeducted(p) => p.deduction_id,
            Payload::PenaltyDeductionVoided(p) => p.deduction_id,
            _ => {
                let before = penalty.day();
                penalty.apply(recorded);
                let after = penalty.day();
                before.into_iter().for_each(|day| self.penalty_days.remove(day));
                after.into_iter().for_each(|day| self.penalty_days.add(day));
                return Applied::Done;
            }
        };
        let counted = penalty.deductions.get(&deduction_id).map(|deducted| deducted.key);
        let was_voided = penalty.is_deduction_voided(deduction_id);
        penalty.apply(recorded);
        let Some(deducted) = penalty.deductions.get(&deduction_id) else { return Applied::Done };
        if counted.is_some_and(|key| key != deducted.key) {
            return Applied::FoldAgain;
        }
        let Some(price) = &deducted.price else { return Applied::Done };
        if counted.is_none() {
            self.holdings.subtract(deducted.incarnation, FlowKind::Paid, price);
        }
        if penalty.is_deduction_voided(deduction_id) && !was_voided {
            self.holdings.add(deducted.incarnation, FlowKind::Voided, price);
        }
        Applied::Done
    }
}

/// Counts an item once: if several facts have its id, the one with the lowest `OrderKey` counts.
fn post_once<K: Ord>(
    counted: &mut BTreeMap<K, Option<OrderKey>>,
    id: K,
    item: Uuid,
    (recorded, novelty): (&Recorded, Novelty),
    post: impl FnOnce(IncarnationId),
) -> Applied {
    let key = recorded.key();
    let Some(counted) = open_item(counted, id, novelty) else { return Applied::Reopen(item) };
    match counted {
        None => {
            *counted = Some(key);
            post(recorded.fact.origin.incarnation);
        }
        Some(counted) if key < *counted => return Applied::FoldAgain,
        Some(_) => {}
    }
    Applied::Done
}

/// The earliest day that a fact names as the last one of a lot, or that is the last one of its penalty at the earliest.
fn first_end(recorded: &Recorded) -> Option<NaiveDate> {
    match &recorded.fact.payload {
        Payload::PenaltyImposed(p) => p.lapse.map(|lapse| lapse.days.last_from(seoul_date(recorded.fact.occurred_at))),
        payload => payload.lots().iter().find_map(|(last_day, _)| last_day.day()),
    }
}

/// Facts whose subject is this id. Ids of different kinds may be equal.
fn about(item: Uuid, facts: &[Recorded]) -> impl Iterator<Item = &Recorded> {
    facts.iter().filter(move |recorded| recorded.fact.subject() == Some(item))
}

impl State for Account {
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied {
        let recorder = recorded.fact.origin.incarnation;
        if let Some(end) = first_end(recorded) {
            keep_least(&mut self.first_end, end);
        }
        match &recorded.fact.payload {
            Payload::Earned(p) => {
                return post_once(&mut self.earnings, p.earning_id, p.earning_id.0, (recorded, novelty), |recorder| {
                    self.holdings.add(recorder, FlowKind::Earned, &Lots::one(p.expires_on, p.points));
                });
            }
            Payload::PointsAdjusted(p) => {
                let id = p.adjustment_id();
                return post_once(&mut self.adjustments, id, id.0, (recorded, novelty), |recorder| {
                    if p.points().get() > 0 {
                        self.holdings.add(recorder, FlowKind::Adjusted, p.lots());
                    } else {
                        self.holdings.subtract(recorder, FlowKind::Adjusted, p.lots());
                    }
                });
            }
            Payload::CheckOutTakenBack(p) => {
                let (id, visit) = ((p.visit_id, p.check_out, recorder), p.visit_id.0);
                return post_once(&mut self.taken_back, id, visit, (recorded, novelty), |recorder| {
                    if let Some(lots) = &p.lots {
                        self.holdings.subtract(recorder, FlowKind::TakenBack, lots);
                    }
                });
            }
            Payload::Paid(p) => return self.apply_payment(p.payment_id(), recorded, novelty),
            Payload::PaymentVoided(p) => return self.apply_payment(p.payment_id, recorded, novelty),
            Payload::PenaltyImposed(p) => return self.apply_penalty(p.penalty_id(), &p.levels, recorded, novelty),
            Payload::PenaltyDeducted(p) => return self.apply_penalty(p.penalty_id, &p.levels, recorded, novelty),
            Payload::PenaltyVoided(p) => return self.apply_penalty(p.penalty_id, &p.levels, recorded, novelty),
            Payload::PenaltyDeductionVoided(p) => {
                return self.apply_penalty(p.penalty_id, &p.levels, recorded, novelty);
            }
            Payload::Given(p) => self.holdings.transfer(recorder, p.to, &p.lots),
            Payload::Reclaimed(p) => {
                if let Some(lots) = &p.lots {
                    self.holdings.transfer(p.from, recorder, lots);
                }
                self.holdings.mark_reclaimed(p.from);
            }
            Payload::LevelsRevised(p) => self.merge_levels(recorded.fact.rules, &p.levels),
            Payload::CustomersLinked(_) | Payload::CustomersParted(_) => self.links.apply(&recorded.fact.payload),
            Payload::CustomerErased(_) => self.erased = true,
            Payload::Unknown { .. } => self.not_understood += 1,
            Payload::CheckedIn(_)
            | Payload::CheckedOut(_)
            | Payload::VisitClosed(_)
            | Payload::VisitVoided(_)
            | Payload::CaseResolved(_) => {}
        }
        Applied::Done
    }

    fn reopen(&mut self, recorded: &Recorded, earlier: &[Recorded]) {
        let counted = |same: &dyn Fn(&Recorded) -> bool| earlier.iter().filter(|it| same(it)).map(Recorded::key).min();
        match &recorded.fact.payload {
            Payload::Earned(p) => {
                let same =
                    |it: &Recorded| matches!(&it.fact.payload, Payload::Earned(it) if it.earning_id == p.earning_id);
                self.earnings.insert(p.earning_id, counted(&same));
            }
            Payload::PointsAdjusted(p) => {
                let id = p.adjustment_id();
                let same =
                    |it: &Recorded| matches!(&it.fact.payload, Payload::PointsAdjusted(it) if it.adjustment_id() == id);
                self.adjustments.insert(id, counted(&same));
            }
            Payload::CheckOutTakenBack(p) => {
                let recorder = recorded.fact.origin.incarnation;
                let same = |it: &Recorded| {
                    it.fact.origin.incarnation == recorder
                        && matches!(&it.fact.payload, Payload::CheckOutTakenBack(it)
                            if (it.visit_id, it.check_out) == (p.visit_id, p.check_out))
                };
                self.taken_back.insert((p.visit_id, p.check_out, recorder), counted(&same));
            }
            Payload::Paid(p) => {
                drop(self.payments.insert(p.payment_id(), Payment::of(about(p.payment_id().0, earlier))))
            }
            Payload::PaymentVoided(p) => {
                drop(self.payments.insert(p.payment_id, Payment::of(about(p.payment_id.0, earlier))))
            }
            Payload::PenaltyImposed(p) => {
                drop(self.penalties.insert(p.penalty_id(), Penalty::of(about(p.penalty_id().0, earlier))))
            }
            Payload::PenaltyDeducted(p) => {
                drop(self.penalties.insert(p.penalty_id, Penalty::of(about(p.penalty_id.0, earlier))))
            }
            Payload::PenaltyVoided(p) => {
                drop(self.penalties.insert(p.penalty_id, Penalty::of(about(p.penalty_id.0, earlier))))
            }
            Payload::PenaltyDeductionVoided(p) => {
                drop(self.penalties.insert(p.penalty_id, Penalty::of(about(p.penalty_id.0, earlier))))
            }
            _ => {}
        }
    }

    fn compact(&mut self) {
        self.holdings.compact();
        self.earnings.clear();
        self.adjustments.clear();
        self.taken_back.clear();
        self.payments.retain(|_, payment| payment.made.is_none());
        self.penalties.retain(|_, penalty| !penalty.is_settled());
    }
}
