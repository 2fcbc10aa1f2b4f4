//! The one writer: several waiting units share one commit, each inside a savepoint of its own (ADR 0005).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nosmoke_ports::{Abandoned, Clock, ReadUnit, StoreError, Unit, Written};

use super::queue::{Answer, Job, Queue};
use super::wal::Mover;
use crate::journal::chain::state::Chain;
use crate::journal::tx::{Tx, begin_reading};
use crate::pool::panicked;
use crate::raw::{Raw, binds};

/// How long background units may hold a transaction open.
const BACKGROUND_SLICE: Duration = Duration::from_millis(20);

/// Transactions that recorded something, since the journal was opened.
pub(crate) type Commits = Arc<AtomicU64>;

enum Ran {
    Kept,
    Abandoned,
    Failed(StoreError),
}

/// Runs units of work on one connection, on whatever thread calls it. [`crate::SqliteJournal`] gives it a thread and a queue;
/// [`Writer::open_unsynced`] is for a simulator, which needs neither.
pub struct Writer<'c> {
    raw: Raw<'c>,
    /// As of the last commit; `None` until it is read again after a failure.
    chain: Option<Chain>,
    clock: Arc<dyn Clock>,
    commits: Commits,
    mover: Arc<Mover>,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("commits", &self.commits).finish_non_exhaustive()
    }
}

impl<'c> Writer<'c> {
    pub(crate) fn new(raw: Raw<'c>, clock: Arc<dyn Clock>, commits: Commits, mover: Arc<Mover>) -> Self {
        Self { raw, chain: None, clock, commits, mover }
    }

    /// Works until the queue is closed and empty.
    pub(crate) fn run(&mut self, queue: &Queue) {
        while let Some(commands) = queue.take_commands() {
            self.commit_together(commands, queue);
        }
    }

    fn commit_together(&mut self, mut waiting: VecDeque<Job>, queue: &Queue) {
        let mut chain = match self.begin() {
            Ok(chain) => chain,
            Err(error) => {
                waiting.extend(queue.take_background());
                return waiting.into_iter().for_each(|job| job.answer(Err(error.clone())));
            }
        };
        let mut ran = Vec::with_capacity(waiting.len());
        let mut background_until = None;
        // Commands that come meanwhile share this commit: they would wait for it anyhow, and then for one of their own.
        while let Some(mut job) = waiting.pop_front().or_else(|| queue.take_command(ran.len())).or_else(|| {
            let until = *background_until.get_or_insert_with(|| Instant::now() + BACKGROUND_SLICE);
            if Instant::now() < until { queue.take_background() } else { None }
        }) {
            let outcome = self.run_unit(&mut job.unit, &mut chain);
            ran.push((job, outcome));
            if !self.raw.in_transaction() {
                break;
            }
        }
        let recorded = ran.iter().any(|(_, outcome)| matches!(outcome, Ran::Kept));
        match self.end(chain, recorded) {
            Ok(written) => ran.into_iter().for_each(|(job, outcome)| job.answer(answer(outcome, written))),
            Err(error) => {
                tracing::warn!(%error, units = ran.len() + waiting.len(), "nothing was recorded; once more, one by one");
                ran.into_iter().map(|(job, _)| job).chain(waiting).for_each(|job| self.commit_alone(job));
            }
        }
    }

    fn commit_alone(&mut self, mut job: Job) {
        let answer = self.write_unit(&mut job.unit);
        job.answer(answer);
    }

    /// Runs a unit in a commit of its own. `Ok(None)` when the unit abandoned.
    ///
    /// # Errors
    /// The store's; nothing of the unit is recorded then.
    pub fn write_unit(&mut self, unit: &mut Unit) -> Result<Option<Written>, StoreError> {
        self.begin().and_then(|mut chain| match self.run_unit(unit, &mut chain) {
            Ran::Kept => self.end(chain, true).map(Some),
            outcome => {
                self.roll_back();
                answer(outcome, Written { last_change: 0 })
            }
        })
    }

    /// Runs a reading unit on the state after the last commit.
    ///
    /// # Errors
    /// The store's; `Panicked` when the unit did.
    pub fn read_unit(&mut self, unit: ReadUnit) -> Result<(), StoreError> {
        let read = catch_unwind(AssertUnwindSafe(|| begin_reading(&mut self.raw, unit, &*self.clock)));
        if self.raw.in_transaction() {
            self.raw.execute("ROLLBACK", binds![])?;
        }
        read.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }

    /// Runs a unit inside a savepoint. Only when it is kept does the chain move.
    fn run_unit(&mut self, unit: &mut Unit, chain: &mut Chain) -> Ran {
        if let Err(error) = self.raw.execute("SAVEPOINT unit", binds![]) {
            return Ran::Failed(error);
        }
        let mut moved = chain.clone();
        let mut tx = Tx::new(&mut self.raw, &mut moved, &*self.clock);
        let result = catch_unwind(AssertUnwindSafe(|| unit(&mut tx)));
        let outcome = match (tx.into_failure(), result) {
            (Some(failure), _) => Ran::Failed(failure),
            (None, Ok(Ok(()))) => match self.raw.execute("RELEASE unit", binds![]) {
                Ok(_) => {
                    *chain = moved;
                    return Ran::Kept;
                }
                Err(error) => Ran::Failed(error),
            },
            (None, Ok(Err(Abandoned))) => Ran::Abandoned,
            (None, Err(panic)) => Ran::Failed(panicked(&*panic)),
        };
        // Where SQLite has ended the transaction, a savepoint would begin another.
        if self.raw.in_transaction() {
            let undone = self.raw.execute("ROLLBACK TO unit", binds![]);
            if undone.and_then(|_| self.raw.execute("RELEASE unit", binds![])).is_err() {
                self.roll_back();
            }
        }
        outcome
    }

    fn begin(&mut self) -> Result<Chain, StoreError> {
        self.raw.execute("BEGIN IMMEDIATE", binds![])?;
        let chain = match self.chain.clone() {
            Some(chain) => Ok(chain),
            None => Chain::load(&mut self.raw),
        };
        if chain.is_err() {
            self.roll_back();
        }
        chain
    }

    /// Commits; only then does what the units did count in memory.
    fn end(&mut self, chain: Chain, recorded: bool) -> Result<Written, StoreError> {
        let committed = if self.raw.in_transaction() {
            self.raw.execute("COMMIT", binds![])
        } else {
            Err(StoreError::Failed("SQLite ended the transaction".into()))
        };
        if let Err(error) = committed {
            self.roll_back();
            return Err(error);
        }
        self.commits.fetch_add(recorded.into(), Ordering::Relaxed);
        self.mover.committed();
        let written = Written { last_change: chain.last_change };
        self.chain = Some(chain);
        Ok(written)
    }

    /// Forgets everything since the last commit. SQLite may have rolled back by itself.
    fn roll_back(&mut self) {
        self.chain = None;
        if self.raw.in_transaction()
            && let Err(error) = self.raw.execute("ROLLBACK", binds![])
        {
            tracing::error!(%error, "a rollback failed");
        }
    }
}

fn answer(outcome: Ran, written: Written) -> Answer {
    match outcome {
        Ran::Kept => Ok(Some(written)),
        Ran::Abandoned => Ok(None),
        Ran::Failed(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
