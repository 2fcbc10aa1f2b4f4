//! Cases as they are found, and their resolutions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::fact::{CaseAbout, CaseId, CaseResolved, OrderKey, Payload, Recorded};
use crate::ids::EventId;
use crate::points::Points;
use crate::words::{CaseReason, CaseResolution};

/// Facts that contradict each other, with the resolution if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    /// The facts of the case in the order of `OrderKey`: of more than [`Case::MOST_FACTS`], the newest.
    pub facts: Vec<EventId>,
    /// When the first of all its facts happened.
    pub began_at: DateTime<Utc>,
    /// For points written off, how many there are.
    pub points: Option<Points>,
    pub resolution: Option<CaseResolution>,
}

impl Case {
    /// The most facts that a case shows: as many as a resolution names.
    pub const MOST_FACTS: usize = CaseResolved::MOST_FACTS;
}

/// A case with all its facts.
#[derive(Default)]
struct Found {
    keys: BTreeSet<OrderKey>,
    points: Option<Points>,
}

/// The cases found so far, each once.
#[derive(Default)]
pub(super) struct FoundCases(BTreeMap<CaseId, Found>);

impl FoundCases {
    /// Adds facts to a case.
    pub(super) fn add(&mut self, reason: CaseReason, about: CaseAbout, keys: impl IntoIterator<Item = OrderKey>) {
        self.0.entry(CaseId { reason, about }).or_default().keys.extend(keys);
    }

    pub(super) fn add_points(
        &mut self,
        (reason, about): (CaseReason, CaseAbout),
        keys: impl IntoIterator<Item = OrderKey>,
        points: Option<Points>,
    ) {
        let found = self.0.entry(CaseId { reason, about }).or_default();
        found.keys.extend(keys);
        found.points = points;
    }

    /// Sorts the cases by their first facts, and adds their resolutions.
    pub(super) fn resolved_by(self, facts: &[&Recorded]) -> Vec<Case> {
        let mut resolutions: BTreeMap<&CaseId, Vec<&CaseResolved>> = BTreeMap::new();
        for recorded in facts {
            if let Payload::CaseResolved(p) = &recorded.fact.payload {
                resolutions.entry(&p.case).or_default().push(p);
            }
        }
        let case = |(id, Found { keys, points }): (CaseId, Found)| {
            let first = keys.first()?.to_owned();
            let resolution = resolutions.get(&id).and_then(|all| all.iter().find(|it| covers(it, &keys)));
            let resolution = resolution.map(|it| it.resolution);
            let newest = keys.iter().rev().take(Case::MOST_FACTS).rev().map(|key| key.event_id).collect();
            Some((first, Case { id, facts: newest, began_at: first.occurred_at, points, resolution }))
        };
        let mut cases: Vec<_> = self.0.into_iter().filter_map(case).collect();
        cases.sort_by(|(a, one), (b, other)| (a, &one.id).cmp(&(b, &other.id)));
        cases.into_iter().map(|(_, case)| case).collect()
    }
}

/// Whether a resolution saw all facts of a case. If it names as many as it can, those before the first that it names
/// count as seen.
pub(super) fn covers(resolved: &CaseResolved, keys: &BTreeSet<OrderKey>) -> bool {
    let named = |key: &&OrderKey| resolved.facts.contains(&key.event_id);
    let first = keys.iter().find(named).filter(|_| resolved.facts.len() == CaseResolved::MOST_FACTS);
    keys.iter().all(|key| named(&key) || first.is_some_and(|first| key < first))
}
