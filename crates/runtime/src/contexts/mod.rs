//! The contexts as supervised units (ADR 0021): each can be stopped and started alone, and what goes wrong in one stays there.

mod caught;
mod supervise;
mod unit;

use std::sync::Arc;

use serde_json::json;

pub use caught::{NoAnswer, bounded, caught};
pub use supervise::Ended;
pub use unit::{BEHIND, Task, Unit};

use nosmoke_ports::contract::{AppError, ContextName, ErrorCode};
use nosmoke_ports::{Clock, Worker};

/// The context that a worker is a task of.
pub fn context_of(worker: Worker) -> ContextName {
    match worker {
        Worker::CheckIn => ContextName::CheckIn,
        Worker::Point | Worker::Earning | Worker::Giving | Worker::HandingOver => ContextName::Point,
        Worker::Penalty => ContextName::Penalty,
        Worker::Mypage => ContextName::Mypage,
    }
}

/// A worker as a task of its context.
pub fn task_of(worker: Worker) -> Task {
    match worker {
        Worker::CheckIn | Worker::Point | Worker::Penalty | Worker::Mypage => "projector",
        Worker::Earning => "earning",
        Worker::Giving => "giving",
        Worker::HandingOver => "handing_over",
    }
}

/// All contexts of a terminal. What is stopped stays so for this run only: a start of the program starts everything.
#[derive(Debug)]
pub struct Contexts {
    units: [Arc<Unit>; ContextName::ALL.len()],
}

impl Contexts {
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { units: ContextName::ALL.map(|name| Arc::new(Unit::new(name, Arc::clone(clock)))) }
    }

    pub fn unit(&self, name: ContextName) -> &Arc<Unit> {
        &self.units[name as usize]
    }

    pub fn unit_of(&self, worker: Worker) -> &Arc<Unit> {
        self.unit(context_of(worker))
    }

    pub fn is_open(&self, name: ContextName) -> bool {
        self.unit(name).is_open()
    }

    /// # Errors
    /// `context_stopped`.
    pub fn expect_open(&self, name: ContextName) -> Result<(), AppError> {
        if self.is_open(name) {
            return Ok(());
        }
        Err(AppError::with(ErrorCode::ContextStopped, json!({ "context": name })))
    }

    /// Shuts a context: its port takes nothing from now on, and its tasks end.
    pub fn close(&self, name: ContextName) {
        self.unit(name).close(None);
    }

    /// Lets a context run again, from where it stood.
    pub fn open(&self, name: ContextName) {
        self.unit(name).open();
    }
}
