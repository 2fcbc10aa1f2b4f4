//! Derives the cases of one customer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::check_in::Visit;
use crate::fact::{CaseId, Earning, Novelty, OrderKey, Payload, Recorded};
use crate::fold::{State, distinct, fold};
use crate::ids::{EventId, IncarnationId, PaymentId, PenaltyId, VisitId};
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::point::{Account, standing};
use crate::rules::seoul_date;
use crate::words::{CaseReason, CaseResolution, Standing};

/// A contradiction, with the facts that make it and how it was resolved, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    /// The other fact of the pair.
    pub other: Option<EventId>,
    pub resolution: Option<CaseResolution>,
}

/// Every case that a set of one customer's facts holds, in the order of the facts that name them.
pub fn cases<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Vec<Case> {
    let facts = distinct(facts);
    let account: Account = fold(facts.iter().copied());
    let visits = visits(&facts);
    let mut found = Found::default();
    double_check_outs(&facts, &mut found);
    overlapping_visits(&visits, &mut found);
    caps_broken(&facts, &mut found);
    never_earned(&visits, &account, &mut found);
    deducted_too_much(&facts, &mut found);
    admitted_while_prohibited(&facts, &mut found);
    voided_elsewhere(&facts, &mut found);
    written_off(&facts, &account, &mut found);
    after_erasure(&facts, &mut found);
    found.resolved_by(&facts)
}

#[derive(Default)]
struct Found(Vec<(OrderKey, CaseReason, Option<EventId>)>);

impl Found {
    /// A case of the fact with this key.
    fn add(&mut self, key: OrderKey, reason: CaseReason, other: Option<EventId>) {
        self.0.push((key, reason, other));
    }

    fn resolved_by(mut self, facts: &[&Recorded]) -> Vec<Case> {
        let resolutions: BTreeMap<CaseId, CaseResolution> = facts
            .iter()
            .filter_map(|recorded| match &recorded.fact.payload {
                Payload::CaseResolved(p) => Some((p.case, p.resolution)),
                _ => None,
            })
            .collect();
        self.0.sort_unstable();
        let case = |(key, reason, other): (OrderKey, _, _)| {
            let id = CaseId { event_id: key.event_id, reason };
            Case { id, other, resolution: resolutions.get(&id).copied() }
        };
        self.0.into_iter().map(case).collect()
    }
}

fn visits(facts: &[&Recorded]) -> BTreeMap<VisitId, Visit> {
    let mut visits: BTreeMap<VisitId, Visit> = BTreeMap::new();
    for recorded in facts {
        let id = match &recorded.fact.payload {
            Payload::CheckedIn(p) => p.visit_id,
            Payload::CheckedOut(p) => p.visit_id,
            Payload::VisitClosed(p) => p.visit_id,
            Payload::VisitVoided(p) => p.visit_id,
            Payload::Earned(p) => p.visit_id,
            _ => continue,
        };
        visits.entry(id).or_default().apply(recorded);
    }
    visits
}

/// Of several check-outs each but the first; the first one beside a closing, which it outdoes: the visit earns after all.
fn double_check_outs(facts: &[&Recorded], found: &mut Found) {
    let mut outs: BTreeMap<VisitId, EventId> = BTreeMap::new();
    let mut earnings: BTreeMap<VisitId, EventId> = BTreeMap::new();
    let mut closings: BTreeMap<VisitId, EventId> = BTreeMap::new();
    for recorded in facts {
        if let Payload::VisitClosed(p) = &recorded.fact.payload {
            closings.entry(p.visit_id).or_insert(recorded.fact.event_id);
        }
    }
    for recorded in facts {
        let (firsts, visit_id, reason) = match &recorded.fact.payload {
            Payload::CheckedOut(p) => (&mut outs, p.visit_id, CaseReason::DoubleCheckOut),
            Payload::Earned(p) => (&mut earnings, p.visit_id, CaseReason::EarnedTwice),
            _ => continue,
        };
        let first = *firsts.entry(visit_id).or_insert(recorded.fact.event_id);
        if first != recorded.fact.event_id {
            found.add(recorded.key(), reason, Some(first));
        } else if reason == CaseReason::DoubleCheckOut
            && let Some(closing) = closings.get(&visit_id)
        {
            found.add(recorded.key(), reason, Some(*closing));
        }
    }
}

/// Each visit that began before an earlier one had ended, with the earlier one that ended last.
fn overlapping_visits(visits: &BTreeMap<VisitId, Visit>, found: &mut Found) {
    let mut spans: Vec<_> = visits
        .values()
        .filter(|visit| !visit.voided)
        .filter_map(|visit| Some((visit.entry.as_ref()?.key, visit.exit().map(|exit| exit.key.occurred_at))))
        .collect();
    spans.sort_unstable();
    let mut spans = spans.into_iter();
    let Some(mut last) = spans.next() else { return };
    for span in spans {
        if last.1.is_none_or(|end| span.0.occurred_at < end) {
            found.add(span.0, CaseReason::OverlappingVisits, Some(last.0.event_id));
        }
        if last.1.is_some_and(|end| span.1.is_none_or(|other| other > end)) {
            last = span;
        }
    }
}

/// Each check-out that brought a day beyond the cap that it was to keep to.
fn caps_broken(facts: &[&Recorded], found: &mut Found) {
    let mut checked_out: BTreeSet<VisitId> = BTreeSet::new();
    let mut days: BTreeMap<NaiveDate, (i128, EventId)> = BTreeMap::new();
    for recorded in facts {
        let Payload::CheckedOut(p) = &recorded.fact.payload else { continue };
        let (true, Some(Earning { points, .. })) = (checked_out.insert(p.visit_id), p.earning) else { continue };
        let (sum, last) = days.entry(seoul_date(recorded.fact.occurred_at)).or_insert((0, recorded.fact.event_id));
        *sum += points.sum();
        if p.daily_cap.is_some_and(|cap| *sum > cap.sum()) {
            let other = Some(*last).filter(|last| *last != recorded.fact.event_id);
            found.add(recorded.key(), CaseReason::CapBroken, other);
        }
        *last = recorded.fact.event_id;
    }
}

/// Only the incarnation that recorded a check-out earns for it, and one that was reclaimed from is gone.
fn never_earned(visits: &BTreeMap<VisitId, Visit>, account: &Account, found: &mut Found) {
    for visit in visits.values().filter(|visit| visit.awaits_earning()) {
        if let Some(exit) = visit.check_out.as_ref().filter(|exit| account.holdings.is_reclaimed(exit.incarnation)) {
            found.add(exit.key, CaseReason::NeverEarned, None);
        }
    }
}

fn deducted_too_much(facts: &[&Recorded], found: &mut Found) {
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    for recorded in facts {
        if let Some(id) = penalty_id(&recorded.fact.payload) {
            penalties.entry(id).or_default().apply(recorded);
        }
    }
    for penalty in penalties.values() {
        let Some(imposed) = &penalty.imposed else { continue };
        for (_, deducted, taken) in penalty.effective_deductions() {
            if taken < deducted.points.sum() {
                found.add(deducted.key, CaseReason::DeductedTooMuch, Some(imposed.key.event_id));
            }
        }
    }
}

fn penalty_id(payload: &Payload) -> Option<PenaltyId> {
    match payload {
        Payload::PenaltyImposed(p) => Some(p.penalty_id()),
        Payload::PenaltyDeducted(p) => Some(p.penalty_id),
        Payload::PenaltyVoided(p) => Some(p.penalty_id),
        _ => None,
    }
}

/// Prohibited in truth when the check-in was recorded, by every fact that had occurred by then.
fn admitted_while_prohibited(facts: &[&Recorded], found: &mut Found) {
    let mut account = Account::default();
    let mut outstanding: i128 = 0;
    let mut last_imposed = None;
    for recorded in facts {
        let payload = &recorded.fact.payload;
        if let Some(id) = penalty_id(payload) {
            let of = |account: &Account| account.penalties.get(&id).map_or(0, Penalty::outstanding);
            outstanding -= of(&account);
            let _whole = account.apply(recorded, Novelty::Whole);
            outstanding += of(&account);
            if matches!(payload, Payload::PenaltyImposed(_)) {
                last_imposed = Some(recorded.fact.event_id);
            }
        }
        let admitted = matches!(payload, Payload::CheckedIn(p) if p.standing != Standing::Prohibited);
        let prohibited = account.in_force.is_some_and(|it| standing(outstanding, it.levels) == Standing::Prohibited);
        if admitted && prohibited {
            found.add(recorded.key(), CaseReason::AdmittedWhileProhibited, last_imposed);
        }
    }
}

fn voided_elsewhere(facts: &[&Recorded], found: &mut Found) {
    let mut payments: BTreeMap<PaymentId, Payment> = BTreeMap::new();
    for recorded in facts {
        if let Payload::Paid(p) = &recorded.fact.payload {
            payments.entry(p.payment_id()).or_default().apply(recorded);
        }
    }
    for recorded in facts {
        let Payload::PaymentVoided(p) = &recorded.fact.payload else { continue };
        let made = payments.get(&p.payment_id).and_then(|payment| payment.made.as_ref());
        if let Some(made) = made.filter(|made| made.incarnation != recorded.fact.origin.incarnation) {
            found.add(recorded.key(), CaseReason::VoidedElsewhere, Some(made.key.event_id));
        }
    }
}

/// The last reclaim from each incarnation that paid more than it held.
fn written_off(facts: &[&Recorded], account: &Account, found: &mut Found) {
    let mut seen: BTreeSet<IncarnationId> = BTreeSet::new();
    for recorded in facts.iter().rev() {
        let Payload::Reclaimed(p) = &recorded.fact.payload else { continue };
        if account.holdings.held(p.from) < 0 && seen.insert(p.from) {
            found.add(recorded.key(), CaseReason::WrittenOff, None);
        }
    }
}

/// New doings of an erased customer; check-outs and corrections are no contradiction.
fn after_erasure(facts: &[&Recorded], found: &mut Found) {
    let Some(erasure) = facts.iter().position(|recorded| matches!(recorded.fact.payload, Payload::CustomerErased(_)))
    else {
        return;
    };
    for recorded in &facts[erasure..] {
        if matches!(recorded.fact.payload, Payload::CheckedIn(_) | Payload::Paid(_) | Payload::PenaltyImposed(_)) {
            found.add(recorded.key(), CaseReason::Erased, Some(facts[erasure].fact.event_id));
        }
    }
}
