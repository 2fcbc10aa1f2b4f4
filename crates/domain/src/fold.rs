//! Folding: a customer's state is a function of the *set* of that customer's facts (ADR 0002).
//!
//! A snapshot holds sums and open items only (ADR 0003). A fact that is about something the snapshot may have let go
//! makes the customer fold again from the journal; nothing else ever looks back.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fact::{Novelty, Recorded};
use crate::ids::EventId;

/// What became of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    /// Folded, or of no concern to this state.
    Done,
    /// It is about something this snapshot doesn't hold: fold the whole set again.
    FoldAgain,
}

/// A customer's state in one context.
pub trait State: Default + Clone + PartialEq + Serialize + DeserializeOwned {
    /// Folds one fact. Never fails; the result doesn't depend on the order of facts.
    ///
    /// `novelty` is the fact's own, or `Whole` where the whole set is folded, in the order of [`distinct`].
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied;

    /// Lets go of closed items.
    fn compact(&mut self);
}

/// Folds newer facts into a snapshot.
///
/// `FoldAgain` leaves the state half-folded: throw it away and call [`fold`] with the whole set.
pub fn advance<'a, S: State>(state: &mut S, newer: impl IntoIterator<Item = &'a Recorded>) -> Applied {
    for recorded in newer {
        if recorded.novelty == Novelty::Collides || state.apply(recorded, recorded.novelty) == Applied::FoldAgain {
            return Applied::FoldAgain;
        }
    }
    state.compact();
    Applied::Done
}

/// Folds a whole set, given in any order and with any repetition. Of two facts with one event id, the one with the
/// smaller hash counts.
pub fn fold<'a, S: State>(facts: impl IntoIterator<Item = &'a Recorded>) -> S {
    let mut state = S::default();
    for recorded in distinct(facts) {
        let applied = state.apply(recorded, Novelty::Whole);
        debug_assert_eq!(applied, Applied::Done, "a fold of the whole set needs no other");
    }
    state.compact();
    state
}

/// The item a fact is about: held, or begun now because it is new; `None` when it may have been let go.
pub fn hold<K: Ord, V: Default>(items: &mut BTreeMap<K, V>, key: K, novelty: Novelty) -> Option<&mut V> {
    match novelty {
        Novelty::New | Novelty::Whole => Some(items.entry(key).or_default()),
        Novelty::Repeats | Novelty::Collides => items.get_mut(&key),
    }
}

/// Keeps the least of two, which makes a choice that doesn't depend on the order of arrival.
pub fn keep_least<T: PartialOrd>(kept: &mut Option<T>, candidate: T) {
    if kept.as_ref().is_none_or(|kept| candidate < *kept) {
        *kept = Some(candidate);
    }
}

/// The facts of a set that count, in the order that chooses among contradicting ones.
pub fn distinct<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Vec<&'a Recorded> {
    let mut by_event: BTreeMap<EventId, &Recorded> = BTreeMap::new();
    for recorded in facts {
        let kept = by_event.entry(recorded.fact.event_id).or_insert(recorded);
        if recorded.hash < kept.hash {
            *kept = recorded;
        }
    }
    let mut distinct: Vec<_> = by_event.into_values().collect();
    distinct.sort_by_key(|recorded| recorded.key());
    distinct
}
