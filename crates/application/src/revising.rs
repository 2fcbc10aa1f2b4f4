//! How far this terminal has brought the levels of a rule set to the present standings of customers.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::RevisionView;
use nosmoke_ports::{Read, ReadSettings, StoreError, Worker, Write, setting};
use nosmoke_reading::rule_sets;
use serde::{Deserialize, Serialize};

const KEY: &str = "levels_revision";

/// The work of the revising policy. It is stored with the facts of each step, so that it goes on after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Revision {
    /// The generation of the set.
    pub(crate) generation: u64,
    /// The last change when it began. Penalties up to there are found in the list of open penalties, later ones in the
    /// change feed.
    pub(crate) from: i64,
    /// The last customer of that list who was looked at.
    pub(crate) after: Option<CustomerId>,
    /// Whether the whole list was looked at.
    pub(crate) complete: bool,
    /// Customers whose levels were revised.
    pub(crate) revised: u64,
}

impl Revision {
    pub(crate) fn read(tx: &mut dyn ReadSettings) -> Result<Option<Self>, StoreError> {
        setting::read(tx, KEY)
    }

    pub(crate) fn put(&self, tx: &mut dyn Write) -> Result<(), StoreError> {
        setting::put(tx, KEY, self)
    }

    /// Begins with all customers, in place of a revision that this terminal has begun before.
    pub(crate) fn begin(tx: &mut dyn Write, generation: u64) -> Result<(), StoreError> {
        let from = tx.last_change()?;
        tx.put_checkpoint(Worker::Revising, from)?;
        Self { generation, from, after: None, complete: false, revised: 0 }.put(tx)
    }
}

/// Returns how far the levels of the latest set for present standings have been brought to customers; `None` without
/// such a set.
pub(crate) fn view(tx: &mut dyn Read) -> Result<Option<RevisionView>, StoreError> {
    let Some(set) = rule_sets::for_present(tx)? else { return Ok(None) };
    let generation = set.rules.generation;
    let own = Revision::read(tx)?.filter(|revision| revision.generation == generation);
    Ok(Some(RevisionView {
        generation,
        here: own.is_some(),
        complete: own.is_some_and(|revision| revision.complete),
        revised: own.map_or(0, |revision| revision.revised),
    }))
}
