//! Runs the tasks of a context: restarts a task that panicked after a backoff, and aborts a task that hangs when the
//! context is stopped.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::Backoff;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

use super::isolate::message;
use super::{ContextUnit, Task};

/// When a context is stopped, a task that doesn't end by itself within this time is aborted.
const TASK_END_TIMEOUT: Duration = Duration::from_millis(300);
/// The pause before a task that panicked is restarted.
const RESTART_BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended<T> {
    Returned(T),
    /// The task panicked; the panic has been counted.
    Panicked,
    /// Its context was stopped.
    Stopped,
}

impl ContextUnit {
    /// Runs a task until it ends or its context is stopped. Dropping the returned future aborts the task.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        name: Task,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Ended<T> {
        let alive = self.count_task();
        let mut handle = Handle(tokio::spawn(async move {
            let _alive = alive;
            task.await
        }));
        let joined = tokio::select! {
            joined = &mut handle.0 => joined,
            () = self.closed() => {
                let by_itself = tokio::time::timeout(TASK_END_TIMEOUT, &mut handle.0).await;
                handle.0.abort();
                match by_itself {
                    Ok(joined) => joined,
                    Err(_) => return Ended::Stopped,
                }
            }
        };
        match joined {
            Ok(_) if !self.is_open() => Ended::Stopped,
            Ok(output) => Ended::Returned(output),
            Err(error) => {
                self.join_failed(name, error);
                Ended::Panicked
            }
        }
    }

    /// Runs a task again each time it ends, until the program stops. While the context is stopped, waits for its start.
    pub async fn keep_running<F>(self: Arc<Self>, name: Task, mut stop: watch::Receiver<bool>, task: impl Fn() -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        while !*stop.borrow() {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.opened() => {}
            }
            if self.run(name, task()).await == Ended::Panicked {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    () = self.pause(name) => {}
                }
            }
        }
    }

    /// Waits for the backoff before a task is restarted, or until the context is stopped.
    pub async fn pause(&self, name: Task) {
        let pause = RESTART_BACKOFF.after(self.errors_in_a_row(name));
        self.tries_again_in(name, Some(pause));
        tokio::select! {
            () = self.closed() => {}
            () = tokio::time::sleep(pause) => {}
        }
        self.tries_again_in(name, None);
    }

    fn join_failed(&self, name: Task, error: JoinError) {
        match error.try_into_panic() {
            Ok(panic) => self.panicked(name, &message(&*panic)),
            Err(error) => self.panicked(name, &error.to_string()),
        }
    }
}

/// A spawned task that is aborted when this is dropped.
struct Handle<T>(JoinHandle<T>);

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
