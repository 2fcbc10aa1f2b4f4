//! Derives the cases of one customer from all the customer's facts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::found::{Case, FoundCases};
use super::points_cases::{corrected_twice, taken_back_short, voided_elsewhere, written_off};
use crate::check_in::{Visit, visit_of};
use crate::days::seoul_date;
use crate::fact::{Earning, Novelty, Payload, Recorded};
use crate::fold::{State, distinct, fold};
use crate::ids::{EventId, IncarnationId, PenaltyId, VisitId};
use crate::penalty::Penalty;
use crate::point::Account;
use crate::rules::Rules;
use crate::words::{CaseReason, Standing};

/// Returns all cases in one customer's facts, sorted by the order of the facts that identify or date the cases.
/// `forked` are the incarnations known to have forked, which the facts of any customer may show.
pub fn cases<'a>(facts: impl IntoIterator<Item = &'a Recorded>, forked: &BTreeSet<IncarnationId>) -> Vec<Case> {
    let facts = distinct(facts);
    let account: Account = fold(facts.iter().copied());
    let visits = visits(&facts);
    let mut found = FoundCases::default();
    double_check_outs(&facts, &mut found);
    overlapping_visits(&visits, &mut found);
    caps_broken(&facts, &mut found);
    never_earned(&visits, &account, &mut found);
    deducted_too_much(&facts, &mut found);
    admitted_while_prohibited(&facts, &mut found);
    voided_elsewhere(&facts, &mut found);
    written_off(&facts, forked, &mut found);
    taken_back_short(&facts, &mut found);
    corrected_twice(&facts, &mut found);
    after_erasure(&facts, &mut found);
    found.resolved_by(&facts)
}

fn visits(facts: &[&Recorded]) -> BTreeMap<VisitId, Visit> {
    let mut visits: BTreeMap<VisitId, Visit> = BTreeMap::new();
    for recorded in facts {
        let Some(id) = visit_of(&recorded.fact.payload) else { continue };
        visits.entry(id).or_default().apply(recorded);
    }
    visits
}

/// Finds second check-outs and second earnings of a visit, and check-outs of visits that were also closed (such a visit
/// still earns, because a check-out outranks a closing).
fn double_check_outs(facts: &[&Recorded], found: &mut FoundCases) {
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
            Payload::CheckedOut(p) => (&mut outs, p.visit_id, CaseReason::DOUBLE_CHECK_OUT),
            Payload::Earned(p) => (&mut earnings, p.visit_id, CaseReason::EARNED_TWICE),
            _ => continue,
        };
        let first = *firsts.entry(visit_id).or_insert(recorded.fact.event_id);
        if first != recorded.fact.event_id {
            found.add(recorded.key(), reason, Some(first));
        } else if reason == CaseReason::DOUBLE_CHECK_OUT
            && let Some(closing) = closings.get(&visit_id)
        {
            found.add(recorded.key(), reason, Some(*closing));
        }
    }
}

/// Finds visits that began before an earlier visit of the customer had ended. The other fact of the case is of the
/// earlier visit that ended last.
fn overlapping_visits(visits: &BTreeMap<VisitId, Visit>, found: &mut FoundCases) {
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
            found.add(span.0, CaseReason::OVERLAPPING_VISITS, Some(last.0.event_id));
        }
        if last.1.is_some_and(|end| span.1.is_none_or(|other| other > end)) {
            last = span;
        }
    }
}

/// Finds check-outs with which a day's earnings exceeded the daily cap that the check-out fact names.
fn caps_broken(facts: &[&Recorded], found: &mut FoundCases) {
    let mut checked_out: BTreeSet<VisitId> = BTreeSet::new();
    let mut days: BTreeMap<NaiveDate, (i128, EventId)> = BTreeMap::new();
    for recorded in facts {
        let Payload::CheckedOut(p) = &recorded.fact.payload else { continue };
        let (true, Some(Earning { points, .. })) = (checked_out.insert(p.visit_id), p.earning) else { continue };
        let (sum, last) = days.entry(seoul_date(recorded.fact.occurred_at)).or_insert((0, recorded.fact.event_id));
        *sum += points.sum();
        if p.daily_cap.is_some_and(|cap| *sum > cap.sum()) {
            let other = Some(*last).filter(|last| *last != recorded.fact.event_id);
            found.add(recorded.key(), CaseReason::CAP_BROKEN, other);
        }
        *last = recorded.fact.event_id;
    }
}

/// Finds check-outs that will never earn: only the incarnation that recorded the check-out may record the earning, and
/// it was given up as lost.
fn never_earned(visits: &BTreeMap<VisitId, Visit>, account: &Account, found: &mut FoundCases) {
    for visit in visits.values().filter(|visit| visit.awaits_earning()) {
        if let Some(exit) = visit.check_out.as_ref().filter(|exit| account.holdings.is_reclaimed(exit.incarnation)) {
            found.add(exit.key, CaseReason::NEVER_EARNED, None);
        }
    }
}

fn deducted_too_much(facts: &[&Recorded], found: &mut FoundCases) {
    let mut penalties: BTreeMap<PenaltyId, Penalty> = BTreeMap::new();
    for recorded in facts {
        if let Some(id) = penalty_id(&recorded.fact.payload) {
            penalties.entry(id).or_default().apply(recorded);
        }
    }
    for penalty in penalties.values() {
        let Some(imposed) = &penalty.imposed else { continue };
        for (id, deducted, taken) in penalty.effective_deductions() {
            if taken < deducted.points.sum() && !penalty.is_deduction_voided(id) {
                found.add(deducted.key, CaseReason::DEDUCTED_TOO_MUCH, Some(imposed.key.event_id));
            }
        }
    }
}

fn penalty_id(payload: &Payload) -> Option<PenaltyId> {
    match payload {
        Payload::PenaltyImposed(p) => Some(p.penalty_id()),
        Payload::PenaltyDeducted(p) => Some(p.penalty_id),
        Payload::PenaltyVoided(p) => Some(p.penalty_id),
        Payload::PenaltyDeductionVoided(p) => Some(p.penalty_id),
        _ => None,
    }
}

/// Finds check-ins recorded without a ban although the customer was prohibited according to all facts up to that time,
/// including those that the terminal didn't know.
fn admitted_while_prohibited(facts: &[&Recorded], found: &mut FoundCases) {
    let (mut account, rules) = (Account::default(), Rules::default());
    // What is outstanding if nothing lapses: it tells cheaply that a customer wasn't prohibited.
    let mut most: i128 = 0;
    let mut last_imposed = None;
    for recorded in facts {
        let payload = &recorded.fact.payload;
        if let Some(id) = penalty_id(payload) {
            let of = |account: &Account| account.penalties.get(&id).map_or(0, Penalty::undeducted);
            most -= of(&account);
            let _whole = account.apply(recorded, Novelty::Whole);
            most += of(&account);
            if matches!(payload, Payload::PenaltyImposed(_)) {
                last_imposed = Some(recorded.fact.event_id);
            }
        }
        if matches!(payload, Payload::LevelsRevised(_)) {
            let _whole = account.apply(recorded, Novelty::Whole);
        }
        let admitted = matches!(payload, Payload::CheckedIn(p) if p.standing != Standing::Prohibited);
        let may_be =
            |account: &Account| account.in_force.as_ref().is_some_and(|it| most >= it.levels.prohibit_at().sum());
        if admitted && may_be(&account) && account.standing(&rules, recorded.fact.occurred_at) == Standing::Prohibited {
            found.add(recorded.key(), CaseReason::ADMITTED_IN_BAN, last_imposed);
        }
    }
}

/// Finds visits, payments and penalties that began after the customer was erased. Check-outs and corrections are
/// allowed then.
fn after_erasure(facts: &[&Recorded], found: &mut FoundCases) {
    let Some(erasure) = facts.iter().position(|recorded| matches!(recorded.fact.payload, Payload::CustomerErased(_)))
    else {
        return;
    };
    for recorded in &facts[erasure..] {
        if matches!(recorded.fact.payload, Payload::CheckedIn(_) | Payload::Paid(_) | Payload::PenaltyImposed(_)) {
            found.add(recorded.key(), CaseReason::ERASED, Some(facts[erasure].fact.event_id));
        }
    }
}
