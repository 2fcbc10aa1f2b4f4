//! One context as a unit: whether it is stopped, how its tasks fare, and what is shown of it. All of it is of this run.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::{AppError, ContextName, ContextProblem, ContextState, StoppedBy};
use tokio::sync::watch;

/// Errors in a row of one task that make its context failing.
const FAILING: u32 = 3;
/// A step that takes so long is as good as failed.
const TOO_LONG: Duration = Duration::from_secs(10);
/// A context that is behind by more is catching up: one step of a worker.
pub const BEHIND: u64 = 256;
const ERRORS_KEPT: usize = 10;
const DETAIL_LETTERS: usize = 300;

/// A task of a context.
pub type Task = &'static str;

#[derive(Debug)]
pub struct Unit {
    pub name: ContextName,
    clock: Arc<dyn Clock>,
    open: watch::Sender<bool>,
    /// Tasks that live.
    live: watch::Sender<usize>,
    record: Mutex<Record>,
}

/// Counts of this run.
#[derive(Debug, Clone, Default)]
pub struct Record {
    pub steps: u64,
    pub errors: u64,
    pub retries: u64,
    pub restarts: u64,
    pub last_errors: VecDeque<ContextProblem>,
    pub stopped_by: Option<StoppedBy>,
    /// Errors in a row, by task.
    in_a_row: BTreeMap<Task, u32>,
    /// Customers set aside, by task.
    set_aside: BTreeMap<Task, usize>,
    /// How far each task was behind after its last step.
    lags: BTreeMap<Task, u64>,
    /// When each task that failed tries again.
    next_attempts: BTreeMap<Task, DateTime<Utc>>,
    /// Since when a task's step has been under way.
    stepping: BTreeMap<Task, Instant>,
    shown: Option<(ContextState, DateTime<Utc>)>,
}

impl Record {
    pub fn set_aside(&self) -> u64 {
        self.set_aside.values().map(|customers| *customers as u64).sum()
    }

    /// Which attempt comes next, or is under way, and when it comes; none where nothing has failed.
    pub fn attempt(&self) -> Option<(u32, Option<DateTime<Utc>>)> {
        let errors = self.in_a_row.values().max().filter(|errors| **errors > 0)?;
        Some((errors + 1, self.next_attempts.values().min().copied()))
    }
}

impl Unit {
    pub fn new(name: ContextName, clock: Arc<dyn Clock>) -> Self {
        let record = Record { shown: Some((ContextState::Running, clock.now())), ..Record::default() };
        let (open, live) = (watch::Sender::new(true), watch::Sender::new(0));
        Self { name, clock, open, live, record: Mutex::new(record) }
    }

    pub fn is_open(&self) -> bool {
        *self.open.borrow()
    }

    pub fn open(&self) {
        let opened = self.open.send_if_modified(|open| {
            self.record().stopped_by = None;
            !std::mem::replace(open, true)
        });
        if opened {
            self.rests();
        }
    }

    /// Nothing of it is under way any more, and what went wrong is over.
    pub fn rests(&self) {
        let mut record = self.record();
        (record.in_a_row, record.stepping, record.lags) = Default::default();
        record.next_attempts.clear();
        drop(record);
        self.look();
    }

    /// Stops it; of several who do, the first counts.
    pub fn close(&self, by: Option<StoppedBy>) {
        self.open.send_if_modified(|open| {
            let closed = std::mem::replace(open, false);
            if closed {
                self.record().stopped_by = by;
            }
            closed
        });
        self.look();
    }

    /// Waits until it is open.
    pub async fn opened(&self) {
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }

    /// Waits until it is stopped.
    pub async fn closed(&self) {
        let _ = self.open.subscribe().wait_for(|open| !*open).await;
    }

    /// Waits until none of its tasks lives.
    pub async fn ended(&self) {
        let _ = self.live.subscribe().wait_for(|live| *live == 0).await;
    }

    /// A task lives until what this gives is dropped.
    pub fn lives(self: &Arc<Self>) -> Alive {
        self.live.send_modify(|live| *live += 1);
        Alive(Arc::clone(self))
    }

    /// A step of a task begins.
    pub fn begins(&self, task: Task) {
        let mut record = self.record();
        record.stepping.insert(task, Instant::now());
        record.next_attempts.remove(task);
        if record.in_a_row.get(task).is_some_and(|errors| *errors > 0) {
            record.retries += 1;
        }
    }

    /// A step was given up with its task.
    pub fn ends(&self, task: Task) {
        self.record().stepping.remove(task);
    }

    /// A task that failed tries again after this pause; at once without one.
    pub fn tries_again_in(&self, task: Task, pause: Option<Duration>) {
        let at = pause.map(|pause| self.clock.now() + pause);
        let attempts = &mut self.record().next_attempts;
        match at {
            Some(at) => attempts.insert(task, at),
            None => attempts.remove(task),
        };
    }

    /// A step has succeeded; the task is behind by so much.
    pub fn succeeded(&self, task: Task, lag: u64) {
        let mut record = self.record();
        record.steps += 1;
        record.in_a_row.remove(task);
        record.next_attempts.remove(task);
        record.stepping.remove(task);
        record.lags.insert(task, lag);
        drop(record);
        self.look();
    }

    /// A step has failed. `error` holds nothing personal.
    pub fn failed(&self, task: Task, error: &dyn std::fmt::Display) {
        let mut record = self.record();
        record.steps += 1;
        record.errors += 1;
        record.stepping.remove(task);
        *record.in_a_row.entry(task).or_default() += 1;
        self.note(&mut record, format!("{task}: {error}"));
        drop(record);
        self.look();
    }

    /// A task has panicked and will be started again.
    pub fn panicked(&self, task: Task, message: &str) {
        tracing::error!(context = ?self.name, task, message, "a task panicked and is started again");
        let mut record = self.record();
        record.restarts += 1;
        record.errors += 1;
        record.stepping.remove(task);
        *record.in_a_row.entry(task).or_default() += 1;
        self.note(&mut record, format!("{task} panicked: {message}"));
        drop(record);
        self.look();
    }

    /// A command of it came upon a fault. That makes it no failing context: whether the next one does, nobody knows before.
    pub fn command_failed(&self, command: &str, fault: &AppError) {
        let mut record = self.record();
        record.errors += 1;
        let detail = fault.params["detail"].as_str().map(|detail| format!(": {detail}")).unwrap_or_default();
        self.note(&mut record, format!("{command}: {}{detail}", fault.code.word()));
    }

    /// How many customers a task has set aside.
    pub fn sets_aside(&self, task: Task, customers: usize) {
        self.record().set_aside.insert(task, customers);
    }

    /// Panics and errors in a row of a task.
    pub fn errors_in_a_row(&self, task: Task) -> u32 {
        self.record().in_a_row.get(task).copied().unwrap_or(0)
    }

    /// What is wrong with it now, if anything is.
    pub fn trouble(&self) -> Option<String> {
        let record = self.record();
        if record.in_a_row.values().any(|errors| *errors >= FAILING) {
            return Some(record.last_errors.back().map_or_else(String::new, |it| it.detail.clone()));
        }
        let slow = record.stepping.iter().find(|(_, since)| since.elapsed() > TOO_LONG);
        slow.map(|(task, _)| format!("{task}: a step takes longer than {} s", TOO_LONG.as_secs()))
    }

    /// Whether a task's step takes so long that nobody knows whether it ends.
    pub fn hangs(&self, task: Task) -> bool {
        self.record().stepping.get(task).is_some_and(|since| since.elapsed() > TOO_LONG)
    }

    /// Its state, and since when.
    pub fn look(&self) -> (ContextState, DateTime<Utc>) {
        let state = match self.trouble() {
            _ if !self.is_open() => ContextState::Stopped,
            Some(_) => ContextState::Failing,
            None if self.record().lags.values().any(|lag| *lag > BEHIND) => ContextState::CatchingUp,
            None => ContextState::Running,
        };
        let now = self.clock.now();
        let mut record = self.record();
        match record.shown {
            Some((shown, since)) if shown == state => (state, since),
            _ => *record.shown.insert((state, now)),
        }
    }

    pub fn counts(&self) -> Record {
        self.record().clone()
    }

    fn note(&self, record: &mut Record, detail: String) {
        if record.last_errors.len() == ERRORS_KEPT {
            record.last_errors.pop_front();
        }
        let detail = detail.chars().take(DETAIL_LETTERS).collect();
        record.last_errors.push_back(ContextProblem { at: self.clock.now().timestamp_millis(), detail });
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That a task lives.
#[derive(Debug)]
pub struct Alive(Arc<Unit>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.live.send_modify(|live| *live -= 1);
    }
}
