//! Runs queued work on threads, each with its own connection.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use nosmoke_ports::StoreError;
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use crate::sqlite::{Connection, params};

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

#[derive(Default)]
struct Queue {
    work: VecDeque<Work>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// A queue of work with threads that run it. Dropping the pool finishes the queued work and ends the threads.
#[derive(Default)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Pool {
    /// A pool that refuses all work.
    pub(crate) fn closed() -> Self {
        let pool = Self::default();
        pool.stop();
        pool
    }

    /// Starts a thread for a connection. The thread drops `held` after it has closed the connection.
    pub(crate) fn add(
        &self,
        name: &str,
        held: impl Send + 'static,
        mut connection: Connection,
    ) -> Result<(), StoreError> {
        let shared = self.shared.clone();
        let thread = spawn(name, held, move || shared.serve(&mut connection))?;
        self.threads.lock().push(thread);
        Ok(())
    }

    /// Runs work on one of the connections. Rolls back a transaction that the work leaves open; returns `Panicked` if
    /// it panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |db| {
            let result = catch_unwind(AssertUnwindSafe(|| work(db)));
            if db.in_transaction()
                && let Err(error) = db.execute("ROLLBACK", params![])
            {
                tracing::error!(%error, "rollback failed");
            }
            let _ = reply.send(result.unwrap_or_else(|panic| Err(panicked(&*panic))));
        });
        {
            let mut queue = self.shared.queue.lock();
            if queue.closed {
                return Err(StoreError::Closed);
            }
            queue.work.push_back(work);
        }
        self.shared.changed.notify_one();
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Refuses further work, and returns the threads, which end after the queued work.
    pub(crate) fn stop(&self) -> Vec<JoinHandle<()>> {
        self.shared.queue.lock().closed = true;
        self.shared.changed.notify_all();
        std::mem::take(&mut *self.threads.lock())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        join(self.stop());
    }
}

impl Shared {
    fn serve(&self, db: &mut Connection) {
        while let Some(work) = self.take() {
            work(db);
        }
    }

    /// Waits for the next piece of work; `None` once the pool is closed and the queue is empty.
    fn take(&self) -> Option<Work> {
        let mut queue = self.queue.lock();
        self.changed.wait_while(&mut queue, |queue| queue.work.is_empty() && !queue.closed);
        queue.work.pop_front()
    }
}

/// Starts a thread for `work`, which owns a connection. The thread drops `held` (such as the locked folder) only after
/// the work has closed the connection.
pub(crate) fn spawn(
    name: &str,
    held: impl Send + 'static,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StoreError> {
    let body = move || {
        work();
        drop(held);
    };
    thread::Builder::new().name(name.to_owned()).spawn(body).map_err(|error| StoreError::Failed(error.to_string()))
}

/// Runs work that opens or uses a connection on a thread for blocking work, so that the async runtime isn't blocked.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let result = tokio::task::spawn_blocking(work).await;
    result.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
}

/// Waits for threads to end.
pub(crate) fn join(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        // A thread can't wait for itself, but may drop the last reference to the store at the end of a piece of work.
        if thread.thread().id() != thread::current().id() && thread.join().is_err() {
            tracing::error!("a thread of the store panicked");
        }
    }
}

/// Waits for threads to end, without blocking the async runtime.
pub(crate) async fn joined(threads: Vec<JoinHandle<()>>) {
    if let Err(error) = tokio::task::spawn_blocking(|| join(threads)).await {
        tracing::error!(%error, "closing was interrupted");
    }
}

/// Returns the error for work that panicked, with the panic's message.
pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    StoreError::Panicked(text.to_owned())
}
