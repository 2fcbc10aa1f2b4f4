//! One context as a supervised unit: whether it is stopped, how many of its tasks run, and the counts of their steps
//! and errors since the program started.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::{AppError, ContextName, ContextProblem, ContextState, StoppedBy};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;

/// After this many errors in a row in one task, the context counts as failing.
const FAILING_AFTER_ERRORS: u32 = 3;
/// While a step has been running for longer than this, its task counts as hanging and the context as failing.
const MAX_STEP_TIME: Duration = Duration::from_secs(10);
/// A context with a larger lag counts as catching up. The value is the largest batch of one worker step.
pub const CATCHING_UP_LAG: u64 = 256;
const ERRORS_KEPT: usize = 10;
const MAX_DETAIL_CHARS: usize = 300;

/// The name of a task of a context.
pub type Task = &'static str;

#[derive(Debug)]
pub struct ContextUnit {
    pub name: ContextName,
    clock: Arc<dyn Clock>,
    open: watch::Sender<bool>,
    /// The number of the context's tasks that are running.
    live: watch::Sender<usize>,
    counts: Mutex<ContextCounts>,
}

/// Counts since the program started.
#[derive(Debug, Clone, Default)]
pub struct ContextCounts {
    pub steps: u64,
    pub errors: u64,
    pub retries: u64,
    pub restarts: u64,
    pub last_errors: VecDeque<ContextProblem>,
    pub stopped_by: Option<StoppedBy>,
    /// The number of errors in a row, by task.
    in_a_row: BTreeMap<Task, u32>,
    /// The number of customers set aside, by task.
    set_aside: BTreeMap<Task, usize>,
    /// The lag of each task after its last step.
    lags: BTreeMap<Task, u64>,
    /// When each failed task will be retried.
    next_attempts: BTreeMap<Task, DateTime<Utc>>,
    /// When the step that is running began, by task.
    stepping: BTreeMap<Task, Instant>,
    shown: Option<(ContextState, DateTime<Utc>)>,
}

impl ContextCounts {
    pub fn set_aside(&self) -> u64 {
        self.set_aside.values().map(|customers| *customers as u64).sum()
    }

    /// Returns the number of the next or running attempt of a failed task, and when it starts; `None` if no task has
    /// failed since its last success.
    pub fn attempt(&self) -> Option<(u32, Option<DateTime<Utc>>)> {
        let errors = self.in_a_row.values().max().filter(|errors| **errors > 0)?;
        Some((errors + 1, self.next_attempts.values().min().copied()))
    }
}

impl ContextUnit {
    pub fn new(name: ContextName, clock: Arc<dyn Clock>) -> Self {
        let counts = ContextCounts { shown: Some((ContextState::Running, clock.now())), ..ContextCounts::default() };
        let (open, live) = (watch::Sender::new(true), watch::Sender::new(0));
        Self { name, clock, open, live, counts: Mutex::new(counts) }
    }

    pub fn is_open(&self) -> bool {
        *self.open.borrow()
    }

    pub fn open(&self) {
        let opened = self.open.send_if_modified(|open| {
            self.lock().stopped_by = None;
            !std::mem::replace(open, true)
        });
        if opened {
            self.rests();
        }
    }

    /// Clears errors in a row, running steps, lags and retries. Called when none of the context's tasks is running, so
    /// that they apply to none.
    pub fn rests(&self) {
        let mut counts = self.lock();
        (counts.in_a_row, counts.stepping, counts.lags) = Default::default();
        counts.next_attempts.clear();
        drop(counts);
        self.update_state();
    }

    /// Stops the context. If it is stopped already, the first `by` is kept.
    pub fn close(&self, by: Option<StoppedBy>) {
        let at = by.as_ref().and_then(|by| DateTime::from_timestamp_millis(by.at)).unwrap_or_else(|| self.clock.now());
        self.open.send_if_modified(|open| {
            let closed = std::mem::replace(open, false);
            if closed {
                let mut counts = self.lock();
                (counts.stopped_by, counts.shown) = (by, Some((ContextState::Stopped, at)));
            }
            closed
        });
    }

    /// Waits until the context is started.
    pub async fn opened(&self) {
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }

    /// Waits until the context is stopped.
    pub async fn closed(&self) {
        let _ = self.open.subscribe().wait_for(|open| !*open).await;
    }

    /// Waits until none of the context's tasks is running.
    pub async fn ended(&self) {
        let _ = self.live.subscribe().wait_for(|live| *live == 0).await;
    }

    /// Counts a task as running until the returned guard is dropped.
    pub fn count_task(self: &Arc<Self>) -> RunningTask {
        self.live.send_modify(|live| *live += 1);
        RunningTask(Arc::clone(self))
    }

    /// Called when a step of a task begins.
    pub fn begins(&self, task: Task) {
        let mut counts = self.lock();
        counts.stepping.insert(task, Instant::now());
        counts.next_attempts.remove(task);
        if counts.in_a_row.get(task).is_some_and(|errors| *errors > 0) {
            counts.retries += 1;
        }
    }

    /// Called when a task ends in the middle of a step.
    pub fn ends(&self, task: Task) {
        self.lock().stepping.remove(task);
    }

    /// Sets when a failed task is retried: after `pause`, or now if it is `None`.
    pub fn tries_again_in(&self, task: Task, pause: Option<Duration>) {
        let at = pause.map(|pause| self.clock.now() + pause);
        let attempts = &mut self.lock().next_attempts;
        match at {
            Some(at) => attempts.insert(task, at),
            None => attempts.remove(task),
        };
    }

    /// Called when a step has succeeded. `lag` is the number of changes that the task still has to process.
    pub fn succeeded(&self, task: Task, lag: u64) {
        let mut counts = self.lock();
        counts.steps += 1;
        counts.in_a_row.remove(task);
        counts.next_attempts.remove(task);
        counts.stepping.remove(task);
        counts.lags.insert(task, lag);
        drop(counts);
        self.update_state();
    }

    /// Called when a step has failed. The text of `error` must contain no personal data, because screens and logs show
    /// it.
    pub fn failed(&self, task: Task, error: &dyn std::fmt::Display) {
        let mut counts = self.lock();
        counts.steps += 1;
        counts.errors += 1;
        counts.stepping.remove(task);
        *counts.in_a_row.entry(task).or_default() += 1;
        self.note(&mut counts, format!("{task}: {error}"));
        drop(counts);
        self.update_state();
    }

    /// Called when a task has panicked and will be restarted.
    pub fn panicked(&self, task: Task, message: &str) {
        tracing::error!(context = ?self.name, task, message, "a task panicked and will be restarted");
        let mut counts = self.lock();
        counts.restarts += 1;
        counts.errors += 1;
        counts.stepping.remove(task);
        *counts.in_a_row.entry(task).or_default() += 1;
        self.note(&mut counts, format!("{task} panicked: {message}"));
        drop(counts);
        self.update_state();
    }

    /// Counts a command that failed because of a fault of the program or the machine. This doesn't change the context's
    /// state to failing, because the next command may succeed.
    pub fn command_failed(&self, command: &str, fault: &AppError) {
        let mut counts = self.lock();
        counts.errors += 1;
        let detail = fault.params["detail"].as_str().map(|detail| format!(": {detail}")).unwrap_or_default();
        self.note(&mut counts, format!("{command}: {}{detail}", fault.code.word()));
    }

    /// Sets the number of customers that a task has set aside.
    pub fn sets_aside(&self, task: Task, customers: usize) {
        self.lock().set_aside.insert(task, customers);
    }

    /// Returns the number of errors and panics of a task since its last success.
    pub fn errors_in_a_row(&self, task: Task) -> u32 {
        self.lock().in_a_row.get(task).copied().unwrap_or(0)
    }

    /// Describes why the context counts as failing; `None` if it doesn't.
    pub fn trouble(&self) -> Option<String> {
        let counts = self.lock();
        if counts.in_a_row.values().any(|errors| *errors >= FAILING_AFTER_ERRORS) {
            return Some(counts.last_errors.back().map_or_else(String::new, |it| it.detail.clone()));
        }
        let slow = counts.stepping.iter().find(|(_, since)| since.elapsed() > MAX_STEP_TIME);
        slow.map(|(task, _)| format!("{task}: a step takes longer than {} s", MAX_STEP_TIME.as_secs()))
    }

    /// Whether the running step of a task has taken longer than its limit and may never end.
    pub fn hangs(&self, task: Task) -> bool {
        self.lock().stepping.get(task).is_some_and(|since| since.elapsed() > MAX_STEP_TIME)
    }

    /// Computes the state to show, and returns it with the time at which it began.
    pub fn update_state(&self) -> (ContextState, DateTime<Utc>) {
        let state = match self.trouble() {
            _ if !self.is_open() => ContextState::Stopped,
            Some(_) => ContextState::Failing,
            None if self.lock().lags.values().any(|lag| *lag > CATCHING_UP_LAG) => ContextState::CatchingUp,
            None => ContextState::Running,
        };
        let now = self.clock.now();
        let mut counts = self.lock();
        match counts.shown {
            Some((shown, since)) if shown == state => (state, since),
            _ => *counts.shown.insert((state, now)),
        }
    }

    pub fn counts(&self) -> ContextCounts {
        self.lock().clone()
    }

    fn note(&self, counts: &mut ContextCounts, detail: String) {
        if counts.last_errors.len() == ERRORS_KEPT {
            counts.last_errors.pop_front();
        }
        let detail = detail.chars().take(MAX_DETAIL_CHARS).collect();
        counts.last_errors.push_back(ContextProblem { at: self.clock.now().timestamp_millis(), detail });
    }

    fn lock(&self) -> MutexGuard<'_, ContextCounts> {
        self.counts.lock()
    }
}

/// A guard: its task counts as running until the guard is dropped.
#[derive(Debug)]
pub struct RunningTask(Arc<ContextUnit>);

impl Drop for RunningTask {
    fn drop(&mut self) {
        self.0.live.send_modify(|live| *live -= 1);
    }
}
