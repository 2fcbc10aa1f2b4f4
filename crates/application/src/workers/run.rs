//! A worker as a task of its context: repeats its steps, counts them, and deals with what goes wrong.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{StoreError, Worker, read};
use nosmoke_runtime::Step;
use nosmoke_runtime::contexts::{Task, Unit, caught, context_of, task_of};
use nosmoke_runtime::measures::Node;
use tokio::sync::watch;

use super::steps::{STEP, Workers, size};

/// Backoff after a failed step.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Panics in a row after which a step's changes are taken one by one, to find whose it is.
const PANICS: u32 = 3;
/// Panics in a row at one change after which its customer is set aside.
const PANICS_AT_ONE: u32 = 2;

/// A worker that runs.
struct Runner {
    workers: Workers,
    worker: Worker,
    unit: Arc<Unit>,
    task: Task,
    set_aside: Arc<BTreeSet<CustomerId>>,
    /// Changes are taken one by one up to this one.
    one_by_one_to: i64,
    panics: u32,
}

impl Workers {
    /// Follows the feed until told to stop, or until its context is stopped. A failed step is tried again after a pause that
    /// grows.
    pub async fn run(self, worker: Worker, mut stop: watch::Receiver<bool>) {
        let (unit, task) = (Arc::clone(self.core.contexts.unit_of(worker)), task_of(worker));
        let (mut written, mut nudges) = (self.core.feed.subscribe(), self.core.feed.follow_nudges());
        let set_aside = Arc::default();
        let mut runner =
            Runner { workers: self, worker, unit: unit.clone(), task, set_aside, one_by_one_to: 0, panics: 0 };
        let mut pause = FIRST_PAUSE;
        let mut begun = false;
        while unit.is_open() {
            written.mark_unchanged();
            nudges.mark_unchanged();
            let outcome = if begun { runner.step().await } else { runner.begin().await };
            begun |= outcome.is_ok();
            if outcome.is_err() {
                unit.tries_again_in(task, Some(pause));
            }
            let wait = async {
                match outcome {
                    Ok(Step::More) => tokio::task::yield_now().await,
                    Ok(Step::Idle) => tokio::select! {
                        _ = written.changed() => {}
                        _ = nudges.changed() => {}
                    },
                    Err(_) => tokio::time::sleep(pause).await,
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = unit.closed() => return,
                () = wait => {}
            }
            pause = match outcome {
                Ok(_) => FIRST_PAUSE,
                Err(error) => {
                    tracing::warn!(?worker, %error, "a step failed and will be tried again");
                    (pause * 2).min(LONGEST_PAUSE)
                }
            };
        }
    }
}

impl Runner {
    /// Reads where it stands: what an earlier run had given to the writer may have been recorded though nobody waited for it.
    /// Then tries those again who were set aside.
    async fn begin(&mut self) -> Result<Step, StoreError> {
        self.unit.begins(self.task);
        let begun = caught(self.resume()).await.unwrap_or_else(|panic| Err(StoreError::Panicked(panic)));
        match &begun {
            Ok(()) => self.unit.succeeded(self.task, self.lag()),
            Err(error) => self.unit.failed(self.task, error),
        }
        self.workers.core.feed.fails(self.worker, begun.is_err());
        begun.map(|()| Step::More)
    }

    async fn resume(&mut self) -> Result<(), StoreError> {
        let (workers, worker) = (self.workers.clone(), self.worker);
        let (last, checkpoint) =
            read::<_, StoreError>(&*workers.core.journal, move |tx| Ok((tx.last_change()?, tx.checkpoint(worker)?)))
                .await?;
        let checkpoint = if worker == Worker::Mypage { workers.mypage.checkpoint().await? } else { checkpoint };
        workers.core.feed.folded(worker, checkpoint);
        workers.core.feed.wrote(last);
        let mut set_aside = workers.set_aside(worker).await?;
        for (customer, from) in set_aside.clone() {
            match caught(workers.take_back(worker, customer, from)).await {
                Ok(Ok(())) => drop(set_aside.remove(&customer)),
                Ok(Err(StoreError::Panicked(panic))) | Err(panic) => self.unit.panicked(self.task, &panic),
                Ok(Err(error)) => return Err(error),
            }
        }
        self.sets_aside(set_aside.into_keys().collect());
        Ok(())
    }

    async fn step(&mut self) -> Result<Step, StoreError> {
        let Self { workers, worker, task, .. } = &*self;
        let (workers, worker, task) = (workers.clone(), *worker, *task);
        let pace = workers.core.journal.turn().await;
        let (before, begun) = (workers.core.feed.checkpoint(worker), Instant::now());
        let one_by_one = before < self.one_by_one_to;
        let size = if one_by_one { 1 } else { size(pace) };
        self.unit.begins(task);
        let stepped = caught(workers.step_of(worker, size, self.set_aside.clone())).await;
        let outcome = stepped.unwrap_or_else(|panic| Err(StoreError::Panicked(panic)));
        let passed = u64::try_from(workers.core.feed.checkpoint(worker) - before).unwrap_or(0);
        if passed > 0 || outcome.is_err() {
            let edge = (Node::Sqlite, Node::of(context_of(worker)));
            workers.core.measures.record(edge, passed.max(1), begun.elapsed(), outcome.is_ok());
        }
        workers.core.feed.fails(worker, outcome.is_err());
        match &outcome {
            Ok(_) => {
                self.panics = 0;
                self.unit.succeeded(task, self.lag());
            }
            Err(StoreError::Panicked(panic)) => {
                self.unit.panicked(task, panic);
                self.panics += 1;
                self.narrow_down(before, one_by_one).await;
            }
            Err(error) => self.unit.failed(task, error),
        }
        outcome
    }

    /// After some panics in a row: first to one change at a time, then that one's customer is set aside.
    async fn narrow_down(&mut self, checkpoint: i64, one_by_one: bool) {
        if one_by_one && self.panics >= PANICS_AT_ONE {
            match self.workers.set_next_aside(self.worker).await {
                Ok(set_aside) => self.sets_aside(set_aside.into_keys().collect()),
                Err(error) => self.unit.failed(self.task, &error),
            }
            self.panics = 0;
        } else if self.panics >= PANICS {
            self.one_by_one_to = checkpoint + i64::try_from(STEP).unwrap_or(0);
            self.panics = 0;
        }
    }

    fn sets_aside(&mut self, customers: BTreeSet<CustomerId>) {
        self.unit.sets_aside(self.task, customers.len());
        self.set_aside = Arc::new(customers);
    }

    /// Handing over waits for the link; that is no lag.
    fn lag(&self) -> u64 {
        let Self { workers, worker, .. } = self;
        let behind = workers.core.feed.last_written() - workers.core.feed.checkpoint(*worker);
        if *worker == Worker::HandingOver { 0 } else { u64::try_from(behind).unwrap_or(0) }
    }
}
