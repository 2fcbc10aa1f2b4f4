//! A customer's account as point keeps it.
//!
//! Of several facts with one id the least counts. A whole set is folded in that order, so the first to come counts; one
//! that comes later and is less has the set folded again. So nothing is ever taken back from a sum.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Ask, FlowKind, Holdings, InForce, standing};
use crate::fact::{Asked, Novelty, OrderKey, Payload, Recorded};
use crate::fold::{Applied, State, hold};
use crate::ids::{AdjustmentId, AskId, CustomerId, EarningId, IncarnationId, PaymentId, PenaltyId};
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::published::AccountSummary;
use crate::rules::{Levels, Rules};
use crate::words::{PaymentStatus, Standing};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub holdings: Holdings,
    /// Questions that are neither answered nor given up, or whose asking hasn't arrived yet.
    pub asks: BTreeMap<AskId, Ask>,
    /// Penalties of which something is outstanding, or whose imposing hasn't arrived yet.
    pub penalties: BTreeMap<PenaltyId, Penalty>,
    pub in_force: Option<InForce>,
    /// Ids that are the same person as this one.
    pub links: BTreeSet<CustomerId>,
    pub erased: bool,
    /// Facts that only a newer version understands.
    pub not_understood: u64,
    /// Incarnations known to have forked, whoever's facts show it: what is below 0 there is written off. Given by whoever
    /// loads the account.
    #[serde(skip)]
    pub forked: BTreeSet<IncarnationId>,
    /// Of each asker the latest question, answered or not: with it the earlier ones are given up.
    last_asked: BTreeMap<IncarnationId, OrderKey>,
    /// Payments whose making hasn't arrived yet.
    payments: BTreeMap<PaymentId, Payment>,
    /// Counted since the last compaction, by which fact.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    earnings: BTreeMap<EarningId, Option<OrderKey>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    adjustments: BTreeMap<AdjustmentId, Option<OrderKey>>,
}

impl Account {
    /// Points in all.
    pub fn balance(&self) -> i128 {
        self.holdings.balance(&self.forked)
    }

    /// Outstanding penalty points, never below 0.
    pub fn outstanding(&self) -> i128 {
        self.penalties.values().map(Penalty::outstanding).sum()
    }

    pub fn levels(&self, rules: &Rules) -> Levels {
        self.in_force.map_or(rules.levels, |in_force| in_force.levels)
    }

    /// The standing from this id's own facts; linked ids may make it worse.
    pub fn standing(&self, rules: &Rules) -> Standing {
        standing(self.outstanding(), self.levels(rules))
    }

    /// What the account is to an incarnation that pays from it or records a penalty.
    pub fn summary(&self, here: IncarnationId) -> AccountSummary {
        AccountSummary {
            balance: self.balance(),
            held_here: self.holdings.held(here),
            holders: self.holdings.holders().filter(|(holder, held)| *holder != here && *held > 0).collect(),
            erased: self.erased,
        }
    }

    fn merge_levels(&mut self, generation: u64, levels: Levels) {
        let other = InForce { generation, levels };
        self.in_force.get_or_insert(other).merge(other);
    }

    fn apply_payment(&mut self, id: PaymentId, recorded: &Recorded, novelty: Novelty) -> Applied {
        let Some(payment) = hold(&mut self.payments, id, novelty) else { return Applied::FoldAgain };
        let counted = payment.made.as_ref().map(|made| made.key);
        let was_voided = payment.status() == PaymentStatus::Voided;
        payment.apply(recorded);
        let Some(made) = &payment.made else { return Applied::Done };
        match counted {
            None => self.holdings.post(made.incarnation, FlowKind::Paid, -made.points.sum()),
            Some(key) if key != made.key => return Applied::FoldAgain,
            Some(_) => {}
        }
        if payment.status() == PaymentStatus::Voided && !was_voided {
            self.holdings.post(made.incarnation, FlowKind::Voided, made.points.sum());
        }
        Applied::Done
    }

    fn apply_penalty(&mut self, id: PenaltyId, levels: Levels, recorded: &Recorded, novelty: Novelty) -> Applied {
        self.merge_levels(recorded.fact.rules, levels);
        let Some(penalty) = hold(&mut self.penalties, id, novelty) else { return Applied::FoldAgain };
        if let Payload::PenaltyDeducted(p) = &recorded.fact.payload {
            match (penalty.deductions.get(&p.deduction_id), p.price) {
                (None, Some(price)) => {
                    let recorder = recorded.fact.origin.incarnation;
                    self.holdings.post(recorder, FlowKind::Paid, -price.points.sum());
                }
                (Some(counted), _) if recorded.key() < counted.key => return Applied::FoldAgain,
                _ => {}
            }
        }
        penalty.apply(recorded);
        Applied::Done
    }

    fn apply_asked(&mut self, asked: &Asked, recorded: &Recorded, novelty: Novelty) -> Applied {
        let (key, asker) = (recorded.key(), recorded.fact.origin.incarnation);
        let Some(ask) = hold(&mut self.asks, asked.ask_id, novelty) else { return Applied::FoldAgain };
        match ask.asked {
            None => {
                ask.asked = Some((key, asker, asked.points));
                self.last_asked.entry(asker).and_modify(|last| *last = key.max(*last)).or_insert(key);
            }
            Some((counted, ..)) if key < counted => return Applied::FoldAgain,
            Some(_) => {}
        }
        Applied::Done
    }
}

/// Counts an earning or a correction once, however many facts have its id: the least of them.
fn post_once<K: Ord>(
    counted: &mut BTreeMap<K, Option<OrderKey>>,
    id: K,
    recorded: &Recorded,
    novelty: Novelty,
    post: impl FnOnce(IncarnationId),
) -> Applied {
    let key = recorded.key();
    let Some(counted) = hold(counted, id, novelty) else { return Applied::FoldAgain };
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

impl State for Account {
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied {
        let recorder = recorded.fact.origin.incarnation;
        match &recorded.fact.payload {
            Payload::Earned(p) => {
                return post_once(&mut self.earnings, p.earning_id, recorded, novelty, |recorder| {
                    self.holdings.post(recorder, FlowKind::Earned, p.points.sum());
                });
            }
            Payload::PointsAdjusted(p) => {
                return post_once(&mut self.adjustments, p.adjustment_id, recorded, novelty, |recorder| {
                    self.holdings.post(recorder, FlowKind::Adjusted, p.points.sum());
                });
            }
            Payload::Paid(p) => return self.apply_payment(p.payment_id(), recorded, novelty),
            Payload::PaymentVoided(p) => return self.apply_payment(p.payment_id, recorded, novelty),
            Payload::PenaltyImposed(p) => return self.apply_penalty(p.penalty_id(), p.levels, recorded, novelty),
            Payload::PenaltyDeducted(p) => return self.apply_penalty(p.penalty_id, p.levels, recorded, novelty),
            Payload::PenaltyVoided(p) => return self.apply_penalty(p.penalty_id, p.levels, recorded, novelty),
            Payload::Asked(p) => return self.apply_asked(p, recorded, novelty),
            Payload::Given(p) => {
                if let Some(ask_id) = p.ask_id {
                    let Some(ask) = hold(&mut self.asks, ask_id, novelty) else { return Applied::FoldAgain };
                    ask.givers.insert(recorder);
                    ask.given.0 += p.points.sum();
                }
                self.holdings.transfer(recorder, p.to, p.points.sum());
            }
            Payload::Reclaimed(p) => {
                self.holdings.transfer(p.from, recorder, p.points.sum());
                self.holdings.mark_reclaimed(p.from);
            }
            Payload::CustomersLinked(p) => {
                self.links.insert(p.other_id);
            }
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

    fn compact(&mut self) {
        self.holdings.compact();
        self.earnings.clear();
        self.adjustments.clear();
        self.payments.retain(|_, payment| payment.made.is_none());
        self.penalties.retain(|_, penalty| !penalty.is_settled());
        let Self { asks, last_asked, .. } = self;
        let given_up = |(key, asker, _)| last_asked.get(&asker) != Some(&key);
        asks.retain(|_, ask| !ask.is_answered() && !ask.asked.is_some_and(given_up));
    }
}
