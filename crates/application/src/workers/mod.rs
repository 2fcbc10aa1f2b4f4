//! Workers follow the change feed, each from its own checkpoint: every context's projector, and point's earning policy.
//! One that is held back, slow or failing makes nothing else wrong, since a decision never reads what only a worker
//! knows, but for the published standing (N4).

mod check_in;
mod earning;
mod entries;
mod giving;
mod mypage;
mod penalty;
mod point;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_domain::ids::CustomerId;
use tokio::sync::watch;

use crate::contexts::{Contexts, Unit, context_of, task_of};
use crate::contract::Changed;
use crate::feed::{Feed, WORKERS};
use crate::link::{Link, LinkState};
use crate::measures::{Measures, Node};
use crate::ports::{Change, Clock, Ids, Journal, MypageStore, Priority, StoreError, Worker, Write, read, write};
use crate::records;

/// Workers whose projections the screens show.
const SHOWING: [Worker; 4] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Mypage];
/// Changes folded in one step; a step of this size keeps the writer for some milliseconds only.
const STEP: usize = 256;
/// Backoff after a failed step.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Everything there is has been passed.
    Idle,
    /// There may be more.
    More,
}

#[derive(Debug, Clone)]
pub struct Workers {
    pub journal: Arc<dyn Journal>,
    pub mypage: Arc<dyn MypageStore>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub feed: Arc<Feed>,
    pub link: Arc<Link>,
    pub contexts: Arc<Contexts>,
    pub measures: Arc<Measures>,
}

impl Workers {
    /// Reads where the feed and every worker stand. Work that doesn't grow with history.
    ///
    /// # Errors
    /// The stores'.
    pub async fn begin(&self) -> Result<(), StoreError> {
        let (last, checkpoints) = read::<_, StoreError>(&*self.journal, |tx| {
            let mut checkpoints = Vec::new();
            for worker in WORKERS.into_iter().filter(|worker| *worker != Worker::Mypage) {
                checkpoints.push((worker, tx.checkpoint(worker)?));
            }
            Ok((tx.last_change()?, checkpoints))
        })
        .await?;
        for (worker, checkpoint) in checkpoints {
            self.feed.folded(worker, checkpoint);
        }
        self.feed.folded(Worker::Mypage, self.mypage.checkpoint().await?);
        self.feed.wrote(last);
        Ok(())
    }

    async fn resume(&self, worker: Worker) -> Result<(), StoreError> {
        let (last, checkpoint) =
            read::<_, StoreError>(&*self.journal, move |tx| Ok((tx.last_change()?, tx.checkpoint(worker)?))).await?;
        let checkpoint = if worker == Worker::Mypage { self.mypage.checkpoint().await? } else { checkpoint };
        self.feed.folded(worker, checkpoint);
        self.feed.wrote(last);
        Ok(())
    }

    /// One step of one worker: a batch of changes and its new checkpoint, in one transaction.
    ///
    /// # Errors
    /// The stores'; the checkpoint then stays where it was.
    pub async fn step(&self, worker: Worker) -> Result<Step, StoreError> {
        if worker == Worker::Mypage {
            return mypage::step(self).await;
        }
        // What was recorded without a link waits to be handed over until there is one.
        let handing_over = worker == Worker::HandingOver && self.link.has_read_all();
        if worker == Worker::HandingOver
            && matches!(self.link.state(), LinkState::Offline { .. } | LinkState::Online { reading: true, .. })
        {
            return Ok(Step::Idle);
        }
        let (clock, ids) = (Arc::clone(&self.clock), Arc::clone(&self.ids));
        let unit = move |tx: &mut dyn Write| {
            let checkpoint = tx.checkpoint(worker)?;
            let changes = tx.changes(checkpoint, STEP)?;
            let Some(last) = changes.last().map(|change| change.change_seq) else { return Ok(None) };
            let hub = if handing_over { records::hub_incarnation(tx)? } else { None };
            match worker {
                Worker::CheckIn => check_in::project(tx, &changes)?,
                Worker::Point => point::project(tx, &changes, clock.now())?,
                Worker::Earning => earning::follow(tx, &changes, clock.now(), &*ids)?,
                Worker::Penalty => penalty::project(tx, &changes)?,
                Worker::Giving => giving::follow(tx, &changes, clock.now(), &*ids)?,
                Worker::HandingOver => {
                    if let Some(hub) = hub {
                        giving::hand_over_to_hub(tx, &changes, hub, clock.now(), &*ids)?;
                    }
                }
                Worker::Mypage => {}
            }
            tx.put_checkpoint(worker, last)?;
            Ok::<_, StoreError>(Some((last, changes.len() == STEP)))
        };
        let (stepped, written) = write(&*self.journal, Priority::Background, unit).await?;
        let Some((last, full)) = stepped else { return Ok(Step::Idle) };
        if let Some(written) = written {
            self.feed.wrote(written.last_change);
        }
        self.feed.folded(worker, last);
        Ok(if full { Step::More } else { Step::Idle })
    }

    /// Steps every worker whose context isn't stopped until all are idle; for tests, imports and the simulator.
    ///
    /// # Errors
    /// The stores'.
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.settle_but(&[]).await
    }

    /// As [`Self::settle`], but for some that stay where they are.
    ///
    /// # Errors
    /// The stores'.
    pub async fn settle_but(&self, not: &[Worker]) -> Result<(), StoreError> {
        let steps = |worker: &Worker| self.contexts.unit_of(*worker).is_open() && !not.contains(worker);
        loop {
            let before = self.feed.last_written();
            for worker in WORKERS.into_iter().filter(steps) {
                while self.step(worker).await? == Step::More {}
            }
            if self.feed.last_written() == before {
                return Ok(());
            }
        }
    }

    /// Empties the customer center's read model; its projector makes it anew from the journal.
    ///
    /// # Errors
    /// The stores'.
    pub async fn rebuild_mypage(&self) -> Result<(), StoreError> {
        self.feed.set_back(Worker::Mypage);
        self.mypage.clear().await?;
        self.feed.nudge();
        Ok(())
    }

    /// Follows the feed until told to stop, or until its context is stopped. A failed step is tried again after a pause that
    /// grows.
    pub async fn run(self, worker: Worker, mut stop: watch::Receiver<bool>) {
        let unit = Arc::clone(self.contexts.unit_of(worker));
        let (mut written, mut nudges) = (self.feed.subscribe(), self.feed.follow_nudges());
        let mut pause = FIRST_PAUSE;
        // What an earlier run had given to the writer may have been recorded though nobody waited for it.
        unit.begins(task_of(worker));
        if self.resume(worker).await.is_err() {
            tracing::warn!(?worker, "where it stands can't be read; its next step will tell");
        }
        while unit.is_open() {
            written.mark_unchanged();
            nudges.mark_unchanged();
            let outcome = self.measured_step(worker, &unit).await;
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

    async fn measured_step(&self, worker: Worker, unit: &Unit) -> Result<Step, StoreError> {
        let (task, before, begun) = (task_of(worker), self.feed.checkpoint(worker), Instant::now());
        unit.begins(task);
        let outcome = self.step(worker).await;
        let after = self.feed.checkpoint(worker);
        match &outcome {
            Ok(_) => {
                let lag = |it| u64::try_from(self.feed.last_written() - it).unwrap_or(0);
                // Handing over waits for the link; that is no lag.
                unit.succeeded(task, if worker == Worker::HandingOver { 0 } else { lag(after) });
            }
            Err(error) => unit.failed(task, error),
        }
        let passed = u64::try_from(after - before).unwrap_or(0).max(u64::from(outcome.is_err()));
        if passed > 0 {
            let edge = (Node::Sqlite, Node::of(context_of(worker)));
            self.measures.record(edge, passed, begun.elapsed(), outcome.is_ok());
        }
        outcome
    }

    /// Tells which customers changed once every worker that shows something has passed a commit; meanwhile, when that
    /// takes long, what can be seen so far, every second. What a start finds undone is told of as well.
    pub async fn announce(self, mut stop: watch::Receiver<bool>, tell: impl Fn(Changed) + Send) {
        let (mut written, mut records) = (self.feed.subscribe(), self.feed.follow_records());
        let mut told = SHOWING.map(|worker| self.feed.checkpoint(worker)).into_iter().min().unwrap_or(0);
        loop {
            if told >= self.feed.last_written() {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    changed = written.changed() => if changed.is_err() { return },
                    _ = records.changed() => tell(Changed { change_seq: told, customers: Vec::new() }),
                }
            }
            loop {
                let to = self.feed.last_written();
                let seen = self.feed.caught_up(&SHOWING).await;
                tell(Changed { change_seq: to, customers: self.changed_after(told).await });
                if seen || *stop.borrow() {
                    told = to;
                    break;
                }
            }
        }
    }

    /// The customers of the changes after one; none named when there are too many, or they can't be read.
    async fn changed_after(&self, after: i64) -> Vec<CustomerId> {
        match read::<_, StoreError>(&*self.journal, move |tx| tx.changes(after, STEP)).await {
            Ok(changes) if changes.len() < STEP => customers(&changes).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// The customers of some changes, each once.
fn customers(changes: &[Change]) -> BTreeSet<CustomerId> {
    changes.iter().map(|change| change.recorded.fact.customer_id).collect()
}
