//! The simulator's copy of a terminal's facts, which finds the customers whose state a step may have changed.
//!
//! Only these customers need a check after a step. A customer's state is a function of that customer's facts, so it
//! changes only if facts of the customer are added or an incarnation is found to be forked. A stored projection changes
//! only when a worker passes facts of the customer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nosmoke_domain::fact::{Hash, Recorded};
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Change, Extent, Read, StoreError, Worker};
use nosmoke_runtime::feed::WORKERS;

/// A journal's new changes, its extent, its workers' checkpoints and its forked incarnations, read in one unit of work.
#[derive(Debug)]
pub(super) struct JournalDelta {
    pub(super) changes: Vec<Change>,
    pub(super) extent: Extent,
    checkpoints: Vec<(Worker, i64)>,
    forked: BTreeSet<IncarnationId>,
    /// The incarnations that this terminal records for.
    pub(super) own: Vec<IncarnationId>,
}

impl JournalDelta {
    pub(super) fn read(tx: &mut dyn Read, after: i64) -> Result<Self, StoreError> {
        let last = tx.last_change()?;
        let changes = if last > after { tx.changes(after, usize::MAX >> 1)? } else { Vec::new() };
        let own = WORKERS.into_iter().filter(|worker| *worker != Worker::Mypage);
        let checkpoints = own.map(|worker| Ok((worker, tx.checkpoint(worker)?))).collect::<Result<_, StoreError>>()?;
        Ok(Self { changes, extent: tx.extent()?, checkpoints, forked: tx.forked()?, own: tx.own_incarnations()? })
    }
}

/// The facts of one terminal's journal as the simulator has seen them.
#[derive(Debug, Default)]
pub(super) struct JournalMirror {
    pub(super) last_change: i64,
    pub(super) hashes: BTreeSet<Hash>,
    pub(super) facts: BTreeMap<CustomerId, Vec<Arc<Recorded>>>,
    feed: BTreeMap<i64, CustomerId>,
    passed: BTreeMap<Worker, i64>,
    forked: BTreeSet<IncarnationId>,
}

impl JournalMirror {
    pub(super) fn add(&mut self, change_seq: i64, recorded: Arc<Recorded>) {
        self.last_change = change_seq;
        self.hashes.insert(recorded.hash);
        self.feed.insert(change_seq, recorded.fact.customer_id);
        self.facts.entry(recorded.fact.customer_id).or_default().push(recorded);
    }

    /// Returns every customer whose state or projections the last step may have changed.
    pub(super) fn touched(&mut self, last_change: i64, delta: &JournalDelta) -> BTreeSet<CustomerId> {
        if self.forked != delta.forked {
            self.forked.clone_from(&delta.forked);
            return self.facts.keys().copied().collect();
        }
        let mut from = last_change;
        for (worker, checkpoint) in &delta.checkpoints {
            let before = self.passed.insert(*worker, *checkpoint).unwrap_or_default();
            if before != *checkpoint {
                from = from.min(before.min(*checkpoint));
            }
        }
        self.feed.range(from + 1..).map(|(_, customer)| *customer).collect()
    }
}
