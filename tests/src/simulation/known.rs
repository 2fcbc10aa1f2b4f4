//! What the simulator knows of a terminal beside the terminal's own journal, and whom a step may have touched there.
//!
//! A customer's state is a function of that customer's facts, so it changes only where facts were added, or where it
//! became known that an incarnation forked. Beside that a worker replaces what was kept of a state as it passes facts.
//! Whoever is touched in none of these ways is as the look before left them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nosmoke_domain::fact::{Hash, Recorded};
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Change, Extent, Read, StoreError, Worker};
use nosmoke_runtime::feed::WORKERS;

/// How far a journal has come.
#[derive(Debug)]
pub(super) struct Reached {
    pub(super) changes: Vec<Change>,
    pub(super) extent: Extent,
    checkpoints: Vec<(Worker, i64)>,
    forked: BTreeSet<IncarnationId>,
}

impl Reached {
    pub(super) fn read(tx: &mut dyn Read, after: i64) -> Result<Self, StoreError> {
        let last = tx.last_change()?;
        let changes = if last > after { tx.changes(after, usize::MAX >> 1)? } else { Vec::new() };
        let own = WORKERS.into_iter().filter(|worker| *worker != Worker::Mypage);
        let checkpoints = own.map(|worker| Ok((worker, tx.checkpoint(worker)?))).collect::<Result<_, StoreError>>()?;
        Ok(Self { changes, extent: tx.extent()?, checkpoints, forked: tx.forked()? })
    }
}

#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) last_change: i64,
    pub(super) hashes: BTreeSet<Hash>,
    pub(super) facts: BTreeMap<CustomerId, Vec<Arc<Recorded>>>,
    feed: BTreeMap<i64, CustomerId>,
    passed: BTreeMap<Worker, i64>,
    forked: BTreeSet<IncarnationId>,
}

impl Known {
    pub(super) fn add(&mut self, change_seq: i64, recorded: Arc<Recorded>) {
        self.last_change = change_seq;
        self.hashes.insert(recorded.hash);
        self.feed.insert(change_seq, recorded.fact.customer_id);
        self.facts.entry(recorded.fact.customer_id).or_default().push(recorded);
    }

    /// Whom the last step touched, all of them.
    pub(super) fn touched(&mut self, last_change: i64, reached: &Reached) -> BTreeSet<CustomerId> {
        if self.forked != reached.forked {
            self.forked.clone_from(&reached.forked);
            return self.facts.keys().copied().collect();
        }
        let mut from = last_change;
        for (worker, checkpoint) in &reached.checkpoints {
            let before = self.passed.insert(*worker, *checkpoint).unwrap_or_default();
            if before != *checkpoint {
                from = from.min(before.min(*checkpoint));
            }
        }
        self.feed.range(from + 1..).map(|(_, customer)| *customer).collect()
    }
}
