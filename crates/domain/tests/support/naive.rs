//! A customer's state at a moment, computed plainly from all facts: no snapshots, no aggregates, no sums kept up to date.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use nosmoke_domain::fact::{OrderKey, Payload, Recorded};
use nosmoke_domain::fold::distinct;
use nosmoke_domain::ids::{IncarnationId, PenaltyDeductionId, PenaltyId};
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::rules::{Levels, Rules};
use nosmoke_domain::words::Standing;

#[derive(Debug)]
pub(crate) struct AtMoment {
    pub(crate) balance: i128,
    pub(crate) expired: i128,
    pub(crate) outstanding: i128,
    pub(crate) standing: Standing,
}

fn day(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(9)).date_naive()
}

fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day + chrono::Days::new(days.into())
}

pub(crate) fn at(set: &[Recorded], forked: &BTreeSet<IncarnationId>, at: DateTime<Utc>) -> AtMoment {
    let facts = distinct(set);
    let today = day(at);
    let (balance, expired) = points(&facts, forked, today);
    let penalties = penalties(&facts);
    let mut outstanding = 0;
    let mut latest = None;
    for penalty in &penalties {
        let left = penalty.left.max(0);
        let is_over = penalty.lapse.is_some_and(|lapse| today > last_day(penalty.day, lapse, &penalties));
        if !penalty.is_voided && left > 0 && !is_over {
            outstanding += left;
            latest = latest.max(Some(penalty.day));
        }
    }
    let levels = levels(&facts).unwrap_or_else(|| Rules::default().levels);
    let mut standing = Standing::Allowed;
    if outstanding >= levels.warn_at.sum() {
        standing = Standing::Warned;
    }
    for level in levels.prohibit.iter().filter(|level| outstanding >= level.at.sum()) {
        let lasts = level.days.is_none_or(|days| latest.is_some_and(|latest| today <= after(latest, days.get())));
        standing = standing.max(if lasts { Standing::Prohibited } else { Standing::Warned });
    }
    AtMoment { balance, expired, outstanding, standing }
}

/// The balance, and what has expired.
fn points(facts: &[&Recorded], forked: &BTreeSet<IncarnationId>, today: NaiveDate) -> (i128, i128) {
    let mut held: BTreeMap<(IncarnationId, LastDay), i128> = BTreeMap::new();
    let mut lost = forked.clone();
    let mut counted = BTreeSet::new();
    let voided_by = |here, is: &dyn Fn(&Payload) -> bool| {
        facts.iter().any(|it| it.fact.origin.incarnation == here && is(&it.fact.payload))
    };
    let mut change = |holder, lots: &Lots, sign: i128| {
        for (last, points) in lots.iter() {
            *held.entry((holder, last)).or_default() += sign * points.sum();
        }
    };
    for recorded in facts {
        let here = recorded.fact.origin.incarnation;
        let mut first = |kind: u8, id: String| counted.insert((kind, id));
        match &recorded.fact.payload {
            Payload::Earned(p) if first(1, p.earning_id.to_string()) => {
                change(here, &Lots::one(p.expires_on, p.points), 1);
            }
            Payload::PointsAdjusted(p) if first(2, p.adjustment_id().to_string()) => {
                change(here, p.lots(), i128::from(p.points().get().signum()));
            }
            Payload::Paid(p) if first(3, p.payment_id().to_string()) => {
                let is = |it: &Payload| matches!(it, Payload::PaymentVoided(v) if v.payment_id == p.payment_id());
                if !voided_by(here, &is) {
                    change(here, p.lots(), -1);
                }
            }
            Payload::PenaltyDeducted(p) if first(4, format!("{} {}", p.penalty_id, p.deduction_id)) => {
                let is = |it: &Payload| {
                    matches!(it, Payload::PenaltyDeductionVoided(v)
                        if (v.penalty_id, v.deduction_id) == (p.penalty_id, p.deduction_id))
                };
                if let Some(price) = p.price.as_ref().filter(|_| !voided_by(here, &is)) {
                    change(here, price.lots(), -1);
                }
            }
            Payload::CheckOutTakenBack(p) if first(5, format!("{} {} {here}", p.visit_id, p.check_out)) => {
                p.lots.iter().for_each(|lots| change(here, lots, -1));
            }
            Payload::Given(p) => {
                change(here, &p.lots, -1);
                change(p.to, &p.lots, 1);
            }
            Payload::Reclaimed(p) => {
                lost.insert(p.from);
                if let Some(lots) = &p.lots {
                    change(p.from, lots, -1);
                    change(here, lots, 1);
                }
            }
            _ => {}
        }
    }
    let (mut balance, mut expired) = (0, 0);
    for ((holder, last), points) in held {
        let points = if lost.contains(&holder) { points.max(0) } else { points };
        if matches!(last, LastDay::On(day) if day < today) { expired += points } else { balance += points }
    }
    (balance, expired)
}

struct Penalty {
    day: NaiveDate,
    lapse: Option<Lapse>,
    /// The imposed points less the deducted ones; it may be below 0.
    left: i128,
    is_voided: bool,
}

fn penalties(facts: &[&Recorded]) -> Vec<Penalty> {
    let mut ids: BTreeSet<PenaltyId> = BTreeSet::new();
    let mut found = Vec::new();
    for recorded in facts {
        let Payload::PenaltyImposed(imposed) = &recorded.fact.payload else { continue };
        if !ids.insert(imposed.penalty_id()) {
            continue;
        }
        let id = imposed.penalty_id();
        let mut firsts: BTreeMap<PenaltyDeductionId, (&Recorded, OrderKey)> = BTreeMap::new();
        for it in facts {
            if let Payload::PenaltyDeducted(p) = &it.fact.payload
                && p.penalty_id == id
            {
                firsts.entry(p.deduction_id).or_insert((it, it.key()));
            }
        }
        let mut left = imposed.points().sum();
        for (deduction_id, (it, _)) in firsts {
            let Payload::PenaltyDeducted(p) = &it.fact.payload else { continue };
            let voids = |void: &&&Recorded| {
                let paid_elsewhere = p.price.is_some() && void.fact.origin.incarnation != it.fact.origin.incarnation;
                !paid_elsewhere
                    && matches!(&void.fact.payload, Payload::PenaltyDeductionVoided(v)
                        if (v.penalty_id, v.deduction_id) == (id, deduction_id))
            };
            if facts.iter().find(voids).is_none() {
                left -= p.points.sum();
            }
        }
        let is_void = |it: &&Recorded| matches!(&it.fact.payload, Payload::PenaltyVoided(v) if v.penalty_id == id);
        let (day, is_voided) = (day(recorded.fact.occurred_at), facts.iter().any(is_void));
        found.push(Penalty { day, lapse: imposed.lapse, left, is_voided });
    }
    found
}

/// The last day of a penalty: the row is looked through again and again until nothing is added to it.
fn last_day(first: NaiveDate, lapse: Lapse, all: &[Penalty]) -> NaiveDate {
    let mut last = after(first, lapse.days.get());
    if lapse.how == How::Fixed {
        return last;
    }
    loop {
        let in_row = |it: &&Penalty| !it.is_voided && it.day >= first && it.day <= last;
        let longer =
            all.iter().filter(in_row).map(|it| after(it.day, lapse.days.get())).max().unwrap_or(last).max(last);
        if longer == last {
            return last;
        }
        last = longer;
    }
}

fn levels(facts: &[&Recorded]) -> Option<Levels> {
    let each = facts.iter().filter_map(|it| {
        let levels = match &it.fact.payload {
            Payload::PenaltyImposed(p) => &p.levels,
            Payload::PenaltyDeducted(p) => &p.levels,
            Payload::PenaltyVoided(p) => &p.levels,
            Payload::PenaltyDeductionVoided(p) => &p.levels,
            Payload::LevelsRevised(p) => &p.levels,
            _ => return None,
        };
        Some((it.fact.rules, levels))
    });
    let rank = |(rules, levels): &(u64, &Levels)| {
        let lowest = levels.prohibit.iter().map(|level| level.at).min();
        (Reverse(*rules), lowest, levels.warn_at, serde_json::to_vec(levels).unwrap())
    };
    each.min_by_key(rank).map(|(_, levels)| levels.clone())
}
