//! A customer's account as point keeps it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Ask, Flow, FlowKind, Holdings, InForce, standing};
use crate::fact::{Novelty, OrderKey, Payload, Recorded};
use crate::fold::{Applied, State, hold, keep_least};
use crate::ids::{AdjustmentId, AskId, CustomerId, EarningId, IncarnationId, PaymentId, PenaltyId};
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rules::{Levels, Rules};
use crate::words::{PaymentStatus, Standing};

/// An earning or a correction, with who recorded it; of several with one id, the least.
type Posting<P> = Option<(OrderKey, IncarnationId, P)>;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub holdings: Holdings,
    pub asks: BTreeMap<AskId, Ask>,
    /// Penalties of which something is outstanding, or whose imposing hasn't arrived yet.
    pub penalties: BTreeMap<PenaltyId, Penalty>,
    pub in_force: Option<InForce>,
    /// Ids that are the same person as this one.
    pub links: BTreeSet<CustomerId>,
    pub erased: bool,
    /// Facts that only a newer version understands.
    pub not_understood: u64,
    /// Payments whose making hasn't arrived yet.
    payments: BTreeMap<PaymentId, Payment>,
    earnings: BTreeMap<EarningId, Posting<Points>>,
    adjustments: BTreeMap<AdjustmentId, Posting<i64>>,
}

impl Account {
    /// Points in all, with no incarnation known to be forked.
    pub fn balance(&self) -> i128 {
        self.holdings.balance(&BTreeSet::new())
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

    /// # Errors
    /// `InsufficientPoints` where the balance is short, else `HeldElsewhere`.
    pub fn expect_held(&self, here: IncarnationId, points: Points) -> Result<(), Refusal> {
        let (held, balance) = (self.holdings.held(here), self.balance());
        if points.sum() <= held {
            Ok(())
        } else if points.sum() > balance {
            Err(Refusal::InsufficientPoints { balance })
        } else {
            let holders = self.holdings.holders().filter(|(holder, held)| *holder != here && *held > 0).collect();
            Err(Refusal::HeldElsewhere { balance, payable_here: held.max(0), holders })
        }
    }

    fn post_all(&mut self, flows: Vec<Flow>, sign: i128) {
        flows.into_iter().for_each(|flow| self.holdings.post(flow, sign));
    }

    fn merge_levels(&mut self, generation: u64, levels: Levels) {
        let other = InForce { generation, levels };
        self.in_force.get_or_insert(other).merge(other);
    }

    fn apply_payment(&mut self, id: PaymentId, recorded: &Recorded, novelty: Novelty) -> Applied {
        let Some(payment) = hold(&mut self.payments, id, novelty) else { return Applied::FoldAgain };
        let before = payment_flows(payment);
        payment.apply(recorded);
        let after = payment_flows(payment);
        self.post_all(before, -1);
        self.post_all(after, 1);
        Applied::Done
    }

    fn apply_penalty(&mut self, id: PenaltyId, levels: Levels, recorded: &Recorded, novelty: Novelty) -> Applied {
        self.merge_levels(recorded.fact.rules, levels);
        let Some(penalty) = hold(&mut self.penalties, id, novelty) else { return Applied::FoldAgain };
        let before = price_flows(penalty);
        penalty.apply(recorded);
        let after = price_flows(penalty);
        self.post_all(before, -1);
        self.post_all(after, 1);
        Applied::Done
    }
}

impl State for Account {
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied {
        let recorder = recorded.fact.origin.incarnation;
        match &recorded.fact.payload {
            Payload::Earned(p) => {
                let Some(earning) = hold(&mut self.earnings, p.earning_id, novelty) else {
                    return Applied::FoldAgain;
                };
                let before = posting_flows(earning, FlowKind::Earned, |points| points.sum());
                keep_least(earning, (recorded.key(), recorder, p.points));
                let after = posting_flows(earning, FlowKind::Earned, |points| points.sum());
                self.post_all(before, -1);
                self.post_all(after, 1);
            }
            Payload::PointsAdjusted(p) => {
                let Some(adjustment) = hold(&mut self.adjustments, p.adjustment_id, novelty) else {
                    return Applied::FoldAgain;
                };
                let before = posting_flows(adjustment, FlowKind::Adjusted, |points| i128::from(*points));
                keep_least(adjustment, (recorded.key(), recorder, p.points.get()));
                let after = posting_flows(adjustment, FlowKind::Adjusted, |points| i128::from(*points));
                self.post_all(before, -1);
                self.post_all(after, 1);
            }
            Payload::Paid(p) => return self.apply_payment(p.payment_id(), recorded, novelty),
            Payload::PaymentVoided(p) => return self.apply_payment(p.payment_id, recorded, novelty),
            Payload::PenaltyImposed(p) => return self.apply_penalty(p.penalty_id(), p.levels, recorded, novelty),
            Payload::PenaltyDeducted(p) => return self.apply_penalty(p.penalty_id, p.levels, recorded, novelty),
            Payload::PenaltyVoided(p) => return self.apply_penalty(p.penalty_id, p.levels, recorded, novelty),
            Payload::Asked(p) => {
                let Some(ask) = hold(&mut self.asks, p.ask_id, novelty) else { return Applied::FoldAgain };
                keep_least(&mut ask.asked, (recorded.key(), recorder, p.points));
            }
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
        self.asks.retain(|_, ask| !ask.is_answered());
        // Of one asker only the latest question is open: a later one says that it gave the earlier one up.
        let mut latest: BTreeMap<IncarnationId, OrderKey> = BTreeMap::new();
        for (key, asker, _) in self.asks.values().filter_map(|ask| ask.asked) {
            latest.entry(asker).and_modify(|kept| *kept = key.max(*kept)).or_insert(key);
        }
        self.asks.retain(|_, ask| ask.asked.is_none_or(|(key, asker, _)| latest.get(&asker) == Some(&key)));
    }
}

fn posting_flows<P>(posting: &Posting<P>, kind: FlowKind, sum: impl Fn(&P) -> i128) -> Vec<Flow> {
    posting.iter().map(|(_, holder, points)| Flow { holder: *holder, kind, points: sum(points) }).collect()
}

fn payment_flows(payment: &Payment) -> Vec<Flow> {
    let Some(made) = &payment.made else { return Vec::new() };
    let (holder, points) = (made.incarnation, made.points.sum());
    let paid = Flow { holder, kind: FlowKind::Paid, points: -points };
    match payment.status() {
        PaymentStatus::Paid => vec![paid],
        PaymentStatus::Voided => vec![paid, Flow { holder, kind: FlowKind::Voided, points }],
    }
}

fn price_flows(penalty: &Penalty) -> Vec<Flow> {
    let prices = penalty.deductions.values().filter_map(|deducted| Some((deducted.incarnation, deducted.price?)));
    prices.map(|(holder, price)| Flow { holder, kind: FlowKind::Paid, points: -price.sum() }).collect()
}
