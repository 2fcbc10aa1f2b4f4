//! Folds new facts into one customer's state, from what the database has about them. Pure: the batch reads and writes.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Fact, Hash, Novelty, Recorded};
use nosmoke_domain::fold::{Applied, State, advance, fold};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::point::Account;
use nosmoke_ports::{Change, EntryRow};
use nosmoke_reading::entries::{entries, subject_of, write_off_rows};
use uuid::Uuid;

/// A customer's state, folded from all the customer's facts in the database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Folded {
    pub visits: Visits,
    pub account: Account,
    /// The number of facts.
    pub facts: u64,
    /// Whether two of the facts have one event id.
    pub collided: bool,
}

impl Folded {
    /// Folds all facts of a customer.
    pub(crate) fn whole(facts: &[Recorded]) -> Self {
        let events: BTreeSet<EventId> = facts.iter().map(|recorded| recorded.fact.event_id).collect();
        Self {
            visits: fold(facts),
            account: fold(facts),
            facts: facts.len() as u64,
            collided: events.len() < facts.len(),
        }
    }

    /// Whether lines for points written off may exist.
    pub(crate) fn may_have_write_offs(&self, forked: &BTreeSet<IncarnationId>) -> bool {
        !forked.is_empty() || self.account.holdings.reclaimed().next().is_some()
    }
}

/// A customer's part of a batch.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Facts that the database had about the same ids as the new facts.
    stored: BTreeMap<Hash, Recorded>,
    /// In the order of the log.
    new: Vec<Recorded>,
    /// The event ids and the subjects of all these facts, as far as new facts may have them too.
    events: BTreeSet<EventId>,
    known_subjects: BTreeSet<Uuid>,
}

impl Part {
    /// Adds a fact that the database had. All are added before the first new one.
    pub(crate) fn add_stored(&mut self, recorded: Recorded) {
        self.events.insert(recorded.fact.event_id);
        self.known_subjects.extend(recorded.fact.subject());
        self.stored.insert(recorded.hash, recorded);
    }

    /// Adds the event id of a fact that the database had.
    pub(crate) fn add_event(&mut self, event: EventId) {
        self.events.insert(event);
    }

    /// Adds a new fact, with its novelty as a journal finds it that receives the facts in this order.
    pub(crate) fn add_new(&mut self, fact: Fact, hash: Hash) {
        let collides = !self.events.insert(fact.event_id);
        let repeats = fact.subject().is_some_and(|subject| !self.known_subjects.insert(subject));
        let novelty = match (collides, repeats) {
            (true, _) => Novelty::Collides,
            (false, true) => Novelty::Repeats,
            (false, false) => Novelty::New,
        };
        self.new.push(Recorded { fact, hash, novelty });
    }

    /// Advances the state by the new facts. Returns false if all facts must be folded instead.
    pub(crate) fn advance(&self, folded: &mut Folded) -> bool {
        folded.facts += self.new.len() as u64;
        folded.collided |= self.new.iter().any(|recorded| recorded.novelty == Novelty::Collides);
        !folded.collided && self.advance_one(&mut folded.visits) && self.advance_one(&mut folded.account)
    }

    fn advance_one<S: State>(&self, state: &mut S) -> bool {
        let earlier = |item: Uuid, about: &Recorded| {
            let before = self.new.iter().take_while(|recorded| recorded.hash != about.hash);
            let is_about = |it: &&Recorded| it.fact.subject() == Some(item) || it.fact.also_about() == Some(item);
            Ok::<_, Infallible>(Some(self.stored.values().chain(before).filter(is_about).cloned().collect()))
        };
        let Ok(applied) = advance(state, &self.new, earlier);
        applied == Applied::Done
    }

    /// The subjects whose lines the new facts change.
    pub(crate) fn subjects(&self) -> BTreeSet<Uuid> {
        self.new.iter().filter_map(|recorded| subject_of(&recorded.fact)).collect()
    }

    /// The lines of these subjects.
    pub(crate) fn lines(&self, subjects: &BTreeSet<Uuid>) -> Vec<EntryRow> {
        lines(self.stored.values().chain(&self.new), |subject| subjects.contains(&subject))
    }
}

/// The lines of some subjects, from facts that include all those about them.
fn lines<'a>(facts: impl Iterator<Item = &'a Recorded>, of: impl Fn(Uuid) -> bool) -> Vec<EntryRow> {
    let mut by_subject: BTreeMap<Uuid, Vec<Change>> = BTreeMap::new();
    for recorded in facts {
        if let Some(subject) = subject_of(&recorded.fact).filter(|subject| of(*subject)) {
            // Everything is derived at once, so no line waits for point's projector.
            let change = Change { change_seq: 0, received_at: DateTime::<Utc>::UNIX_EPOCH, recorded: recorded.clone() };
            by_subject.entry(subject).or_default().push(change);
        }
    }
    for facts in by_subject.values_mut() {
        // An id of two kinds of things shows as the kind of its first fact, however the facts came.
        facts.sort_by_key(|change| change.recorded.key());
    }
    by_subject.iter().flat_map(|(subject, facts)| entries(*subject, facts)).collect()
}

/// The lines of all subjects, and those for points written off, from all facts of a customer.
pub(crate) fn all_lines(customer: CustomerId, facts: &[Recorded], forked: &BTreeSet<IncarnationId>) -> Vec<EntryRow> {
    let mut rows = lines(facts.iter(), |_| true);
    rows.extend(write_off_rows(customer, facts, forked));
    rows
}
