//! The contexts as supervised units (ADR 0021): each can be stopped and started alone, and its errors don't affect the
//! other contexts.

mod isolate;
mod supervise;
mod unit;

use std::sync::Arc;

use serde_json::json;

pub use isolate::{NoAnswer, catch_panic, with_timeout};
pub use supervise::Ended;
pub use unit::{CATCHING_UP_LAG, ContextUnit, Task};

use nosmoke_ports::contract::{AppError, ContextName, ErrorCode};
use nosmoke_ports::{Clock, Worker};

/// The context that a worker belongs to.
pub fn context_of(worker: Worker) -> ContextName {
    match worker {
        Worker::CheckIn => ContextName::CheckIn,
        Worker::Point | Worker::Earning | Worker::Giving | Worker::HandingOver => ContextName::Point,
        Worker::Penalty | Worker::Revising => ContextName::Penalty,
        Worker::Mypage | Worker::Review => ContextName::Mypage,
    }
}

/// The name of a worker's task in its context.
pub fn task_of(worker: Worker) -> Task {
    match worker {
        Worker::CheckIn | Worker::Point | Worker::Penalty | Worker::Mypage => "projector",
        Worker::Review => "review",
        Worker::Earning => "earning",
        Worker::Giving => "giving",
        Worker::HandingOver => "handing_over",
        Worker::Revising => "revising",
    }
}

/// All contexts of a terminal. A stopped context stays stopped only until the program restarts, which starts all
/// contexts.
#[derive(Debug)]
pub struct Contexts {
    units: [Arc<ContextUnit>; ContextName::ALL.len()],
}

impl Contexts {
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { units: ContextName::ALL.map(|name| Arc::new(ContextUnit::new(name, Arc::clone(clock)))) }
    }

    pub fn unit(&self, name: ContextName) -> &Arc<ContextUnit> {
        &self.units[name as usize]
    }

    pub fn unit_of(&self, worker: Worker) -> &Arc<ContextUnit> {
        self.unit(context_of(worker))
    }

    pub fn is_open(&self, name: ContextName) -> bool {
        self.unit(name).is_open()
    }

    /// Checks that a context isn't stopped.
    ///
    /// # Errors
    /// Returns `context_stopped` if it is.
    pub fn expect_open(&self, name: ContextName) -> Result<(), AppError> {
        if self.is_open(name) {
            return Ok(());
        }
        Err(AppError::with(ErrorCode::ContextStopped, json!({ "context": name })))
    }

    /// Stops a context: its port rejects all calls, and its tasks end.
    pub fn close(&self, name: ContextName) {
        self.unit(name).close(None);
    }

    /// Starts a context again; its tasks continue where they were.
    pub fn open(&self, name: ContextName) {
        self.unit(name).open();
    }
}
