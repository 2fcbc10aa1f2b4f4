//! Derives the cases of one customer.

use std::collections::{BTreeMap, BTreeSet};

use crate::check_in::Visit;
use crate::fact::{CaseId, Payload, Recorded};
use crate::fold::{distinct, fold};
use crate::ids::{EventId, IncarnationId, PaymentId, PenaltyId, VisitId};
use crate::pay::Payment;
use crate::penalty::Penalty;
use crate::point::{Account, standing};
use crate::words::{CaseReason, CaseResolution, Standing};

/// A contradiction, with the facts that make it and how it was resolved, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    /// The other fact of the pair.
    pub other: Option<EventId>,
    pub resolution: Option<CaseResolution>,
}

/// Every case that a set of one customer's facts holds, in the order of the facts that made it.
pub fn cases<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Vec<Case> {
    let facts = distinct(facts);
    let mut found = Found::default();
    double_check_outs(&facts, &mut found);
    overlapping_visits(&facts, &mut found);
    deducted_too_much(&facts, &mut found);
    admitted_while_prohibited(&facts, &mut found);
    voided_elsewhere(&facts, &mut found);
    written_off(&facts, &mut found);
    after_erasure(&facts, &mut found);
    found.resolved_by(&facts)
}

#[derive(Default)]
struct Found(Vec<(CaseId, Option<EventId>)>);

impl Found {
    fn add(&mut self, event_id: EventId, reason: CaseReason, other: Option<EventId>) {
        self.0.push((CaseId { event_id, reason }, other));
    }

    fn resolved_by(self, facts: &[&Recorded]) -> Vec<Case> {
        let resolutions: BTreeMap<CaseId, CaseResolution> = facts
            .iter()
            .filter_map(|recorded| match &recorded.fact.payload {
                Payload::CaseResolved(p) => Some((p.case, p.resolution)),
                _ => None,
            })
            .collect();
        let case = |(id, other)| Case { id, other, resolution: resolutions.get(&id).copied() };
        self.0.into_iter().map(case).collect()
    }
}

fn double_check_outs(facts: &[&Recorded], found: &mut Found) {
    let mut outs: BTreeMap<VisitId, EventId> = BTreeMap::new();
    let mut earnings: BTreeMap<VisitId, EventId> = BTreeMap::new();
    for recorded in facts {
        let event_id = recorded.fact.event_id;
        match &recorded.fact.payload {
            Payload::CheckedOut(p) => match outs.get(&p.visit_id) {
                Some(first) => found.add(event_id, CaseReason::DoubleCheckOut, Some(*first)),
                None => drop(outs.insert(p.visit_id, event_id)),
            },
            Payload::Earned(p) => match earnings.get(&p.visit_id) {
                Some(first) => found.add(event_id, CaseReason::EarnedTwice, Some(*first)),
                None => drop(earnings.insert(p.visit_id, event_id)),
            },
            _ => {}
        }
    }
}

fn overlapping_visits(facts: &[&Recorded], found: &mut Found) {
    let mut visits: BTreeMap<VisitId, Visit> = BTreeMap::new();
    for recorded in facts {
        let id = recorded.fact.related().or(recorded.fact.subject());
        if let (Some(id), true) = (id, is_of_visit(&recorded.fact.payload)) {
            visits.entry(VisitId(id)).or_default().apply(recorded);
        }
    }
    let mut spans: Vec<_> = visits
        .values()
        .filter(|visit| !visit.voided)
        .filter_map(|visit| Some((visit.entry.as_ref()?.key, visit.exit().map(|exit| exit.key.occurred_at))))
        .collect();
    spans.sort();
    for pair in spans.windows(2) {
        let [(first, end), (second, _)] = pair else { continue };
        if end.is_none_or(|end| second.occurred_at < end) {
            found.add(second.event_id, CaseReason::OverlappingVisits, Some(first.event_id));
        }
    }
}

fn is_of_visit(payload: &Payload) -> bool {
    matches!(
        payload,
        Payload::CheckedIn(_)
            | Payload::CheckedOut(_)
            | Payload::VisitClosed(_)
            | Payload::VisitVoided(_)
            | Payload::Earned(_)
    )
}

fn deducted_too_much(facts: &[&Recorded], found: &mut Found) {
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    for recorded in facts {
        let id = match &recorded.fact.payload {
            Payload::PenaltyImposed(p) => p.penalty_id(),
            Payload::PenaltyDeducted(p) => p.penalty_id,
            Payload::PenaltyVoided(p) => p.penalty_id,
            _ => continue,
        };
        penalties.entry(id).or_default().apply(recorded);
    }
    for penalty in penalties.values() {
        let Some(imposed) = &penalty.imposed else { continue };
        for (_, deducted, taken) in penalty.effective_deductions() {
            if taken < deducted.points.sum() {
                found.add(deducted.key.event_id, CaseReason::DeductedTooMuch, Some(imposed.key.event_id));
            }
        }
    }
}

/// Prohibited in truth when the check-in was recorded, by every fact that had occurred by then.
fn admitted_while_prohibited(facts: &[&Recorded], found: &mut Found) {
    for (index, recorded) in facts.iter().enumerate() {
        let Payload::CheckedIn(p) = &recorded.fact.payload else { continue };
        if p.standing == Standing::Prohibited {
            continue;
        }
        let before: Account = fold(facts.iter().take(index).copied());
        let Some(in_force) = before.in_force else { continue };
        if standing(before.outstanding(), in_force.levels) == Standing::Prohibited {
            found.add(recorded.fact.event_id, CaseReason::AdmittedWhileProhibited, None);
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
            found.add(recorded.fact.event_id, CaseReason::VoidedElsewhere, Some(made.key.event_id));
        }
    }
}

fn written_off(facts: &[&Recorded], found: &mut Found) {
    let account: Account = fold(facts.iter().copied());
    let mut seen: BTreeSet<IncarnationId> = BTreeSet::new();
    for recorded in facts.iter().rev() {
        let Payload::Reclaimed(p) = &recorded.fact.payload else { continue };
        if account.holdings.held(p.from) < 0 && seen.insert(p.from) {
            found.add(recorded.fact.event_id, CaseReason::WrittenOff, None);
        }
    }
}

/// New doings of an erased customer; check-outs and corrections are no contradiction.
fn after_erasure(facts: &[&Recorded], found: &mut Found) {
    let Some(erasure) = facts.iter().find(|recorded| matches!(recorded.fact.payload, Payload::CustomerErased(_)))
    else {
        return;
    };
    for recorded in facts.iter().filter(|recorded| recorded.key() > erasure.key()) {
        if matches!(recorded.fact.payload, Payload::CheckedIn(_) | Payload::Paid(_) | Payload::PenaltyImposed(_)) {
            found.add(recorded.fact.event_id, CaseReason::Erased, Some(erasure.fact.event_id));
        }
    }
}
