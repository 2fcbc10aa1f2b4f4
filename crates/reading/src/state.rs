//! Loads a customer's current state for a decision or a view: folds all facts after the snapshot into it.

use std::collections::BTreeMap;

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Hash, Recorded};
use nosmoke_domain::fold::{Applied, State, advance, fold};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::{Change, Context, ReadFacts, Saved, StoreError};

/// A state of which a context stores snapshots.
pub trait InContext: State {
    const CONTEXT: Context;

    /// Adds data to the state that doesn't come from the customer's own facts.
    ///
    /// # Errors
    /// An error of the store.
    fn complete(&mut self, _: &mut dyn ReadFacts) -> Result<(), StoreError> {
        Ok(())
    }
}

impl InContext for Visits {
    const CONTEXT: Context = Context::CheckIn;
}

impl InContext for Account {
    const CONTEXT: Context = Context::Point;

    fn complete(&mut self, tx: &mut dyn ReadFacts) -> Result<(), StoreError> {
        self.forked = tx.forked()?;
        Ok(())
    }
}

/// A customer's state, folded from all the customer's facts up to the change `change_seq`.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<S> {
    pub state: S,
    pub change_seq: i64,
}

/// Loads a customer's state as of the last fact in the journal.
///
/// # Errors
/// An error of the store. An unreadable snapshot is no error: all the customer's facts are folded again instead.
pub fn load<S: InContext>(tx: &mut dyn ReadFacts, customer: CustomerId) -> Result<Loaded<S>, StoreError> {
    let saved = tx.snapshot(S::CONTEXT, customer)?;
    let snapshot =
        saved.and_then(|Saved { change_seq, state }| Some((change_seq, serde_json::from_slice(&state).ok()?)));
    let (mut change_seq, mut state): (i64, S) = snapshot.unwrap_or_default();
    let newer = tx.facts_after(customer, change_seq)?;
    change_seq = newer.last().map_or(change_seq, |change| change.change_seq);
    let changes: BTreeMap<Hash, i64> = newer.iter().map(|it| (it.recorded.hash, it.change_seq)).collect();
    let earlier = |item, about: &Recorded| {
        let before = changes.get(&about.hash).copied().unwrap_or(change_seq);
        let earlier = tx.earlier_facts(customer, item, before)?;
        Ok::<_, StoreError>(earlier.map(|changes| recorded(&changes).cloned().collect()))
    };
    if advance(&mut state, recorded(&newer), earlier)? != Applied::Done {
        state = fold(recorded(&tx.facts_after(customer, 0)?));
    }
    state.complete(tx)?;
    Ok(Loaded { state, change_seq })
}

/// Serialises a loaded state for storing it as a snapshot.
///
/// # Errors
/// Returns `Failed` if the state can't be serialised.
pub fn save<S: InContext>(loaded: &Loaded<S>) -> Result<Saved, StoreError> {
    let state = serde_json::to_vec(&loaded.state).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(Saved { change_seq: loaded.change_seq, state })
}

pub fn recorded(changes: &[Change]) -> impl Iterator<Item = &Recorded> {
    changes.iter().map(|change| &change.recorded)
}
