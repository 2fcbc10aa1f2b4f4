//! A customer's entries as they were at another moment, derived at once from the facts that count then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Change, EntryRow};
use uuid::Uuid;

use super::{Endings, entries, place, subject_of, write_off_rows};
use crate::state::recorded;

/// Returns all entries of one customer at a moment, newest first. `facts` are those that count then.
pub fn at_moment(
    customer: CustomerId,
    facts: &[Change],
    forked: &BTreeSet<IncarnationId>,
    at: DateTime<Utc>,
) -> Vec<EntryRow> {
    let mut subjects: BTreeMap<Uuid, Vec<Change>> = BTreeMap::new();
    for change in facts {
        if let Some(subject) = subject_of(&change.recorded.fact) {
            subjects.entry(subject).or_default().push(change.clone());
        }
    }
    let mut rows: Vec<_> = subjects.iter().flat_map(|(subject, facts)| entries(*subject, facts)).collect();
    rows.extend(write_off_rows(customer, recorded(facts), forked));
    rows.extend(Endings::from_facts(customer, recorded(facts), forked, at).into_rows());
    rows.sort_by_key(|row| std::cmp::Reverse(place(row)));
    rows
}
