//! The steps of the workers. A step processes one batch; the program repeats steps in tasks, the simulator runs them
//! one by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::Changed;
use nosmoke_ports::{MypageStore, Pace, Priority, StoreError, Worker, Write, read, write};
use nosmoke_runtime::feed::WORKERS;
use nosmoke_runtime::{Core, Step};
use tokio::sync::watch;

use super::earning;
use super::hub_state::HandingOver;
use super::rows::customers;
use super::{mypage, projection};

/// Workers whose projections the screens show.
const SHOWN_WORKERS: [Worker; 5] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Review, Worker::Mypage];
/// The largest number of changes in one step, small enough that the step occupies the writer for only a few
/// milliseconds.
pub(super) const CHANGES_BATCH: usize = 256;
/// The largest number of changes in one step while commands come now and then.
const BUSY_CHANGES_BATCH: usize = 32;

#[derive(Debug, Clone)]
pub struct Workers {
    pub core: Core,
    pub mypage: Arc<dyn MypageStore>,
    pub(super) handing_over: Arc<HandingOver>,
}

impl Workers {
    pub fn new(core: Core, mypage: Arc<dyn MypageStore>) -> Self {
        Self { core, mypage, handing_over: Arc::default() }
    }

    /// Reads the last change and the checkpoints of all workers. Takes equally long whatever the length of the history.
    ///
    /// # Errors
    /// An error of the journal or of Mypage's store.
    pub async fn begin(&self) -> Result<(), StoreError> {
        let (last, checkpoints) = read::<_, StoreError>(&*self.core.journal, |tx| {
            let mut checkpoints = Vec::new();
            for worker in WORKERS.into_iter().filter(|worker| {
                !matches!(worker, Worker::Mypage | Worker::Giving | Worker::HandingOver | Worker::Revising)
            }) {
                checkpoints.push((worker, tx.checkpoint(worker)?));
            }
            Ok((tx.last_change()?, checkpoints))
        })
        .await?;
        for (worker, checkpoint) in checkpoints {
            self.core.feed.folded(worker, checkpoint);
        }
        match self.mypage.checkpoint().await {
            Ok(checkpoint) => self.core.feed.folded(Worker::Mypage, checkpoint),
            // An unreachable database server must not prevent the start: Mypage's worker keeps retrying.
            Err(StoreError::Server(..)) => self.core.feed.fails(Worker::Mypage, true),
            Err(error) => return Err(error),
        }
        self.handing_over.0.lock().noted = last;
        // These follow requests, what is active and what was published; none of them has to catch up with the feed.
        for worker in [Worker::Giving, Worker::HandingOver, Worker::Revising] {
            self.core.feed.folded(worker, last);
        }
        self.core.feed.wrote(last);
        Ok(())
    }

    /// Runs one step of one worker: a batch of changes and its new checkpoint, in one transaction.
    ///
    /// # Errors
    /// An error of the journal or of Mypage's store; the checkpoint then stays where it was.
    pub async fn step(&self, worker: Worker, pace: Pace) -> Result<Step, StoreError> {
        self.step_of(worker, size(pace), Arc::default()).await
    }

    /// Runs a step with at most `size` changes, skipping changes of customers who are set aside.
    pub(super) async fn step_of(
        &self,
        worker: Worker,
        size: usize,
        set_aside: Arc<BTreeSet<CustomerId>>,
    ) -> Result<Step, StoreError> {
        if worker == Worker::Mypage {
            return mypage::step((&self.core, &*self.mypage), size, set_aside).await;
        }
        if projection::is_projector(worker) {
            return projection::step(&self.core, worker, size, set_aside).await;
        }
        if worker == Worker::Giving {
            // It follows requests, not the feed: it has no checkpoint of its own.
            let last = self.core.feed.last_written();
            self.answer_requests().await?;
            self.core.feed.folded(worker, last);
            return Ok(Step::Idle);
        }
        if worker == Worker::HandingOver {
            return self.hand_over_step().await;
        }
        if worker == Worker::Revising {
            return self.revise_step(size, &set_aside).await;
        }
        // Only the earning policy remains.
        let (present, ids, traces) = (self.core.present.clone(), self.core.ids.clone(), self.core.traces.clone());
        let unit = move |tx: &mut dyn Write| {
            let checkpoint = tx.checkpoint(worker)?;
            let mut changes = tx.changes(checkpoint, size)?;
            let Some(last) = changes.last().map(|change| change.change_seq) else { return Ok(None) };
            let full = changes.len() == size;
            changes.retain(|change| !set_aside.contains(&change.recorded.fact.customer_id));
            earning::follow(tx, &changes, present.read(), &*ids, &traces)?;
            tx.put_checkpoint(worker, last)?;
            Ok::<_, StoreError>(Some((last, full)))
        };
        let (stepped, written) = write(&*self.core.journal, Priority::Background, unit).await?;
        let Some((last, full)) = stepped else { return Ok(Step::Idle) };
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        self.core.feed.folded(worker, last);
        Ok(if full { Step::More } else { Step::Idle })
    }

    /// Clears Mypage's read model; the projector then rebuilds it from the journal.
    ///
    /// # Errors
    /// An error of the journal or of Mypage's store.
    pub async fn rebuild_mypage(&self) -> Result<(), StoreError> {
        self.core.feed.reset(Worker::Mypage);
        self.mypage.clear().await?;
        self.core.feed.nudge();
        Ok(())
    }

    /// Calls `notify` with the changed customers, once the projections that the screens show include a commit. If that
    /// takes long, also calls it about every second, for the changes that are visible so far. Also reports changes that
    /// were unprocessed when this began, and customers whose entries changed because of another customer's facts.
    pub async fn announce(self, mut stop: watch::Receiver<bool>, notify: impl Fn(Changed) + Send) {
        let (mut written, mut documents) = (self.core.feed.subscribe(), self.core.feed.follow_documents());
        let mut reprojected = self.core.feed.follow_reprojected();
        let mut notified = SHOWN_WORKERS.map(|worker| self.core.feed.checkpoint(worker)).into_iter().min().unwrap_or(0);
        loop {
            if notified >= self.core.feed.last_written() {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    changed = written.changed() => if changed.is_err() { return },
                    _ = documents.changed() => notify(Changed { change_seq: notified, customers: Vec::new() }),
                    customers = reprojected.recv() => {
                        notify(Changed { change_seq: notified, customers: customers.unwrap_or_default() });
                    }
                }
            }
            loop {
                let to = self.core.feed.last_written();
                let seen = self.core.feed.caught_up(&SHOWN_WORKERS).await;
                notify(Changed { change_seq: to, customers: self.changed_after(notified).await });
                if seen || *stop.borrow() {
                    notified = to;
                    break;
                }
            }
        }
    }

    /// Returns the customers of the changes after the change `after`; empty if there are too many changes or they can't
    /// be read.
    async fn changed_after(&self, after: i64) -> Vec<CustomerId> {
        match read::<_, StoreError>(&*self.core.journal, move |tx| tx.changes(after, CHANGES_BATCH)).await {
            Ok(changes) if changes.len() < CHANGES_BATCH => customers(&changes).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// Returns the largest number of changes in one step.
pub(super) const fn size(pace: Pace) -> usize {
    match pace {
        Pace::Busy => BUSY_CHANGES_BATCH,
        Pace::Free | Pace::Burst => CHANGES_BATCH,
    }
}
