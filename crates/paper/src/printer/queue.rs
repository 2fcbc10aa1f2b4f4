//! Slips that wait for the printer. Adding one never waits: a printer that is away holds up no record.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use nosmoke_ports::Backoff;
use parking_lot::{Condvar, Mutex};

use super::address::PrinterAddress;
use super::error::Failure;
use super::limits::Limits;
use super::{network, usb};

/// Slips that wait or failed. A desk prints some a minute; more means that nobody looks after the printer.
const JOBS_MAX: usize = 50;
/// The pauses before a printer that is busy is tried again: another desk's slip takes some seconds.
const BUSY_BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobId(pub u64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Printing,
    /// Stays in the list until somebody tries again or discards it. Nothing is sent again by itself: a part of the slip
    /// may be on paper, and the customer may be gone. The oldest one gives way when the list is full.
    Failed(Failure),
}

/// A slip in the list. `What` is the caller's description of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob<What> {
    pub id: JobId,
    pub what: What,
    pub state: JobState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{max} slips wait for the printer already")]
pub struct QueueFull {
    pub max: usize,
}

/// Prints in the order in which slips were added. Slips live in memory only: they can be printed again from the records.
pub struct PrintQueue<What> {
    shared: Arc<Shared<What>>,
}

struct Shared<What> {
    waiting: Mutex<Jobs<What>>,
    changed: Condvar,
    /// Called after each change, without a lock.
    notify: Box<dyn Fn() + Send + Sync>,
    /// Called for each slip that is on paper, whole or in part, without a lock.
    on_paper: Box<dyn Fn(What) + Send + Sync>,
}

struct Jobs<What> {
    jobs: Vec<Job<What>>,
    last_id: u64,
    ended: bool,
}

struct Job<What> {
    shown: PrintJob<What>,
    to: PrinterAddress,
    bytes: Arc<[u8]>,
}

/// The slip that is sent next.
struct Next<What> {
    id: JobId,
    what: What,
    to: PrinterAddress,
    bytes: Arc<[u8]>,
}

impl<What> std::fmt::Debug for PrintQueue<What> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrintQueue").finish_non_exhaustive()
    }
}

impl<What: Clone + Send + 'static> PrintQueue<What> {
    /// Starts the thread that sends. `notify` is called whenever the list has changed, and before that `on_paper` with what is
    /// on paper now, whole or in part, also if the list was cleared meanwhile.
    ///
    /// # Errors
    /// The system can start no thread.
    pub fn start(
        limits: Limits,
        notify: impl Fn() + Send + Sync + 'static,
        on_paper: impl Fn(What) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let jobs = Jobs { jobs: Vec::new(), last_id: 0, ended: false };
        let shared = Arc::new(Shared {
            waiting: Mutex::new(jobs),
            changed: Condvar::new(),
            notify: Box::new(notify),
            on_paper: Box::new(on_paper),
        });
        let queue = Arc::clone(&shared);
        thread::Builder::new().name("printer".into()).spawn(move || queue.run(&limits))?;
        Ok(Self { shared })
    }

    /// Adds a slip and returns at once.
    ///
    /// # Errors
    /// `QueueFull` if the list is full of slips that haven't failed.
    pub fn add(&self, to: PrinterAddress, bytes: Vec<u8>, what: What) -> Result<JobId, QueueFull> {
        let mut waiting = self.shared.waiting.lock();
        if waiting.jobs.len() >= JOBS_MAX {
            let failed = waiting.jobs.iter().position(|job| matches!(job.shown.state, JobState::Failed(_)));
            waiting.jobs.remove(failed.ok_or(QueueFull { max: JOBS_MAX })?);
        }
        waiting.last_id += 1;
        let id = JobId(waiting.last_id);
        let shown = PrintJob { id, what, state: JobState::Waiting };
        waiting.jobs.push(Job { shown, to, bytes: bytes.into() });
        drop(waiting);
        self.shared.tell();
        Ok(id)
    }

    /// What waits, is being printed or failed. A printed slip is in the list no more.
    pub fn jobs(&self) -> Vec<PrintJob<What>> {
        self.shared.waiting.lock().jobs.iter().map(|job| job.shown.clone()).collect()
    }

    /// Sends a failed slip again, as it is now: setting and content may have changed. Does nothing if none has this id.
    pub fn try_again(&self, id: JobId, to: PrinterAddress, bytes: Vec<u8>) {
        let mut waiting = self.shared.waiting.lock();
        let failed = |job: &&mut Job<What>| job.shown.id == id && matches!(job.shown.state, JobState::Failed(_));
        if let Some(job) = waiting.jobs.iter_mut().find(failed) {
            job.shown.state = JobState::Waiting;
            job.to = to;
            job.bytes = bytes.into();
        }
        drop(waiting);
        self.shared.tell();
    }

    /// Removes a slip from the list unless it is being printed.
    pub fn discard(&self, id: JobId) {
        let is_it = |job: &Job<What>| job.shown.id == id && job.shown.state != JobState::Printing;
        self.shared.waiting.lock().jobs.retain(|job| !is_it(job));
        self.shared.tell();
    }

    /// Removes all slips. The one that is being printed comes out, and leaves nothing in the list if it fails.
    pub fn clear(&self) {
        self.shared.waiting.lock().jobs.clear();
        self.shared.tell();
    }
}

/// The thread ends after the slip in hand; nobody waits for it.
impl<What> Drop for PrintQueue<What> {
    fn drop(&mut self) {
        self.shared.waiting.lock().ended = true;
        self.shared.changed.notify_all();
    }
}

impl<What: Clone> Shared<What> {
    fn tell(&self) {
        self.changed.notify_all();
        (self.notify)();
    }

    fn run(&self, limits: &Limits) {
        while let Some(Next { id, what, to, bytes }) = self.next() {
            (self.notify)();
            let sent = self.send(id, &to, &bytes, limits);
            if !matches!(sent, Err(Failure { partly: false, .. })) {
                (self.on_paper)(what);
            }
            let mut waiting = self.waiting.lock();
            match sent {
                Ok(()) => waiting.jobs.retain(|job| job.shown.id != id),
                Err(failure) => {
                    let Failure { error, partly } = &failure;
                    tracing::warn!(%error, partly, "a slip didn't come out");
                    if let Some(job) = waiting.jobs.iter_mut().find(|job| job.shown.id == id) {
                        job.shown.state = JobState::Failed(failure);
                    }
                }
            }
            drop(waiting);
            self.tell();
        }
    }

    /// Sends a slip. A printer that is busy is tried again for a while, unless the slip leaves the list meanwhile.
    fn send(&self, id: JobId, to: &PrinterAddress, bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
        let began = Instant::now();
        let mut backoff = BUSY_BACKOFF;
        loop {
            let sent = match to {
                PrinterAddress::Network { host, port } => network::send(host, *port, bytes, limits),
                PrinterAddress::Usb(path) => usb::send(path, bytes, limits),
            };
            match sent {
                Err(Failure { error, partly: false }) if error.is_busy() => {
                    let pause = backoff.failed();
                    if began.elapsed() + pause > limits.busy {
                        return Err(Failure::before(error));
                    }
                    thread::sleep(pause);
                    if !self.is_wanted(id) {
                        return Err(Failure::before(error));
                    }
                }
                sent => return sent,
            }
        }
    }

    fn is_wanted(&self, id: JobId) -> bool {
        let waiting = self.waiting.lock();
        !waiting.ended && waiting.jobs.iter().any(|job| job.shown.id == id)
    }

    /// Waits for the next slip and marks it as being printed; none at the end.
    fn next(&self) -> Option<Next<What>> {
        let mut waiting = self.waiting.lock();
        loop {
            if waiting.ended {
                return None;
            }
            if let Some(job) = waiting.jobs.iter_mut().find(|job| job.shown.state == JobState::Waiting) {
                job.shown.state = JobState::Printing;
                let PrintJob { id, what, .. } = job.shown.clone();
                return Some(Next { id, what, to: job.to.clone(), bytes: Arc::clone(&job.bytes) });
            }
            self.changed.wait(&mut waiting);
        }
    }
}
