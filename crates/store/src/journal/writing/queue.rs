//! What waits for the writer: commands before what can wait.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nosmoke_ports::{Priority, StoreError, Unit, Written};
use tokio::sync::oneshot;

use super::pace::{Desk, Turn};

/// Commands that share one commit at most.
const COMMANDS_MAX: usize = 256;
/// A background unit that has waited for this long goes before newer commands, so that views don't fall behind for ever.
const PATIENCE: Duration = Duration::from_millis(200);

pub(crate) type Answer = Result<Option<Written>, StoreError>;

pub(crate) struct Job {
    pub(crate) unit: Unit,
    reply: oneshot::Sender<Answer>,
    since: Instant,
}

impl Job {
    /// The caller may have gone; what was recorded stays.
    pub(crate) fn answer(self, answer: Answer) {
        let _ = self.reply.send(answer);
    }
}

#[derive(Default)]
struct Waiting {
    commands: VecDeque<Job>,
    background: VecDeque<Job>,
    desk: Desk,
    closed: bool,
}

#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

impl Queue {
    pub(crate) fn add(&self, priority: Priority, unit: Unit) -> Result<oneshot::Receiver<Answer>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(StoreError::Closed);
        }
        let job = Job { unit, reply, since: Instant::now() };
        match priority {
            Priority::Command => {
                waiting.desk.command(job.since);
                waiting.commands.push_back(job);
            }
            Priority::Background => waiting.background.push_back(job),
        }
        drop(waiting);
        self.arrived.notify_one();
        Ok(answer)
    }

    /// Nothing more is added; what waits is still taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    /// Waits for work. The commands that wait now, none when only background units do; `None` once closed and empty.
    pub(crate) fn take_commands(&self) -> Option<VecDeque<Job>> {
        let mut waiting = self.lock();
        while waiting.commands.is_empty() && waiting.background.is_empty() {
            if waiting.closed {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let count = waiting.commands.len().min(COMMANDS_MAX);
        Some(waiting.commands.drain(..count).collect())
    }

    /// A command that has come since, unless the commit has as many as it may.
    pub(crate) fn take_command(&self, taken: usize) -> Option<Job> {
        if taken < COMMANDS_MAX { self.lock().commands.pop_front() } else { None }
    }

    /// Whether it is the turn of work that can wait, for one that began to wait at a time.
    pub(crate) fn turn(&self, began: Instant, now: Instant) -> Turn {
        self.lock().desk.turn(began, now)
    }

    /// The next background unit, unless commands wait.
    pub(crate) fn take_background(&self) -> Option<Job> {
        let mut waiting = self.lock();
        let since = waiting.background.front()?.since;
        if waiting.commands.is_empty() || since.elapsed() > PATIENCE { waiting.background.pop_front() } else { None }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
