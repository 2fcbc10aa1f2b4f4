//! Runs a worker as a task of its context: repeats its steps, counts them, and handles errors and panics.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Backoff, StoreError, Worker, read};
use nosmoke_runtime::Step;
use nosmoke_runtime::contexts::{ContextUnit, Task, catch_panic, context_of, task_of};
use nosmoke_runtime::measures::Node;
use tokio::sync::watch;

use super::steps::{CHANGES_BATCH, Workers, size};

/// The pause before a failed step is retried.
const STEP_BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
/// After this many panics in a row, changes are processed one by one, to find the customer whose facts cause the panic.
const PANICS_BEFORE_ONE_BY_ONE: u32 = 3;
/// After this many panics in a row at one change, its customer is set aside.
const PANICS_BEFORE_SETTING_ASIDE: u32 = 2;

/// The state of a running worker.
struct Runner {
    workers: Workers,
    worker: Worker,
    unit: Arc<ContextUnit>,
    task: Task,
    set_aside: Arc<BTreeSet<CustomerId>>,
    /// Changes up to this one are processed one by one, because a batch with them panicked.
    one_by_one_to: i64,
    panics: u32,
}

impl Workers {
    /// Runs the steps of a worker, whenever the change feed has news, until `stop` is set or the worker's context is
    /// stopped. A failed step is retried with backoff.
    pub async fn run(self, worker: Worker, mut stop: watch::Receiver<bool>) {
        let (unit, task) = (Arc::clone(self.core.contexts.unit_of(worker)), task_of(worker));
        let (mut written, mut nudges) = (self.core.feed.subscribe(), self.core.feed.follow_nudges());
        let mut requests = self.core.points_requests.follow_arrivals();
        let set_aside = Arc::default();
        let mut runner =
            Runner { workers: self, worker, unit: unit.clone(), task, set_aside, one_by_one_to: 0, panics: 0 };
        let mut backoff = STEP_BACKOFF;
        let mut begun = false;
        while unit.is_open() {
            written.mark_unchanged();
            nudges.mark_unchanged();
            requests.mark_unchanged();
            let outcome = if begun { runner.step().await } else { runner.begin().await };
            begun |= outcome.is_ok();
            let pause = match &outcome {
                Ok(_) => {
                    backoff.reset();
                    Duration::ZERO
                }
                Err(error) => {
                    tracing::warn!(?worker, %error, "a step failed and will be retried");
                    let pause = backoff.failed();
                    unit.tries_again_in(task, Some(pause));
                    pause
                }
            };
            let wait = async {
                match outcome {
                    Ok(Step::More) => tokio::task::yield_now().await,
                    Ok(Step::After(pause)) => tokio::select! {
                        _ = written.changed() => {}
                        _ = nudges.changed() => {}
                        () = tokio::time::sleep(pause) => {}
                    },
                    Ok(Step::Idle) => tokio::select! {
                        _ = written.changed() => {}
                        _ = nudges.changed() => {}
                        _ = requests.changed(), if worker == Worker::Giving => {}
                    },
                    Err(_) => tokio::time::sleep(pause).await,
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = unit.closed() => return,
                () = wait => {}
            }
        }
    }
}

impl Runner {
    /// Begins a run of the worker. Reads the checkpoint from the store again, because a unit of work that an earlier
    /// run had queued may have been committed since. Then retries the customers who were set aside.
    async fn begin(&mut self) -> Result<Step, StoreError> {
        self.unit.begins(self.task);
        let begun = catch_panic(self.resume()).await.unwrap_or_else(|panic| Err(StoreError::Panicked(panic)));
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
            match catch_panic(workers.take_back(worker, customer, from)).await {
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
        let stepped = catch_panic(workers.step_of(worker, size, self.set_aside.clone())).await;
        let outcome = stepped.unwrap_or_else(|panic| Err(StoreError::Panicked(panic)));
        let passed = u64::try_from(workers.core.feed.checkpoint(worker) - before).unwrap_or(0);
        if passed > 0 || outcome.is_err() {
            let edge = (Node::Sqlite, Node::of(context_of(worker)));
            workers.core.measures.observe(edge, passed.max(1), begun.elapsed(), outcome.is_ok());
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

    /// Handles repeated panics: first lets changes be processed one by one, then sets aside the customer whose change
    /// panics.
    async fn narrow_down(&mut self, checkpoint: i64, one_by_one: bool) {
        // Giving and handing over don't follow the feed change by change, so no change is to blame.
        if matches!(self.worker, Worker::Giving | Worker::HandingOver) {
            return;
        }
        if one_by_one && self.panics >= PANICS_BEFORE_SETTING_ASIDE {
            match self.workers.set_next_aside(self.worker).await {
                Ok(set_aside) => self.sets_aside(set_aside.into_keys().collect()),
                Err(error) => self.unit.failed(self.task, &error),
            }
            self.panics = 0;
        } else if self.panics >= PANICS_BEFORE_ONE_BY_ONE {
            self.one_by_one_to = checkpoint + i64::try_from(CHANGES_BATCH).unwrap_or(0);
            self.panics = 0;
        }
    }

    fn sets_aside(&mut self, customers: BTreeSet<CustomerId>) {
        self.unit.sets_aside(self.task, customers.len());
        self.set_aside = Arc::new(customers);
    }

    /// Returns how many changes the worker still has to process; 0 for the hand-over policy, which may have to wait for
    /// the connection.
    fn lag(&self) -> u64 {
        let Self { workers, worker, .. } = self;
        let behind = workers.core.feed.last_written() - workers.core.feed.checkpoint(*worker);
        if *worker == Worker::HandingOver { 0 } else { u64::try_from(behind).unwrap_or(0) }
    }
}
