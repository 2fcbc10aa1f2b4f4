//! Jobs: long work in the background, with progress and cancelling, one at a time.

pub(crate) mod complete;
mod demonstration;
mod export;
mod export_access_log;
mod export_customers;
mod export_day;
mod export_file;
mod export_period;
mod export_who_did;
mod import;
mod preview_rules;
mod reclaim;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

pub use demonstration::fill_demonstration;
pub use export::export_histories;
pub use export_access_log::export_access_log;
pub use export_customers::export_customers;
pub use export_day::export_day;
pub use export_period::export_period;
pub use export_who_did::export_who_did_what;
pub use import::{
    BatchRow, IMPORT_BATCH, ImportBatch, batches, check_against, check_take_back, counts, import_batch,
    import_customers, import_of, imported_before, imports, preview, save_bad_lines, take_back_import,
};
use nosmoke_ports::contract::{AppError, ErrorCode, ImportCounts, Job, JobKind, JobState};
use nosmoke_ports::{Clock, Ids};
use nosmoke_runtime::contexts::catch_panic;
pub use preview_rules::preview_rules;
pub use reclaim::{check_reclaim, reclaim_terminal};
use serde_json::json;
use uuid::Uuid;

/// The shortest time between two progress events.
const PROGRESS_INTERVAL_MS: i64 = 100;

/// How often a program that ends looks whether the cancelled job has ended.
const END_POLL_INTERVAL: Duration = Duration::from_millis(20);

type Notify = dyn Fn(Job) + Send + Sync;

/// The jobs of one window.
pub struct Jobs {
    running: Mutex<BTreeMap<Uuid, Arc<Progress>>>,
    notify: Arc<Notify>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Jobs {
    /// `notify` is called whenever the state of a job changes; the last call for a job is the one that isn't `running`.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, notify: impl Fn(Job) + Send + Sync + 'static) -> Self {
        Self { running: Mutex::default(), notify: Arc::new(notify), clock, ids }
    }

    /// Starts a job on the current Tokio runtime. `work` returns the path that it wrote, if any. A job that panics ends as
    /// failed, with the panic's message.
    ///
    /// # Errors
    /// `job_running` while another one runs.
    pub fn start<F, W>(self: &Arc<Self>, kind: JobKind, work: W) -> Result<Job, AppError>
    where
        F: Future<Output = Result<Option<PathBuf>, AppError>> + Send + 'static,
        W: FnOnce(Arc<Progress>) -> F,
    {
        let progress = {
            let mut running = self.running.lock();
            if !running.is_empty() {
                return Err(AppError::new(ErrorCode::JobRunning));
            }
            let progress = Arc::new(Progress::new(kind, self.ids.random(), &self.clock, &self.notify));
            running.insert(progress.job().job_id, progress.clone());
            progress
        };
        let first = progress.job();
        (self.notify)(first.clone());
        let (jobs, started) = (self.clone(), first.clone());
        let work = work(progress.clone());
        tokio::spawn(async move {
            let outcome = catch_panic(work).await.unwrap_or_else(|panic| {
                tracing::error!(panic, ?kind, "a job panicked");
                Err(AppError::with(ErrorCode::Internal, json!({ "detail": panic })))
            });
            jobs.running.lock().remove(&first.job_id);
            progress.finish(outcome);
        });
        Ok(started)
    }

    /// Returns the job that is running.
    pub fn running(&self) -> Option<Job> {
        self.running.lock().values().next().map(|progress| progress.job())
    }

    /// Requests that the running job stops, and waits until it has ended.
    pub async fn cancel_and_wait(&self) {
        while let Some(job) = self.running() {
            self.cancel(job.job_id);
            tokio::time::sleep(END_POLL_INTERVAL).await;
        }
    }

    /// Whether no job is running.
    pub fn is_idle(&self) -> bool {
        self.running.lock().is_empty()
    }

    /// Requests that a job stops; does nothing if the job has ended.
    pub fn cancel(&self, job_id: Uuid) {
        let running = self.running.lock();
        if let Some(progress) = running.get(&job_id) {
            progress.cancelled.store(true, Ordering::SeqCst);
        }
    }
}

/// The progress of a job, and whether it was cancelled.
pub struct Progress {
    job: Mutex<Job>,
    cancelled: AtomicBool,
    notified_at: AtomicI64,
    clock: Arc<dyn Clock>,
    notify: Arc<Notify>,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("job", &self.job).finish_non_exhaustive()
    }
}

impl Progress {
    /// Makes a progress for work that isn't shown and can't be cancelled.
    pub fn unfollowed(kind: JobKind, clock: &Arc<dyn Clock>) -> Self {
        let notify: Arc<Notify> = Arc::new(|_| {});
        Self::new(kind, Uuid::nil(), clock, &notify)
    }

    fn new(kind: JobKind, job_id: Uuid, clock: &Arc<dyn Clock>, notify: &Arc<Notify>) -> Self {
        let started_at = clock.now().timestamp_millis();
        let job = Job {
            job_id,
            kind,
            state: JobState::Running,
            done: 0,
            total: None,
            waits: None,
            started_at,
            path: None,
            imported: None,
            error: None,
        };
        Self {
            job: Mutex::new(job),
            cancelled: AtomicBool::new(false),
            notified_at: AtomicI64::new(started_at),
            clock: clock.clone(),
            notify: notify.clone(),
        }
    }

    /// Returns how many items are done.
    pub fn done(&self) -> u64 {
        self.job.lock().done
    }

    fn job(&self) -> Job {
        self.job.lock().clone()
    }

    /// Reports the number of items done, and the total if it is known.
    ///
    /// # Errors
    /// Returns `cancelled` if the job was cancelled. The work calls this with `?` between its steps, and so ends there.
    pub fn advance(&self, done: u64, total: Option<u64>) -> Result<(), AppError> {
        self.report(|job| (job.done, job.total, job.waits) = (done, total, None))
    }

    /// Reports how many seconds the work still waits before it begins.
    ///
    /// # Errors
    /// Returns `cancelled` if the job was cancelled.
    pub fn waits(&self, seconds: u64) -> Result<(), AppError> {
        self.report(|job| job.waits = Some(seconds))
    }

    /// Reports what an import has done so far; shown with the next report of progress, and when the job ends.
    pub fn imported(&self, counts: ImportCounts) {
        self.job.lock().imported = Some(counts);
    }

    /// Returns what an import has done.
    pub fn has_imported(&self) -> Option<ImportCounts> {
        self.job.lock().imported
    }

    fn report(&self, change: impl FnOnce(&mut Job)) -> Result<(), AppError> {
        if self.is_cancelled() {
            return Err(AppError::new(ErrorCode::Cancelled));
        }
        let job = {
            let mut job = self.job.lock();
            change(&mut job);
            job.clone()
        };
        let now = self.clock.now().timestamp_millis();
        if now - self.notified_at.load(Ordering::Relaxed) >= PROGRESS_INTERVAL_MS {
            self.notified_at.store(now, Ordering::Relaxed);
            (self.notify)(job);
        }
        Ok(())
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn finish(&self, outcome: Result<Option<PathBuf>, AppError>) {
        let job = {
            let mut job = self.job.lock();
            match outcome {
                Ok(path) => {
                    job.state = JobState::Done;
                    job.path = path.map(|path| path.display().to_string());
                    (job.total, job.waits) = (job.total.or(Some(job.done)), None);
                }
                Err(error) if error.code == ErrorCode::Cancelled => job.state = JobState::Cancelled,
                Err(error) => (job.state, job.error) = (JobState::Failed, Some(error)),
            }
            job.clone()
        };
        (self.notify)(job);
    }
}
