//! Threads that each own a connection and do one piece of work after another on SQLite's own interface.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use nosmoke_ports::StoreError;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use crate::error::from_sqlx;
use crate::open::close;
use crate::raw::{Raw, binds};

type Work = Box<dyn FnOnce(&mut Raw<'_>) + Send>;

#[derive(Default)]
struct Waiting {
    work: VecDeque<Work>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

/// Dropping it ends its threads after what waits.
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
    /// Takes no work at all.
    pub(crate) fn closed() -> Self {
        let pool = Self::default();
        pool.stop();
        pool
    }

    /// Gives the pool another connection. `held` goes when it is closed.
    pub(crate) fn add(
        &self,
        name: &str,
        held: impl Send + 'static,
        connection: SqliteConnection,
    ) -> Result<(), StoreError> {
        let shared = self.shared.clone();
        let thread = spawn(name, held, connection, move |mut raw| shared.serve(&mut raw))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Does work on one of the connections. A transaction that it leaves open is rolled back, a panic is `Failed`.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Raw<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |raw| {
            let result = catch_unwind(AssertUnwindSafe(|| work(raw)));
            if raw.in_transaction()
                && let Err(error) = raw.execute("ROLLBACK", binds![])
            {
                tracing::error!(%error, "a rollback failed");
            }
            let _ = reply.send(result.unwrap_or_else(|panic| Err(panicked(&*panic))));
        });
        {
            let mut waiting = self.shared.lock();
            if waiting.closed {
                return Err(StoreError::Closed);
            }
            waiting.work.push_back(work);
        }
        self.shared.arrived.notify_one();
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Takes no more work; the threads end after what waits.
    pub(crate) fn stop(&self) -> Vec<JoinHandle<()>> {
        self.shared.lock().closed = true;
        self.shared.arrived.notify_all();
        std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        join(self.stop());
    }
}

impl Shared {
    fn serve(&self, raw: &mut Raw<'_>) {
        while let Some(work) = self.take() {
            work(raw);
        }
    }

    fn take(&self) -> Option<Work> {
        let mut waiting = self.lock();
        loop {
            if let Some(next) = waiting.work.pop_front() {
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

/// Gives a connection a thread of its own, which keeps `held`, such as the folder with its lock, until the connection is closed.
pub(crate) fn spawn(
    name: &str,
    held: impl Send + 'static,
    mut connection: SqliteConnection,
    work: impl FnOnce(Raw<'_>) + Send + 'static,
) -> Result<JoinHandle<()>, StoreError> {
    let failed = |error: std::io::Error| StoreError::Failed(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(failed)?;
    let body = move || {
        match runtime.block_on(connection.lock_handle()) {
            Ok(handle) => work(Raw::new(handle)),
            Err(error) => tracing::error!(%error, "a connection was lost"),
        }
        if let Err(error) = runtime.block_on(close(connection)) {
            tracing::error!(%error, "a connection didn't close");
        }
        drop(held);
    };
    thread::Builder::new().name(name.to_owned()).spawn(body).map_err(failed)
}

/// Does one piece of work on a connection, then closes it.
pub(crate) async fn once<T: Send + 'static>(
    connection: SqliteConnection,
    work: impl FnOnce(&mut Raw<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (connection, result) = lent(connection, work).await?;
    close(connection).await?;
    result
}

/// Does one piece of work on a connection and gives it back.
pub(crate) async fn lent<T: Send + 'static>(
    mut connection: SqliteConnection,
    work: impl FnOnce(&mut Raw<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<(SqliteConnection, Result<T, StoreError>), StoreError> {
    let runtime = tokio::runtime::Handle::current();
    let body = move || {
        let result = match runtime.block_on(connection.lock_handle()) {
            Ok(handle) => work(&mut Raw::new(handle)),
            Err(error) => Err(from_sqlx(&error)),
        };
        (connection, result)
    };
    tokio::task::spawn_blocking(body).await.map_err(|error| StoreError::Failed(error.to_string()))
}

/// Waits for threads to end.
pub(crate) fn join(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        // The last reference may go with a piece of work, on one of these threads.
        if thread.thread().id() != thread::current().id() && thread.join().is_err() {
            tracing::error!("a thread of the store had panicked");
        }
    }
}

/// [`join`] without holding up the runtime.
pub(crate) async fn joined(threads: Vec<JoinHandle<()>>) {
    if let Err(error) = tokio::task::spawn_blocking(|| join(threads)).await {
        tracing::error!(%error, "closing was interrupted");
    }
}

/// A panic of a piece of work, as its caller hears it.
pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    StoreError::Panicked(text.to_owned())
}
