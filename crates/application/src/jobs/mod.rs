//! Long work in the background: progress, cancelling, one at a time.

mod demonstration;
mod export;
mod export_customers;
mod import;
mod reclaim;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use demonstration::fill_demonstration;
pub use export::export_histories;
pub use export_customers::export_customers;
pub use import::{check_against, import_customers, preview};
use nosmoke_ports::contract::{AppError, ErrorCode, Job, JobKind, JobState};
use nosmoke_ports::{Clock, Ids};
pub use reclaim::reclaim_terminal;
use uuid::Uuid;

/// Progress is told at most this often.
const TELL_EVERY_MS: i64 = 100;

type Tell = dyn Fn(Job) + Send + Sync;

/// The jobs of one window.
pub struct Jobs {
    running: Mutex<BTreeMap<Uuid, Arc<Progress>>>,
    tell: Arc<Tell>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Jobs {
    /// `tell` is called with every step of every job; the last call of a job is the one that isn't `running`.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, tell: impl Fn(Job) + Send + Sync + 'static) -> Self {
        Self { running: Mutex::default(), tell: Arc::new(tell), clock, ids }
    }

    /// Starts a job on the current tokio runtime. Its work gives the path it wrote, if any.
    ///
    /// # Errors
    /// `job_running` while another one runs.
    pub fn start<F, W>(self: &Arc<Self>, kind: JobKind, work: W) -> Result<Job, AppError>
    where
        F: Future<Output = Result<Option<PathBuf>, AppError>> + Send + 'static,
        W: FnOnce(Arc<Progress>) -> F,
    {
        let progress = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            if !running.is_empty() {
                return Err(AppError::new(ErrorCode::JobRunning));
            }
            let progress = Arc::new(Progress::new(kind, self.ids.random(), &self.clock, &self.tell));
            running.insert(progress.job().job_id, progress.clone());
            progress
        };
        let first = progress.job();
        (self.tell)(first.clone());
        let (jobs, started) = (self.clone(), first.clone());
        let work = work(progress.clone());
        tokio::spawn(async move {
            let outcome = work.await;
            jobs.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&first.job_id);
            progress.finish(outcome);
        });
        Ok(started)
    }

    /// No job runs.
    pub fn is_idle(&self) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Asks a job to stop; one that is over is no error.
    pub fn cancel(&self, job_id: Uuid) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = running.get(&job_id) {
            progress.cancelled.store(true, Ordering::SeqCst);
        }
    }
}

/// How far a job has come, and whether it was cancelled.
pub struct Progress {
    job: Mutex<Job>,
    cancelled: AtomicBool,
    told_at: AtomicI64,
    clock: Arc<dyn Clock>,
    tell: Arc<Tell>,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("job", &self.job).finish_non_exhaustive()
    }
}

impl Progress {
    /// Of work that nobody follows and nobody cancels.
    pub fn unfollowed(kind: JobKind, clock: &Arc<dyn Clock>) -> Self {
        let tell: Arc<Tell> = Arc::new(|_| {});
        Self::new(kind, Uuid::nil(), clock, &tell)
    }

    fn new(kind: JobKind, job_id: Uuid, clock: &Arc<dyn Clock>, tell: &Arc<Tell>) -> Self {
        let started_at = clock.now().timestamp_millis();
        let job =
            Job { job_id, kind, state: JobState::Running, done: 0, total: None, started_at, path: None, error: None };
        Self {
            job: Mutex::new(job),
            cancelled: AtomicBool::new(false),
            told_at: AtomicI64::new(started_at),
            clock: clock.clone(),
            tell: tell.clone(),
        }
    }

    fn job(&self) -> Job {
        self.job.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says how much is done.
    ///
    /// # Errors
    /// `cancelled`, so that the work ends here with `?` and leaves nothing half-written.
    pub fn advance(&self, done: u64, total: Option<u64>) -> Result<(), AppError> {
        if self.is_cancelled() {
            return Err(AppError::new(ErrorCode::Cancelled));
        }
        let job = {
            let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
            (job.done, job.total) = (done, total);
            job.clone()
        };
        let now = self.clock.now().timestamp_millis();
        if now - self.told_at.load(Ordering::Relaxed) >= TELL_EVERY_MS {
            self.told_at.store(now, Ordering::Relaxed);
            (self.tell)(job);
        }
        Ok(())
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn finish(&self, outcome: Result<Option<PathBuf>, AppError>) {
        let job = {
            let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(path) => {
                    job.state = JobState::Done;
                    job.path = path.map(|path| path.display().to_string());
                    job.total = job.total.or(Some(job.done));
                }
                Err(error) if error.code == ErrorCode::Cancelled => job.state = JobState::Cancelled,
                Err(error) => (job.state, job.error) = (JobState::Failed, Some(error)),
            }
            job.clone()
        };
        (self.tell)(job);
    }
}
