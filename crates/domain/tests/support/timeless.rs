//! The fold as it was before penalties lapsed, bans ended and points expired: amounts are sums, whatever the moment.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::{Deduction, OrderKey, Payload, Recorded};
use nosmoke_domain::fold::distinct;
use nosmoke_domain::ids::{IncarnationId, PaymentId, PenaltyDeductionId, PenaltyId};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;

#[derive(Debug)]
pub(crate) struct Timeless {
    pub(crate) balance: i128,
    pub(crate) written_off: i128,
    pub(crate) outstanding: i128,
    pub(crate) standing: Standing,
}

#[derive(Default)]
struct Payment {
    made: Option<(OrderKey, IncarnationId, i128)>,
    voids: BTreeSet<IncarnationId>,
}

#[derive(Default)]
struct Penalty {
    imposed: Option<i128>,
    deductions: BTreeMap<PenaltyDeductionId, (IncarnationId, i128, Option<i128>)>,
    is_voided: bool,
    voids: BTreeMap<PenaltyDeductionId, BTreeSet<IncarnationId>>,
}

impl Penalty {
    fn is_deduction_voided(&self, id: PenaltyDeductionId) -> bool {
        let (Some((by, _, price)), Some(voids)) = (self.deductions.get(&id), self.voids.get(&id)) else {
            return false;
        };
        price.is_none() || voids.contains(by)
    }

    fn outstanding(&self) -> i128 {
        let stands = |(id, (_, points, _)): (&PenaltyDeductionId, &(IncarnationId, i128, Option<i128>))| {
            if self.is_deduction_voided(*id) { 0 } else { *points }
        };
        match self.imposed {
            Some(imposed) if !self.is_voided => (imposed - self.deductions.iter().map(stands).sum::<i128>()).max(0),
            _ => 0,
        }
    }
}

pub(crate) fn fold(set: &[Recorded], forked: &BTreeSet<IncarnationId>) -> Timeless {
    let mut held: BTreeMap<IncarnationId, i128> = BTreeMap::new();
    let (mut reclaimed, mut counted) = (BTreeSet::new(), BTreeSet::new());
    let mut payments: BTreeMap<PaymentId, Payment> = BTreeMap::new();
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    let mut levels: Option<(Reverse<u64>, Points, Points)> = None;
    let mut merge = |rules: u64, of: &nosmoke_domain::rules::Levels| {
        let other = (Reverse(rules), of.prohibit_at(), of.warn_at);
        levels = Some(levels.map_or(other, |levels| levels.min(other)));
    };
    for recorded in distinct(set) {
        let here = recorded.fact.origin.incarnation;
        let rules = recorded.fact.rules;
        let mut change = |holder, points: i128| *held.entry(holder).or_default() += points;
        match &recorded.fact.payload {
            Payload::Earned(p) if counted.insert((1, p.earning_id.to_string())) => change(here, p.points.sum()),
            Payload::PointsAdjusted(p) if counted.insert((2, p.adjustment_id().to_string())) => {
                change(here, p.points().sum());
            }
            Payload::CheckOutTakenBack(p) if counted.insert((3, format!("{} {} {here}", p.visit_id, p.check_out))) => {
                change(here, -p.lots.as_ref().map_or(0, |lots| lots.points().sum()));
            }
            Payload::Given(p) => {
                change(here, -p.lots.points().sum());
                change(p.to, p.lots.points().sum());
            }
            Payload::Reclaimed(p) => {
                let points = p.lots.as_ref().map_or(0, |lots| lots.points().sum());
                change(p.from, -points);
                change(here, points);
                reclaimed.insert(p.from);
            }
            Payload::Paid(p) => {
                let payment = payments.entry(p.payment_id()).or_default();
                payment.made.get_or_insert((recorded.key(), here, p.points().sum()));
            }
            Payload::PaymentVoided(p) => {
                payments.entry(p.payment_id).or_default().voids.insert(here);
            }
            Payload::PenaltyImposed(p) => {
                merge(rules, &p.levels);
                penalties.entry(p.penalty_id()).or_default().imposed.get_or_insert(p.points().sum());
            }
            Payload::PenaltyDeducted(p) => {
                merge(rules, &p.levels);
                let price = p.price.as_ref().map(Deduction::points).map(Points::sum);
                let of = penalties.entry(p.penalty_id).or_default();
                of.deductions.entry(p.deduction_id).or_insert((here, p.points.sum(), price));
            }
            Payload::PenaltyVoided(p) => {
                merge(rules, &p.levels);
                penalties.entry(p.penalty_id).or_default().is_voided = true;
            }
            Payload::PenaltyDeductionVoided(p) => {
                merge(rules, &p.levels);
                penalties.entry(p.penalty_id).or_default().voids.entry(p.deduction_id).or_default().insert(here);
            }
            _ => {}
        }
    }
    for payment in payments.values() {
        if let Some((_, by, points)) = payment.made.filter(|(_, by, _)| !payment.voids.contains(by)) {
            *held.entry(by).or_default() -= points;
        }
    }
    for penalty in penalties.values() {
        for (id, (by, _, price)) in &penalty.deductions {
            if let Some(price) = price.filter(|_| !penalty.is_deduction_voided(*id)) {
                *held.entry(*by).or_default() -= price;
            }
        }
    }
    let is_lost = |of: &IncarnationId| reclaimed.contains(of) || forked.contains(of);
    let lost = || held.iter().filter(|(of, _)| is_lost(of)).map(|(_, points)| *points);
    let written_off = lost().map(|points| (-points).max(0)).sum::<i128>();
    let outstanding = penalties.values().map(Penalty::outstanding).sum();
    let of_rules = Rules::default().levels;
    let (prohibit_at, warn_at) =
        levels.map_or((of_rules.prohibit_at(), of_rules.warn_at), |(_, prohibit_at, warn_at)| (prohibit_at, warn_at));
    let standing = if outstanding >= prohibit_at.sum() {
        Standing::Prohibited
    } else if outstanding >= warn_at.sum() {
        Standing::Warned
    } else {
        Standing::Allowed
    };
    Timeless { balance: held.values().sum::<i128>() + written_off, written_off, outstanding, standing }
}
