//! Reading units: each sees one consistent state of the journal, and never waits for the writer.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use nosmoke_application::ports::{Clock, ReadUnit, StoreError};
use tokio::sync::oneshot;

use super::chain::Chain;
use super::tx::Tx;
use super::writer::said;
use crate::raw::{Raw, binds};

pub(super) type Answer = Result<(), StoreError>;

#[derive(Default)]
struct Waiting {
    units: VecDeque<(ReadUnit, oneshot::Sender<Answer>)>,
    closed: bool,
}

#[derive(Default)]
pub(super) struct Readers {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

impl Readers {
    pub(super) fn add(&self, unit: ReadUnit) -> Result<oneshot::Receiver<Answer>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(StoreError::Closed);
        }
        waiting.units.push_back((unit, reply));
        drop(waiting);
        self.arrived.notify_one();
        Ok(answer)
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    /// Works on one thread until closed and empty.
    pub(super) fn serve(&self, raw: &mut Raw<'_>, clock: &dyn Clock) {
        while let Some((unit, reply)) = self.take() {
            let _ = reply.send(run(raw, clock, unit));
        }
    }

    fn take(&self) -> Option<(ReadUnit, oneshot::Sender<Answer>)> {
        let mut waiting = self.lock();
        loop {
            if let Some(next) = waiting.units.pop_front() {
                return Some(next);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(raw: &mut Raw<'_>, clock: &dyn Clock, unit: ReadUnit) -> Answer {
    raw.execute("BEGIN", binds![])?;
    let mut chain = Chain::default();
    let mut tx = Tx::new(raw, &mut chain, clock);
    let result = catch_unwind(AssertUnwindSafe(|| unit(&mut tx)));
    if raw.in_transaction() {
        raw.execute("ROLLBACK", binds![])?;
    }
    result.map_err(|panic| StoreError::Failed(format!("a unit panicked: {}", said(&*panic))))
}
