//! What a journal knows of one customer's facts: enough to say how new a fact is.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Hash, Novelty, Recorded};
use nosmoke_domain::fold::{Applied, State, advance, fold};
use nosmoke_domain::ids::EventId;
use uuid::Uuid;

#[derive(Debug, Default, Clone)]
pub(crate) struct Journal {
    pub(crate) facts: Vec<Recorded>,
    hashes: BTreeSet<Hash>,
    subjects: BTreeSet<Uuid>,
    events: BTreeSet<EventId>,
}

impl Journal {
    /// Adds a fact, unless it holds it already, with its novelty.
    pub(crate) fn add(&mut self, recorded: &Recorded) -> Option<Recorded> {
        if !self.hashes.insert(recorded.hash) {
            return None;
        }
        let known_event = !self.events.insert(recorded.fact.event_id);
        let known_subject = recorded.fact.subject().is_some_and(|subject| !self.subjects.insert(subject));
        let novelty = match (known_event, known_subject) {
            (true, _) => Novelty::Collides,
            (false, true) => Novelty::Repeats,
            (false, false) => Novelty::New,
        };
        let recorded = Recorded { novelty, ..recorded.clone() };
        self.facts.push(recorded.clone());
        Some(recorded)
    }
}

/// A snapshot, as stored between batches.
#[derive(Debug, Default)]
pub(crate) struct Snapshot(Option<String>);

impl Snapshot {
    /// Loads the state, advances it by what is newer, or folds the whole set again when told so; saves and returns it.
    pub(crate) fn advance<S: State>(&mut self, newer: &[Recorded], journal: &Journal) -> (S, Applied) {
        let mut state: S = self.0.as_deref().map_or_else(S::default, |json| serde_json::from_str(json).unwrap());
        let applied = advance(&mut state, newer);
        if applied == Applied::FoldAgain {
            state = fold(&journal.facts);
        }
        self.0 = Some(serde_json::to_string(&state).unwrap());
        (state, applied)
    }
}
