//! The writer's queue, in which commands go before background units.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use nosmoke_ports::{Priority, StoreError, WriteUnit, Written};
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use super::pace::{RecentCommands, Turn};

/// Most commands that share one commit.
const COMMANDS_MAX: usize = 256;
/// After this time a background unit goes before newer commands, so that a steady stream of commands can't starve it.
const BACKGROUND_WAIT_MAX: Duration = Duration::from_millis(200);

pub(crate) type Answer = Result<Option<Written>, StoreError>;

pub(crate) struct Job {
    pub(crate) unit: WriteUnit,
    is_projection: bool,
    reply: oneshot::Sender<Answer>,
    since: Instant,
}

impl Job {
    /// Sends the answer to the caller. The facts stay recorded even if the caller no longer waits for it.
    pub(crate) fn answer(self, answer: Answer) {
        let _ = self.reply.send(answer);
    }
}

#[derive(Default)]
struct Jobs {
    commands: VecDeque<Job>,
    background: VecDeque<Job>,
    recent: RecentCommands,
    closed: bool,
}

#[derive(Default)]
pub(crate) struct Queue {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

impl Queue {
    pub(crate) fn add(&self, priority: Priority, unit: WriteUnit) -> Result<oneshot::Receiver<Answer>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let mut jobs = self.jobs.lock();
        if jobs.closed {
            return Err(StoreError::Closed);
        }
        let is_projection = priority == Priority::Projection;
        let job = Job { unit, is_projection, reply, since: Instant::now() };
        match priority {
            Priority::Command => {
                jobs.recent.add(job.since);
                jobs.commands.push_back(job);
            }
            Priority::Gift => jobs.commands.push_back(job),
            Priority::Background | Priority::Projection => jobs.background.push_back(job),
        }
        drop(jobs);
        self.changed.notify_one();
        Ok(answer)
    }

    /// Refuses further jobs; the writer still takes the queued ones.
    pub(crate) fn close(&self) {
        self.jobs.lock().closed = true;
        self.changed.notify_all();
    }

    /// Waits until jobs are queued and takes the commands; returns none if only background units are queued, and `None`
    /// once the queue is closed and empty.
    pub(crate) fn take_commands(&self) -> Option<VecDeque<Job>> {
        let is_empty = |jobs: &Jobs| jobs.commands.is_empty() && jobs.background.is_empty();
        let mut jobs = self.jobs.lock();
        self.changed.wait_while(&mut jobs, |jobs| is_empty(jobs) && !jobs.closed);
        if is_empty(&jobs) {
            return None;
        }
        let count = jobs.commands.len().min(COMMANDS_MAX);
        Some(jobs.commands.drain(..count).collect())
    }

    /// Takes a command that arrived while the shared commit of `taken` jobs is prepared, unless that commit is full.
    pub(crate) fn take_command(&self, taken: usize) -> Option<Job> {
        if taken < COMMANDS_MAX { self.jobs.lock().commands.pop_front() } else { None }
    }

    /// Decides whether background work that has been waiting since `began` may run.
    pub(crate) fn turn(&self, began: Instant, now: Instant) -> Turn {
        self.jobs.lock().recent.turn(began, now)
    }

    /// Takes the next background unit, unless commands are queued and it hasn't waited long. A commit that isn't `synced`
    /// takes projections only.
    pub(crate) fn take_background(&self, synced: bool) -> Option<Job> {
        let mut jobs = self.jobs.lock();
        let next = jobs.background.front()?;
        let is_next = jobs.commands.is_empty() || next.since.elapsed() > BACKGROUND_WAIT_MAX;
        if is_next && (synced || next.is_projection) { jobs.background.pop_front() } else { None }
    }

    /// Whether the next unit is a projection, whose commit needn't be synced.
    pub(crate) fn next_is_projection(&self) -> bool {
        let jobs = self.jobs.lock();
        jobs.commands.is_empty() && jobs.background.front().is_some_and(|next| next.is_projection)
    }
}
