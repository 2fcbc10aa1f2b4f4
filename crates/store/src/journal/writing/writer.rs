//! The journal's only writer: queued units share one commit, each but the first inside its own savepoint (ADR 0005).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nosmoke_ports::{Abandoned, Clock, ReadUnit, StoreError, WriteUnit, Written};

use super::queue::{Answer, Job, Queue};
use super::synced::Synced;
use super::wal::WalMover;
use crate::journal::chain::state::Chain;
use crate::journal::tx::{Tx, begin_reading};
use crate::pool::panicked;
use crate::sqlite::{Connection, params};

/// How long background units may extend a transaction.
const BACKGROUND_SLICE: Duration = Duration::from_millis(20);

/// Counts the transactions that recorded something since the journal was opened.
pub(crate) type Commits = Arc<AtomicU64>;

/// How a unit of work ended, before the commit.
enum UnitOutcome {
    Kept,
    Abandoned,
    Failed(StoreError),
}

/// How a unit that isn't kept is undone. Only the first unit of a transaction is undone by rolling back the transaction.
/// A savepoint copies each page before it is changed, which a command alone needn't pay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undo {
    Transaction,
    Savepoint,
}

/// Runs units of work on one connection, on the calling thread. [`crate::SqliteJournal`] gives it a thread and a queue;
/// [`Writer::open_unsynced`] is for the simulator, which uses neither.
pub struct Writer {
    db: Connection,
    synced: Synced,
    /// The state of the chains as of the last commit; `None` after a failure, until it is read again from the journal.
    chain: Option<Chain>,
    clock: Arc<dyn Clock>,
    commits: Commits,
    mover: Arc<WalMover>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("commits", &self.commits).finish_non_exhaustive()
    }
}

impl Writer {
    /// Takes a connection whose commits are synced, or, with `Synced::Never`, are not.
    pub(crate) fn new(
        db: Connection,
        synced: Synced,
        clock: Arc<dyn Clock>,
        commits: Commits,
        mover: Arc<WalMover>,
    ) -> Self {
        Self { db, synced, chain: None, clock, commits, mover }
    }

    /// Runs until the queue is closed and empty.
    pub(crate) fn run(&mut self, queue: &Queue) {
        while let Some(commands) = queue.take_commands() {
            self.commit_together(commands, queue);
        }
    }

    fn commit_together(&mut self, mut waiting: VecDeque<Job>, queue: &Queue) {
        let synced = !waiting.is_empty() || !queue.next_is_projection();
        let mut chain = match self.begin(synced) {
            Ok(chain) => chain,
            Err(error) => {
                waiting.extend(queue.take_background(true));
                return waiting.into_iter().for_each(|job| job.answer(Err(error.clone())));
            }
        };
        let mut ran = Vec::with_capacity(waiting.len());
        let mut undo = Undo::Transaction;
        let mut background_until = None;
        // Commands that arrive meanwhile share this commit. Otherwise they would wait for it, and then for their own.
        let command = |ran: usize| if synced { queue.take_command(ran) } else { None };
        while let Some(mut job) = waiting.pop_front().or_else(|| command(ran.len())).or_else(|| {
            let until = *background_until.get_or_insert_with(|| Instant::now() + BACKGROUND_SLICE);
            if Instant::now() < until { queue.take_background(synced) } else { None }
        }) {
            let outcome = self.run_unit(&mut job.unit, &mut chain, undo);
            if matches!(outcome, UnitOutcome::Kept) {
                undo = Undo::Savepoint;
            }
            ran.push((job, outcome));
            if !self.db.in_transaction() {
                break;
            }
        }
        let recorded = ran.iter().any(|(_, outcome)| matches!(outcome, UnitOutcome::Kept));
        match self.end(chain, recorded) {
            Ok(written) => ran.into_iter().for_each(|(job, outcome)| job.answer(answer(outcome, written))),
            Err(error) => {
                let units = ran.len() + waiting.len();
                tracing::warn!(%error, units, "the shared commit failed; running its units again one by one");
                ran.into_iter().map(|(job, _)| job).chain(waiting).for_each(|job| self.commit_alone(job));
            }
        }
    }

    fn commit_alone(&mut self, mut job: Job) {
        let answer = self.write_unit(&mut job.unit);
        job.answer(answer);
    }

    /// Runs a unit in its own commit. Returns `Ok(None)` if the unit was abandoned.
    ///
    /// # Errors
    /// An error of the store; nothing of the unit is recorded then.
    pub fn write_unit(&mut self, unit: &mut WriteUnit) -> Result<Option<Written>, StoreError> {
        self.begin(true).and_then(|mut chain| match self.run_unit(unit, &mut chain, Undo::Transaction) {
            UnitOutcome::Kept => self.end(chain, true).map(Some),
            outcome => {
                self.roll_back();
                answer(outcome, Written { last_change: 0 })
            }
        })
    }

    /// Runs a reading unit on the state of the last commit.
    ///
    /// # Errors
    /// An error of the store; `Panicked` if the unit panicked.
    pub fn read_unit(&mut self, unit: ReadUnit) -> Result<(), StoreError> {
        let read = catch_unwind(AssertUnwindSafe(|| begin_reading(&mut self.db, unit, &*self.clock)));
        if self.db.in_transaction() {
            self.db.execute("ROLLBACK", params![])?;
        }
        read.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }

    /// Runs a unit, and undoes what it wrote unless it is kept. Updates `chain` only if the unit is kept.
    fn run_unit(&mut self, unit: &mut WriteUnit, chain: &mut Chain, undo: Undo) -> UnitOutcome {
        if undo == Undo::Savepoint
            && let Err(error) = self.db.execute("SAVEPOINT unit", params![])
        {
            return UnitOutcome::Failed(error);
        }
        let mut moved = chain.clone();
        let mut tx = Tx::new(&mut self.db, &mut moved, &*self.clock);
        let result = catch_unwind(AssertUnwindSafe(|| unit(&mut tx)));
        let outcome = match (tx.into_failure(), result) {
            (Some(failure), _) => UnitOutcome::Failed(failure),
            (None, Ok(Ok(()))) if self.synced == Synced::No && moved.last_change != chain.last_change => {
                UnitOutcome::Failed(StoreError::Failed("a projection recorded facts".into()))
            }
            (None, Ok(Ok(()))) => match self.keep_unit(undo) {
                Ok(()) => {
                    *chain = moved;
                    return UnitOutcome::Kept;
                }
                Err(error) => UnitOutcome::Failed(error),
            },
            (None, Ok(Err(Abandoned))) => UnitOutcome::Abandoned,
            (None, Err(panic)) => UnitOutcome::Failed(panicked(&*panic)),
        };
        // If SQLite has ended the transaction, ROLLBACK TO would fail, and the next savepoint would begin a new
        // transaction.
        if self.db.in_transaction() && self.undo_unit(undo).is_err() {
            self.roll_back();
        }
        outcome
    }

    fn keep_unit(&mut self, undo: Undo) -> Result<(), StoreError> {
        match undo {
            Undo::Savepoint => self.db.execute("RELEASE unit", params![]).map(|_| ()),
            Undo::Transaction => Ok(()),
        }
    }

    fn undo_unit(&mut self, undo: Undo) -> Result<(), StoreError> {
        let [back, onward] = match undo {
            Undo::Savepoint => ["ROLLBACK TO unit", "RELEASE unit"],
            Undo::Transaction => ["ROLLBACK", "BEGIN IMMEDIATE"],
        };
        self.db.execute(back, params![])?;
        self.db.execute(onward, params![]).map(|_| ())
    }

    fn begin(&mut self, synced: bool) -> Result<Chain, StoreError> {
        self.synced.choose(synced, &mut self.db)?;
        self.db.execute("BEGIN IMMEDIATE", params![])?;
        let chain = match self.chain.clone() {
            Some(chain) => Ok(chain),
            None => Chain::load(&mut self.db),
        };
        if chain.is_err() {
            self.roll_back();
        }
        chain
    }

    /// Commits, and updates the chain in memory only if the commit succeeds.
    fn end(&mut self, chain: Chain, recorded: bool) -> Result<Written, StoreError> {
        let committed = if self.db.in_transaction() {
            self.db.execute("COMMIT", params![])
        } else {
            Err(StoreError::Failed("SQLite ended the transaction before its commit".into()))
        };
        if let Err(error) = committed {
            self.roll_back();
            return Err(error);
        }
        self.commits.fetch_add(recorded.into(), Ordering::Relaxed);
        if chain.erasures > self.chain.as_ref().map_or(0, |before| before.erasures) {
            self.mover.erased();
        }
        self.mover.committed();
        let written = Written { last_change: chain.last_change };
        self.chain = Some(chain);
        Ok(written)
    }

    /// Discards everything since the last commit. SQLite may have rolled back by itself already.
    fn roll_back(&mut self) {
        self.chain = None;
        if self.db.in_transaction()
            && let Err(error) = self.db.execute("ROLLBACK", params![])
        {
            tracing::error!(%error, "rollback failed");
        }
    }
}

fn answer(outcome: UnitOutcome, written: Written) -> Answer {
    match outcome {
        UnitOutcome::Kept => Ok(Some(written)),
        UnitOutcome::Abandoned => Ok(None),
        UnitOutcome::Failed(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
