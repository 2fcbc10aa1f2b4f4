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
mod projection;
mod run;
mod set_aside;

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::Changed;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Change, Clock, Ids, Journal, MypageStore, Pace, Priority, StoreError, Worker, Write, read, write};
use nosmoke_replication::hub_incarnation;
use nosmoke_runtime::Step;
use nosmoke_runtime::contexts::Contexts;
use nosmoke_runtime::feed::{Feed, WORKERS};
use nosmoke_runtime::link::{Link, LinkState};
use nosmoke_runtime::measures::Measures;
use tokio::sync::watch;

/// Workers whose projections the screens show.
const SHOWING: [Worker; 4] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Mypage];
/// Changes folded in one step at most: they keep the writer for some milliseconds only.
const STEP: usize = 256;
/// While there are commands.
const BUSY_STEP: usize = 32;

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
    pub traces: Traces,
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
        match self.mypage.checkpoint().await {
            Ok(checkpoint) => self.feed.folded(Worker::Mypage, checkpoint),
            // A server that isn't reached holds nothing else up: its worker goes on trying.
            Err(StoreError::Server(..)) => self.feed.fails(Worker::Mypage, true),
            Err(error) => return Err(error),
        }
        self.feed.wrote(last);
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
    async fn step_of(
        &self,
        worker: Worker,
        size: usize,
        set_aside: Arc<BTreeSet<CustomerId>>,
    ) -> Result<Step, StoreError> {
        if worker == Worker::Mypage {
            return mypage::step(self, size, set_aside).await;
        }
        if projection::is_projector(worker) {
            return projection::step(self, worker, size, set_aside).await;
        }
        // What was recorded without a link waits to be handed over until there is one.
        let handing_over = worker == Worker::HandingOver && self.link.has_read_all();
        if worker == Worker::HandingOver
            && matches!(self.link.state(), LinkState::Offline { .. } | LinkState::Online { reading: true, .. })
        {
            return Ok(Step::Idle);
        }
        let policies = self.policies(handing_over);
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
                while self.step(worker, Pace::Free).await? == Step::More {}
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

impl Workers {
    fn policies(&self, handing_over: bool) -> Policies {
        let (clock, ids, traces) = (self.clock.clone(), self.ids.clone(), self.traces.clone());
        Policies { clock, ids, traces, handing_over }
    }
}

/// Changes of one step at most.
const fn size(pace: Pace) -> usize {
    match pace {
        Pace::Busy => BUSY_STEP,
        Pace::Free | Pace::Burst => STEP,
    }
}

/// What the policies do with changes, inside one transaction: they decide, and so see every fact before.
struct Policies {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    traces: Traces,
    /// There is a link, so that what is held here can go to the hub.
    handing_over: bool,
}

impl Policies {
    fn follow(&self, tx: &mut dyn Write, worker: Worker, changes: &[Change]) -> Result<(), StoreError> {
        let now = self.clock.now();
        match worker {
            Worker::Earning => earning::follow(tx, changes, now, &*self.ids, &self.traces),
            Worker::Giving => giving::follow(tx, changes, now, &*self.ids, &self.traces),
            Worker::HandingOver => match if self.handing_over { hub_incarnation(tx)? } else { None } {
                Some(hub) => giving::hand_over_to_hub(tx, changes, hub, now, &*self.ids),
                None => Ok(()),
            },
            Worker::CheckIn | Worker::Point | Worker::Penalty | Worker::Mypage => Ok(()),
        }
    }
}

/// The customers of some changes, each once.
fn customers(changes: &[Change]) -> BTreeSet<CustomerId> {
    changes.iter().map(|change| change.recorded.fact.customer_id).collect()
}
