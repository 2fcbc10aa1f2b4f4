//! The workers' steps, each of which ends: the program repeats them, a simulator takes them one by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::Changed;
use nosmoke_ports::{MypageStore, Pace, Priority, StoreError, Worker, Write, read, write};
use nosmoke_runtime::feed::WORKERS;
use nosmoke_runtime::link::LinkState;
use nosmoke_runtime::{Core, Step};
use tokio::sync::watch;

use super::policies::Policies;
use super::rows::customers;
use super::{mypage, projection};

/// Workers whose projections the screens show.
const SHOWING: [Worker; 4] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Mypage];
/// Changes folded in one step at most: they keep the writer for some milliseconds only.
pub(super) const STEP: usize = 256;
/// While there are commands.
const BUSY_STEP: usize = 32;

#[derive(Debug, Clone)]
pub struct Workers {
    pub core: Core,
    pub mypage: Arc<dyn MypageStore>,
}

impl Workers {
    /// Reads where the feed and every worker stand. Work that doesn't grow with history.
    ///
    /// # Errors
    /// The stores'.
    pub async fn begin(&self) -> Result<(), StoreError> {
        let (last, checkpoints) = read::<_, StoreError>(&*self.core.journal, |tx| {
            let mut checkpoints = Vec::new();
            for worker in WORKERS.into_iter().filter(|worker| *worker != Worker::Mypage) {
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
            // A server that isn't reached holds nothing else up: its worker goes on trying.
            Err(StoreError::Server(..)) => self.core.feed.fails(Worker::Mypage, true),
            Err(error) => return Err(error),
        }
        self.core.feed.wrote(last);
        Ok(())
    }

    /// One step of one worker: a batch of changes and its new checkpoint, in one transaction.
    ///
    /// # Errors
    /// The stores'; the checkpoint then stays where it was.
    pub async fn step(&self, worker: Worker, pace: Pace) -> Result<Step, StoreError> {
        self.step_of(worker, size(pace), Arc::default()).await
    }

    /// A step of so many changes at most, which passes over those of customers who are set aside.
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
        // What was recorded without a link waits to be handed over until there is one.
        let handing_over = worker == Worker::HandingOver && self.core.link.has_read_all();
        if worker == Worker::HandingOver
            && matches!(self.core.link.state(), LinkState::Offline { .. } | LinkState::Online { reading: true, .. })
        {
            return Ok(Step::Idle);
        }
        let policies = Policies::new(&self.core, handing_over);
        let unit = move |tx: &mut dyn Write| {
            let checkpoint = tx.checkpoint(worker)?;
            let mut changes = tx.changes(checkpoint, size)?;
            let Some(last) = changes.last().map(|change| change.change_seq) else { return Ok(None) };
            let full = changes.len() == size;
            changes.retain(|change| !set_aside.contains(&change.recorded.fact.customer_id));
            policies.follow(tx, worker, &changes)?;
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

    /// Empties the customer center's read model; its projector makes it anew from the journal.
    ///
    /// # Errors
    /// The stores'.
    pub async fn rebuild_mypage(&self) -> Result<(), StoreError> {
        self.core.feed.set_back(Worker::Mypage);
        self.mypage.clear().await?;
        self.core.feed.nudge();
        Ok(())
    }

    /// Tells which customers changed once every worker that shows something has passed a commit; meanwhile, when that
    /// takes long, what can be seen so far, every second. What a start finds undone is told of as well.
    pub async fn announce(self, mut stop: watch::Receiver<bool>, tell: impl Fn(Changed) + Send) {
        let (mut written, mut records) = (self.core.feed.subscribe(), self.core.feed.follow_records());
        let mut told = SHOWING.map(|worker| self.core.feed.checkpoint(worker)).into_iter().min().unwrap_or(0);
        loop {
            if told >= self.core.feed.last_written() {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    changed = written.changed() => if changed.is_err() { return },
                    _ = records.changed() => tell(Changed { change_seq: told, customers: Vec::new() }),
                }
            }
            loop {
                let to = self.core.feed.last_written();
                let seen = self.core.feed.caught_up(&SHOWING).await;
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
        match read::<_, StoreError>(&*self.core.journal, move |tx| tx.changes(after, STEP)).await {
            Ok(changes) if changes.len() < STEP => customers(&changes).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// Changes of one step at most.
pub(super) const fn size(pace: Pace) -> usize {
    match pace {
        Pace::Busy => BUSY_STEP,
        Pace::Free | Pace::Burst => STEP,
    }
}
