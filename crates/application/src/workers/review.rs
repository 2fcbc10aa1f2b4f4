//! review's projector: derives the open cases of the customers whose facts changed.
//!
//! Most facts need no work, whatever the history: a fact whose recorder knew every other fact of the customer was
//! decided in knowledge of all of them, so it contradicts none, unless it is of a type that settles or makes cases by
//! itself. Only for the others are all facts of the person read.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{CaseAbout, Fact, Payload, Recorded};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_domain::review::{Case, cases};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::{CaseQuery, CaseRow, Change, Read, StoreError};
use nosmoke_reading::same_person::{joined, links};
use nosmoke_reading::state::load;
use uuid::Uuid;

use super::rows::{ProjectedRow, with_parted};

pub(super) fn project(tx: &mut dyn Read, changes: &[Change]) -> Result<Vec<ProjectedRow>, StoreError> {
    let last = changes.last().map_or(0, |change| change.change_seq);
    let mut rows = BTreeMap::new();
    for customer in with_parted(tx, changes)? {
        let own: Vec<&Change> = changes.iter().filter(|it| it.recorded.fact.customer_id == customer).collect();
        if rows.contains_key(&customer) || !own.is_empty() && is_ordinary(tx, customer, &own)? {
            continue;
        }
        if tx.last_change_of(customer)? > last {
            // The step that reaches the last of its facts derives the cases, once.
            rows.insert(customer, ProjectedRow::Unreviewed(customer));
            continue;
        }
        for (customer, open) in open_cases(tx, customer)? {
            rows.insert(customer, ProjectedRow::OpenCases(customer, open));
        }
    }
    Ok(rows.into_values().collect())
}

/// Returns the open cases of a customer and of all ids joined with it, each id with its own. What a forked incarnation
/// overspent is no case here: a fork concerns the whole terminal, and Sync alarms about it.
fn open_cases(tx: &mut dyn Read, customer: CustomerId) -> Result<BTreeMap<CustomerId, Vec<CaseRow>>, StoreError> {
    let own = load::<Visits>(tx, customer)?.state.links;
    let mut person = joined(tx, customer, &own)?;
    person.insert(customer);
    let mut facts: Vec<Recorded> = Vec::new();
    for id in &person {
        facts.extend(tx.facts_after(*id, 0)?.into_iter().map(|change| change.recorded));
    }
    let of = |id: CustomerId| {
        let open = cases(id, &facts, &BTreeSet::new()).into_iter().filter(|case| case.resolution.is_none());
        let row = |Case { id: case, facts, began_at, points, .. }| CaseRow {
            case,
            customer_id: id,
            began_at,
            facts,
            points: points.map(Points::get),
        };
        (id, open.map(row).collect())
    };
    Ok(person.into_iter().map(of).collect())
}

/// Whether none of a customer's changes can make, change or settle a case.
fn is_ordinary(tx: &mut dyn Read, customer: CustomerId, changes: &[&Change]) -> Result<bool, StoreError> {
    let facts = || changes.iter().map(|change| &change.recorded.fact);
    if !facts().all(decides_alone) || !is_known_in_time(tx, customer, changes)? || tx.is_unreviewed(customer)? {
        return Ok(false);
    }
    let open = tx.open_cases(&CaseQuery { customer: Some(customer), limit: usize::MAX, ..CaseQuery::default() })?;
    if facts().any(|fact| open.iter().any(|row| may_concern(&row.case.about, fact))) {
        return Ok(false);
    }
    let account = load::<Account>(tx, customer)?.state;
    if !links(tx, customer, &account.links)?.is_empty() || !account.links.is_empty() {
        return Ok(false);
    }
    // What knew all other facts still contradicts the ban if the copy of the standing that a check-in read lagged.
    let lagged = |fact: &Fact| match &fact.payload {
        Payload::CheckedIn(p) if p.standing != Standing::Prohibited => {
            account.standing(&Rules::default(), fact.occurred_at) == Standing::Prohibited
                || facts().any(|other| changes_standing(&other.payload))
        }
        _ => false,
    };
    let of_lost = |fact: &Fact| account.holdings.is_reclaimed(fact.origin.incarnation);
    Ok(!facts().any(|fact| of_lost(fact) || lagged(fact)))
}

/// Whether a fact may be one of a case's, by what both are about.
fn may_concern(about: &CaseAbout, fact: &Fact) -> bool {
    match about.kind() {
        "visit" | "visits" | "penalty" | "payment" => {
            let subjects = [fact.subject(), fact.related(), fact.also_about()];
            about.names::<Uuid>().any(|name| subjects.contains(&Some(name)))
        }
        "day" => matches!(fact.payload, Payload::CheckedOut(_)),
        // Only that fact is ever in such a case. It comes again once an upgraded program understands it.
        "fact" => about.names::<Uuid>().any(|name| name == fact.event_id.0),
        _ => true,
    }
}

/// Whether a fact that knew all others may change the standing.
fn changes_standing(payload: &Payload) -> bool {
    matches!(payload, Payload::PenaltyImposed(_) | Payload::PenaltyDeducted(_) | Payload::LevelsRevised(_))
}

/// Whether a fact that knew all others makes no case, and settles none.
fn decides_alone(fact: &Fact) -> bool {
    let is_plain = match &fact.payload {
        Payload::CheckedIn(_)
        | Payload::CheckedOut(_)
        | Payload::VisitClosed(_)
        | Payload::Earned(_)
        | Payload::Paid(_)
        | Payload::Given(_)
        | Payload::PenaltyImposed(_)
        | Payload::PenaltyDeducted(_)
        | Payload::LevelsRevised(_) => true,
        Payload::PointsAdjusted(p) => p.payment_id.is_none(),
        Payload::CheckOutTakenBack(_)
        | Payload::VisitVoided(_)
        | Payload::PaymentVoided(_)
        | Payload::PenaltyVoided(_)
        | Payload::PenaltyDeductionVoided(_)
        | Payload::Reclaimed(_)
        | Payload::CustomerErased(_)
        | Payload::CustomersLinked(_)
        | Payload::CustomersParted(_)
        | Payload::CaseResolved(_)
        | Payload::Unknown { .. } => false,
    };
    is_plain && !fact.is_late() && !fact.payload.needs_update()
}

/// Whether the recorder of each of these facts knew all facts of the customer before it: each names just the one
/// before, and no other known fact of the customer is named by none.
fn is_known_in_time(tx: &mut dyn Read, customer: CustomerId, changes: &[&Change]) -> Result<bool, StoreError> {
    let facts: Vec<&Fact> = changes.iter().map(|change| &change.recorded.fact).collect();
    let is_row = facts.windows(2).all(|pair| pair[1].after == [pair[0].event_id]);
    let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return Ok(true) };
    Ok(is_row && first.after.len() <= 1 && tx.is_only_tip(customer, last.event_id)?)
}
