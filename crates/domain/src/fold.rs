//! Folding computes a customer's state from the *set* of that customer's facts; order and duplicates don't matter (ADR
//! 0002).
//!
//! A snapshot holds only sums and open items, such as visits that haven't ended (ADR 0003). If a new fact is about an
//! item that compaction may have dropped, the item is put back from the facts about it. Only if that isn't enough are
//! all the customer's facts folded again.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::fact::{Novelty, Recorded};
use crate::ids::EventId;

/// The outcome of folding one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    /// Folded, or irrelevant to this state.
    Done,
    /// The item with this id (such as a visit) may have been dropped: put it back with [`State::reopen`], then apply
    /// the fact again.
    Reopen(Uuid),
    /// The fact can't be added to this state, because it replaces one that was counted. Fold all the customer's facts
    /// again.
    FoldAgain,
}

/// A customer's state in one context.
pub trait State: Default + Clone + PartialEq + Serialize + DeserializeOwned {
    /// Folds one fact. It never fails, and the final state doesn't depend on the order of the facts.
    ///
    /// `novelty` is `recorded.novelty`, or `Whole` if the customer's whole set is folded in the order of [`distinct`].
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied;

    /// Puts back the item that a fact is about, from the earlier facts about that item.
    fn reopen(&mut self, recorded: &Recorded, earlier: &[Recorded]);

    /// Drops items that are closed, such as visits that are over, before the state is saved as a snapshot.
    fn compact(&mut self);
}

/// Folds newer facts into a snapshot.
///
/// `earlier` returns the customer's facts about an item that came before a fact; `None` if an event id of one of them
/// collides with another fact. If the result isn't `Done`, the state is half-folded: drop it and call [`fold`] with the
/// whole set.
///
/// # Errors
/// Returns the error of `earlier`.
pub fn advance<'a, S: State, E>(
    state: &mut S,
    newer: impl IntoIterator<Item = &'a Recorded>,
    mut earlier: impl FnMut(Uuid, &Recorded) -> Result<Option<Vec<Recorded>>, E>,
) -> Result<Applied, E> {
    for recorded in newer {
        if recorded.novelty == Novelty::Collides {
            return Ok(Applied::FoldAgain);
        }
        let mut applied = state.apply(recorded, recorded.novelty);
        if let Applied::Reopen(item) = applied {
            let Some(earlier) = earlier(item, recorded)? else { return Ok(Applied::FoldAgain) };
            state.reopen(recorded, &earlier);
            applied = state.apply(recorded, recorded.novelty);
        }
        if applied != Applied::Done {
            return Ok(Applied::FoldAgain);
        }
    }
    state.compact();
    Ok(Applied::Done)
}

/// Folds a whole set of facts, in any order and with duplicates. Of two facts with the same event id, the one with the
/// smaller hash counts.
pub fn fold<'a, S: State>(facts: impl IntoIterator<Item = &'a Recorded>) -> S {
    let mut state = S::default();
    for recorded in distinct(facts) {
        let applied = state.apply(recorded, Novelty::Whole);
        debug_assert_eq!(applied, Applied::Done, "a fold of the whole set never asks for another");
    }
    state.compact();
    state
}

/// Returns the item that a fact is about, and creates it if this is the item's first fact; `None` if compaction may
/// have dropped the item.
pub fn open_item<K: Ord, V: Default>(items: &mut BTreeMap<K, V>, key: K, novelty: Novelty) -> Option<&mut V> {
    match novelty {
        Novelty::New | Novelty::Whole => Some(items.entry(key).or_default()),
        Novelty::Repeats | Novelty::Collides => items.get_mut(&key),
    }
}

/// Replaces `kept` by `candidate` if that is smaller. The least value doesn't depend on the order of arrival.
pub fn keep_least<T: PartialOrd>(kept: &mut Option<T>, candidate: T) {
    if kept.as_ref().is_none_or(|kept| candidate < *kept) {
        *kept = Some(candidate);
    }
}

/// Returns one fact for each event id, the one with the smallest hash, sorted by `OrderKey`.
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
