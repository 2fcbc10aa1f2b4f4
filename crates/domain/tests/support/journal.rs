//! An in-memory journal of one customer, which computes the novelty of each fact.

use std::collections::BTreeSet;
use std::convert::Infallible;

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
    /// Adds a fact and returns it with its novelty; `None` if the journal has it already.
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
    /// Loads the state and advances it by newer facts, or folds the whole set if that is necessary. Saves the state and
    /// returns it.
    pub(crate) fn advance<S: State>(&mut self, newer: &[Recorded], journal: &Journal) -> (S, Applied) {
        let mut state: S = self.0.as_deref().map_or_else(S::default, |json| serde_json::from_str(json).unwrap());
        let earlier = |item: Uuid, before: &Recorded| {
            let known = journal.facts.iter().take_while(|recorded| recorded.hash != before.hash);
            let known: Vec<Recorded> = known
                .filter(|it| it.fact.subject() == Some(item) || it.fact.also_about() == Some(item))
                .cloned()
                .collect();
            let collides = known.iter().any(|one| {
                journal.facts.iter().any(|other| other.fact.event_id == one.fact.event_id && other.hash != one.hash)
            });
            Ok::<_, Infallible>((!collides).then_some(known))
        };
        let Ok(applied) = advance(&mut state, newer, earlier);
        if applied != Applied::Done {
            state = fold(&journal.facts);
        }
        self.0 = Some(serde_json::to_string(&state).unwrap());
        (state, applied)
    }
}
