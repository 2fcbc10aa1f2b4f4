//! Tracks the progress of each worker in the change feed. Wakes the workers after a commit, and lets a query wait up to
//! a second until the projections include everything that was committed before the query.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::Worker;
use nosmoke_ports::contract::ContextName;
use tokio::sync::{broadcast, watch};

use crate::contexts::{Contexts, context_of, task_of};

/// How long a query waits for the projectors.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(1);
/// Most lists of reprojected customers that wait to be announced; if there are more, everything counts as changed.
const REPROJECTED_CAPACITY: usize = 16;

pub const WORKERS: [Worker; 9] = [
    Worker::CheckIn,
    Worker::Point,
    Worker::Earning,
    Worker::Penalty,
    Worker::Review,
    Worker::Mypage,
    Worker::Giving,
    Worker::HandingOver,
    Worker::Revising,
];

/// The workers that only derive: they record no facts.
pub const PROJECTORS: [Worker; 5] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Review, Worker::Mypage];

#[derive(Debug)]
struct Progress {
    folded: watch::Sender<i64>,
    /// Whether the worker's last step failed.
    failing: AtomicBool,
}

#[derive(Debug)]
pub struct Feed {
    written: watch::Sender<i64>,
    /// Counts commits that changed documents. Documents aren't facts, so they aren't in the change feed.
    documents: watch::Sender<u64>,
    /// Counts calls of [`Self::nudge`].
    nudges: watch::Sender<u64>,
    reprojected: broadcast::Sender<Vec<CustomerId>>,
    progress: BTreeMap<Worker, Progress>,
    contexts: Arc<Contexts>,
}

impl Feed {
    pub fn new(contexts: Arc<Contexts>) -> Self {
        let progress = || Progress { folded: watch::Sender::new(0), failing: AtomicBool::new(false) };
        Self {
            written: watch::Sender::new(0),
            documents: watch::Sender::new(0),
            nudges: watch::Sender::new(0),
            reprojected: broadcast::Sender::new(REPROJECTED_CAPACITY),
            progress: WORKERS.into_iter().map(|worker| (worker, progress())).collect(),
            contexts,
        }
    }

    /// Called after a commit that put changes up to `last_change` into the feed.
    pub fn wrote(&self, last_change: i64) {
        self.written.send_if_modified(|seen| raise(seen, last_change));
    }

    /// Called when a worker has processed all changes up to `change_seq`.
    pub fn folded(&self, worker: Worker, change_seq: i64) {
        if let Some(progress) = self.progress.get(&worker) {
            progress.folded.send_if_modified(|seen| raise(seen, change_seq));
        }
    }

    /// Sets a worker's progress to 0, because the worker starts over from the first change.
    pub fn reset(&self, worker: Worker) {
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

    /// Subscribes to the last committed change.
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.written.subscribe()
    }

    /// Subscribes to the last change that a worker has processed.
    pub fn follow(&self, worker: Worker) -> Option<watch::Receiver<i64>> {
        self.progress.get(&worker).map(|progress| progress.folded.subscribe())
    }

    /// Called after a commit that changed profiles, notes or reference documents.
    pub fn documents_changed(&self) {
        self.documents.send_modify(|count| *count += 1);
        self.nudge();
    }

    /// Subscribes to changes of documents.
    pub fn follow_documents(&self) -> watch::Receiver<u64> {
        self.documents.subscribe()
    }

    /// Called when entries and balances of these customers changed although nothing was recorded of them.
    pub fn reprojected(&self, customers: Vec<CustomerId>) {
        // Without a subscriber, nobody shows these customers.
        let _ = self.reprojected.send(customers);
    }

    /// Subscribes to the customers who were reprojected.
    pub fn follow_reprojected(&self) -> broadcast::Receiver<Vec<CustomerId>> {
        self.reprojected.subscribe()
    }

    /// Wakes the workers although nothing was committed, because some wait for another event, such as the connection to
    /// the cluster.
    pub fn nudge(&self) {
        self.nudges.send_modify(|count| *count += 1);
    }

    /// Subscribes to nudges.
    pub fn follow_nudges(&self) -> watch::Receiver<u64> {
        self.nudges.subscribe()
    }

    /// Called when a worker's step failed or succeeded. When a worker recovers, this reports a change of documents, so
    /// that the screens read their data again.
    pub fn fails(&self, worker: Worker, failing: bool) {
        let Some(progress) = self.progress.get(&worker) else { return };
        if progress.failing.swap(failing, Ordering::SeqCst) && !failing {
            self.documents_changed();
        }
    }

    pub fn is_failing(&self, worker: Worker) -> bool {
        self.progress.get(&worker).is_some_and(|progress| progress.failing.load(Ordering::SeqCst))
    }

    /// Waits until these workers have processed everything committed so far; returns false after a second. Doesn't wait
    /// for workers that are failing or hanging, or whose context is stopped, because they may never catch up.
    pub async fn caught_up(&self, workers: &[Worker]) -> bool {
        let target = self.last_written();
        let all = async {
            for worker in workers.iter().copied().filter(|worker| self.is_waited_for(*worker)) {
                if let Some(mut folded) = self.follow(worker) {
                    let _ = folded.wait_for(|seen| *seen >= target).await;
                }
            }
        };
        tokio::time::timeout(CATCH_UP_TIMEOUT, all).await.is_ok()
    }

    /// Returns the last change that all workers of a context have processed. Ignores the hand-over policy, which is
    /// behind whenever there is no connection, and the revising policy, which is behind while it looks at all customers.
    pub fn passed_by(&self, name: ContextName) -> Option<i64> {
        let workers = WORKERS
            .into_iter()
            .filter(|it| context_of(*it) == name && !matches!(it, Worker::HandingOver | Worker::Revising));
        workers.map(|worker| self.checkpoint(worker)).min()
    }

    /// Returns whether a worker can be expected to catch up: its context is started, and it neither fails nor hangs.
    pub fn is_waited_for(&self, worker: Worker) -> bool {
        let unit = self.contexts.unit_of(worker);
        if unit.hangs(task_of(worker)) {
            // Marked as failing, so that its recovery is reported to the screens.
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
