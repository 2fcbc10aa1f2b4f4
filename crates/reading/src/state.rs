//! A customer's state for a decision or a view: the snapshot and the facts newer than it, never a stale copy.

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Recorded;
use nosmoke_domain::fold::{Applied, State, advance, fold};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::{Change, Context, ReadFacts, Saved, StoreError};

/// A state with snapshots in a context.
pub trait InContext: State {
    const CONTEXT: Context;

    /// Adds what isn't in the customer's own facts.
    ///
    /// # Errors
    /// The store's.
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

/// A state and the change up to which it counts everything of the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<S> {
    pub state: S,
    pub change_seq: i64,
}

/// Loads a customer's state as of the last fact in the journal.
///
/// # Errors
/// The store's. A snapshot that can't be read is no error: the customer folds again from the journal.
pub fn load<S: InContext>(tx: &mut dyn ReadFacts, customer: CustomerId) -> Result<Loaded<S>, StoreError> {
    let saved = tx.snapshot(S::CONTEXT, customer)?;
    let snapshot =
        saved.and_then(|Saved { change_seq, state }| Some((change_seq, serde_json::from_slice(&state).ok()?)));
    let (mut change_seq, mut state): (i64, S) = snapshot.unwrap_or_default();
    let newer = tx.facts_after(customer, change_seq)?;
    change_seq = newer.last().map_or(change_seq, |change| change.change_seq);
    if advance(&mut state, recorded(&newer)) == Applied::FoldAgain {
        state = fold(recorded(&tx.facts_after(customer, 0)?));
    }
    state.complete(tx)?;
    Ok(Loaded { state, change_seq })
}

/// The snapshot to store of a loaded state.
///
/// # Errors
/// `Failed` when the state doesn't serialise.
pub fn save<S: InContext>(loaded: &Loaded<S>) -> Result<Saved, StoreError> {
    let state = serde_json::to_vec(&loaded.state).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(Saved { change_seq: loaded.change_seq, state })
}

pub fn recorded(changes: &[Change]) -> impl Iterator<Item = &Recorded> {
    changes.iter().map(|change| &change.recorded)
}
