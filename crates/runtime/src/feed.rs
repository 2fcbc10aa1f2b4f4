//! Who has come how far in the change feed: wakes the workers after a commit, and lets a read wait, at most a second,
//! for what this terminal last acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nosmoke_ports::Worker;
use nosmoke_ports::contract::ContextName;
use tokio::sync::watch;

use crate::contexts::{Contexts, context_of, task_of};

/// The longest a read waits for a projector.
const PATIENCE: Duration = Duration::from_secs(1);

pub const WORKERS: [Worker; 7] = [
    Worker::CheckIn,
    Worker::Point,
    Worker::Earning,
    Worker::Penalty,
    Worker::Mypage,
    Worker::Giving,
    Worker::HandingOver,
];

#[derive(Debug)]
struct Progress {
    folded: watch::Sender<i64>,
    /// Its last step failed.
    failing: AtomicBool,
}

#[derive(Debug)]
pub struct Feed {
    written: watch::Sender<i64>,
    /// Counts changes of records, which aren't facts and so aren't in the feed.
    records: watch::Sender<u64>,
    /// Counts calls of [`Self::nudge`].
    nudges: watch::Sender<u64>,
    progress: BTreeMap<Worker, Progress>,
    contexts: Arc<Contexts>,
}

impl Feed {
    pub fn new(contexts: Arc<Contexts>) -> Self {
        let progress = || Progress { folded: watch::Sender::new(0), failing: AtomicBool::new(false) };
        Self {
            written: watch::Sender::new(0),
            records: watch::Sender::new(0),
            nudges: watch::Sender::new(0),
            progress: WORKERS.into_iter().map(|worker| (worker, progress())).collect(),
            contexts,
        }
    }

    /// A commit has put changes up to `last_change` into the feed.
    pub fn wrote(&self, last_change: i64) {
        self.written.send_if_modified(|seen| raise(seen, last_change));
    }

    /// A worker has passed everything up to `change_seq`.
    pub fn folded(&self, worker: Worker, change_seq: i64) {
        if let Some(progress) = self.progress.get(&worker) {
            progress.folded.send_if_modified(|seen| raise(seen, change_seq));
        }
    }

    /// A worker begins anew.
    pub fn set_back(&self, worker: Worker) {
        if let Some(progress) = self.progress.get(&worker) {
            progress.folded.send_replace(0);
        }
    }

    /// The last change known to be committed.
    pub fn last_written(&self) -> i64 {
        *self.written.borrow()
    }

    pub fn checkpoint(&self, worker: Worker) -> i64 {
        self.progress.get(&worker).map_or(0, |progress| *progress.folded.borrow())
    }

    /// Tells of every commit from now on.
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.written.subscribe()
    }

    /// Tells of a worker's progress from now on.
    pub fn follow(&self, worker: Worker) -> Option<watch::Receiver<i64>> {
        self.progress.get(&worker).map(|progress| progress.folded.subscribe())
    }

    /// A commit has changed profiles, notes or reference records.
    pub fn records_changed(&self) {
        self.records.send_modify(|count| *count += 1);
        self.nudge();
    }

    /// Tells of every change of records from now on.
    pub fn follow_records(&self) -> watch::Receiver<u64> {
        self.records.subscribe()
    }

    /// Wakes the workers though nothing was written: what they wait for besides may have come, such as the link.
    pub fn nudge(&self) {
        self.nudges.send_modify(|count| *count += 1);
    }

    /// Tells of every nudge from now on.
    pub fn follow_nudges(&self) -> watch::Receiver<u64> {
        self.nudges.subscribe()
    }

    /// A worker's step failed, or one succeeded again. What it shows may have changed then, so that is told.
    pub fn fails(&self, worker: Worker, failing: bool) {
        let Some(progress) = self.progress.get(&worker) else { return };
        if progress.failing.swap(failing, Ordering::SeqCst) && !failing {
            self.records_changed();
        }
    }

    pub fn is_failing(&self, worker: Worker) -> bool {
        self.progress.get(&worker).is_some_and(|progress| progress.failing.load(Ordering::SeqCst))
    }

    /// Waits, at most a second, until these workers have passed what was written so far. One whose context is stopped, or
    /// that is failing or hangs, isn't waited for: nobody knows how long that takes. False when the second was over first.
    pub async fn caught_up(&self, workers: &[Worker]) -> bool {
        let target = self.last_written();
        let all = async {
            for worker in workers.iter().copied().filter(|worker| self.is_waited_for(*worker)) {
                if let Some(mut folded) = self.follow(worker) {
                    let _ = folded.wait_for(|seen| *seen >= target).await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, all).await.is_ok()
    }

    /// The change that every worker of a context has passed. What waits for the link is left out: handing over to the hub.
    pub fn passed_by(&self, name: ContextName) -> Option<i64> {
        let workers = WORKERS.into_iter().filter(|it| context_of(*it) == name && *it != Worker::HandingOver);
        workers.map(|worker| self.checkpoint(worker)).min()
    }

    fn is_waited_for(&self, worker: Worker) -> bool {
        let unit = self.contexts.unit_of(worker);
        if unit.hangs(task_of(worker)) {
            // As good as failed: what it shows once it goes on is told of then.
            self.fails(worker, true);
        }
        unit.is_open() && !self.is_failing(worker)
    }
}

fn raise(seen: &mut i64, to: i64) -> bool {
    let higher = to > *seen;
    if higher {
        *seen = to;
    }
    higher
}
