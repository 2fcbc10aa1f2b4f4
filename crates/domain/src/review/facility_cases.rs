//! The cases that no customer's facts show: a forked incarnation, rule sets of one generation, a card that two people have.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::found::{Case, covers};
use crate::fact::{CaseAbout, CaseId, CaseResolved, OrderKey, Recorded};
use crate::ids::{CustomerId, IncarnationId};
use crate::words::CaseReason;

/// Returns the case of an incarnation that recorded several facts with one seq, because its folder was copied and both
/// copies went on. `facts` are those that share their seq, in any order and with duplicates; `resolutions` are of any
/// cases, in order.
pub fn forked<'a>(
    incarnation: IncarnationId,
    facts: impl IntoIterator<Item = &'a Recorded>,
    resolutions: &[CaseResolved],
) -> Option<Case> {
    let keys: BTreeSet<OrderKey> = facts.into_iter().map(Recorded::key).collect();
    let began_at = keys.first()?.occurred_at;
    Some(case((CaseReason::FORKED, CaseAbout::incarnation(incarnation)), &keys, began_at, resolutions))
}

/// Returns the case of two people with one card, who were both registered by the time `both_since`. It has no facts, so a
/// resolution holds whichever card they share.
pub fn shared_card(one: CustomerId, other: CustomerId, both_since: DateTime<Utc>) -> Case {
    case((CaseReason::SHARED_CARD, CaseAbout::customers(one, other)), &BTreeSet::new(), both_since, &[])
}

/// Returns the case of several rule sets with the newest generation. `published` is when each was published; that with which
/// the facility was founded wasn't. Only a set of the next generation settles it.
pub fn rival_rules(generation: u64, published: &[Option<DateTime<Utc>>]) -> Option<Case> {
    let began_at = published.iter().flatten().max().filter(|_| published.len() > 1)?;
    Some(case((CaseReason::RIVAL_RULES, CaseAbout::rules(generation)), &BTreeSet::new(), *began_at, &[]))
}

fn case(
    (reason, about): (CaseReason, CaseAbout),
    keys: &BTreeSet<OrderKey>,
    began_at: DateTime<Utc>,
    resolutions: &[CaseResolved],
) -> Case {
    let id = CaseId { reason, about };
    let resolution = resolutions.iter().find(|it| it.case == id && covers(it, keys)).map(|it| it.resolution);
    let facts = keys.iter().rev().take(Case::MOST_FACTS).rev().map(|key| key.event_id).collect();
    Case { id, facts, began_at, points: None, resolution }
}
