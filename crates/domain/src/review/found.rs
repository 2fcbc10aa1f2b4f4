//! Cases as they are found, and their resolutions.

use std::collections::BTreeMap;

use crate::fact::{CaseId, OrderKey, Payload, Recorded};
use crate::ids::EventId;
use crate::points::Points;
use crate::words::{CaseReason, CaseResolution};

/// Facts that contradict each other, with the resolution if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    /// The other fact of the pair.
    pub other: Option<EventId>,
    /// For points written off, how many there are.
    pub written_off: Option<Points>,
    pub resolution: Option<CaseResolution>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FoundCase {
    /// Sorts the cases.
    pub(super) key: OrderKey,
    pub(super) id: CaseId,
    pub(super) other: Option<EventId>,
    pub(super) written_off: Option<Points>,
}

#[derive(Default)]
pub(super) struct FoundCases(pub(super) Vec<FoundCase>);

impl FoundCases {
    /// Adds a case identified by the fact with this key.
    pub(super) fn add(&mut self, key: OrderKey, reason: CaseReason, other: Option<EventId>) {
        self.0.push(FoundCase { key, id: CaseId { about: key.event_id.0, reason }, other, written_off: None });
    }

    /// Sorts the cases, and adds their resolutions.
    pub(super) fn resolved_by(mut self, facts: &[&Recorded]) -> Vec<Case> {
        let mut resolutions: BTreeMap<CaseId, Vec<(Option<Points>, CaseResolution)>> = BTreeMap::new();
        for recorded in facts {
            if let Payload::CaseResolved(p) = &recorded.fact.payload {
                resolutions.entry(p.case).or_default().push((p.written_off, p.resolution));
            }
        }
        self.0.sort_unstable();
        let case = |FoundCase { id, other, written_off, .. }| {
            // The latest resolution that covers all that is written off; for other reasons, the latest.
            let covers = |(covered, _): &&(Option<Points>, CaseResolution)| *covered >= written_off;
            let resolution = resolutions.get(&id).and_then(|all| all.iter().rev().find(covers));
            Case { id, other, written_off, resolution: resolution.map(|(_, resolution)| *resolution) }
        };
        self.0.into_iter().map(case).collect()
    }
}
