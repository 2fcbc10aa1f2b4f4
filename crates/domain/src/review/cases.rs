//! Derives the cases of one customer from all the customer's facts.

use std::collections::BTreeSet;

use super::ban_cases::admitted_while_prohibited;
use super::found::{Case, FoundCases};
use super::knowledge::Knowledge;
use super::penalty_cases::{deducted_too_much, ground_twice};
use super::points_cases::{corrected_twice, taken_back_short, voided_elsewhere, written_off};
use super::visit_cases::{VisitFacts, caps_broken, double_check_outs, never_earned, out_of_order, overlapping_visits};
use crate::fact::{CaseAbout, Payload, Recorded};
use crate::fold::{distinct, fold};
use crate::ids::{CustomerId, IncarnationId};
use crate::point::Account;
use crate::words::CaseReason;

/// Returns the cases of one customer, sorted by their first facts.
///
/// `facts` are those of the customer and of all ids joined with it, in any order and with duplicates. A case of two ids
/// is returned for the id of the later fact. `forked` are the incarnations known to have forked, which the facts of any
/// customer may show.
pub fn cases<'a>(
    customer: CustomerId,
    facts: impl IntoIterator<Item = &'a Recorded>,
    forked: &BTreeSet<IncarnationId>,
) -> Vec<Case> {
    let all = distinct(facts);
    let known = Knowledge::of(all.iter().copied());
    let own: Vec<&Recorded> = all.iter().copied().filter(|it| it.fact.customer_id == customer).collect();
    let account: Account = fold(own.iter().copied());
    let (visits, everybodys) = (VisitFacts::of(&own), VisitFacts::of(&all));
    let mut found = FoundCases::default();
    double_check_outs(&visits, &mut found);
    overlapping_visits(customer, &everybodys, &known, &mut found);
    out_of_order(&visits, &mut found);
    caps_broken(customer, &own, &visits, &known, &mut found);
    never_earned(&visits, &own, &account, &mut found);
    deducted_too_much(&own, &mut found);
    ground_twice(&own, &mut found);
    admitted_while_prohibited(customer, &all, &known, &mut found);
    voided_elsewhere(&own, &mut found);
    written_off(customer, &own, forked, &mut found);
    taken_back_short(&own, &mut found);
    corrected_twice(&own, &mut found);
    after_erasure(&own, &known, &mut found);
    needs_update(&own, &mut found);
    found.resolved_by(&own)
}

/// Finds facts that only a newer program understands.
fn needs_update(facts: &[&Recorded], found: &mut FoundCases) {
    for recorded in facts.iter().filter(|it| it.fact.payload.needs_update()) {
        found.add(CaseReason::NEEDS_UPDATE, CaseAbout::fact(recorded.fact.event_id), [recorded.key()]);
    }
}

/// Finds visits, payments and penalties that began after the customer was erased, at a terminal that didn't know it.
/// Check-outs and corrections are allowed then.
fn after_erasure(facts: &[&Recorded], known: &Knowledge, found: &mut FoundCases) {
    let Some(erasure) = facts.iter().find(|it| matches!(it.fact.payload, Payload::CustomerErased(_))) else { return };
    for recorded in facts {
        let about = match &recorded.fact.payload {
            Payload::CheckedIn(p) => CaseAbout::visit(p.visit_id),
            Payload::Paid(p) => CaseAbout::payment(p.payment_id()),
            Payload::PenaltyImposed(p) => CaseAbout::penalty(p.penalty_id()),
            _ => continue,
        };
        let (it, erased) = (recorded.fact.event_id, erasure.fact.event_id);
        let is_after = recorded.key() > erasure.key() && known.apart(it, erased);
        if known.knew(it, erased) || is_after {
            found.add(CaseReason::ERASED, about, [erasure.key(), recorded.key()]);
        }
    }
}
