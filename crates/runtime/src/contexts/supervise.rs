//! Runs a context's tasks: one that panics is started again after a pause, and a stop ends it even where it hangs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

use super::caught::message;
use super::{Task, Unit};

/// How long a task may take to end by itself once its context is stopped.
const GRACE: Duration = Duration::from_millis(300);
/// Before a task that panicked is started again; doubled with each panic in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended<T> {
    Returned(T),
    /// It was counted.
    Panicked,
    /// Its context was stopped.
    Stopped,
}

impl Unit {
    /// Runs a task until it ends or its context is stopped. Dropping this ends the task too.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        name: Task,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Ended<T> {
        let alive = self.lives();
        let mut handle = Handle(tokio::spawn(async move {
            let _alive = alive;
            task.await
        }));
        let joined = tokio::select! {
            joined = &mut handle.0 => joined,
            () = self.closed() => {
                let by_itself = tokio::time::timeout(GRACE, &mut handle.0).await;
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
                self.ended_badly(name, error);
                Ended::Panicked
            }
        }
    }

    /// Runs a task again and again while its context isn't stopped, until the program stops: the task returns then.
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

    /// Waits before a task that panicked is started again, no longer than until its context is stopped.
    pub async fn pause(&self, name: Task) {
        let doublings = self.errors_in_a_row(name).saturating_sub(1).min(10);
        let pause = (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
        self.tries_again_in(name, Some(pause));
        tokio::select! {
            () = self.closed() => {}
            () = tokio::time::sleep(pause) => {}
        }
        self.tries_again_in(name, None);
    }

    fn ended_badly(&self, name: Task, error: JoinError) {
        match error.try_into_panic() {
            Ok(panic) => self.panicked(name, &message(&*panic)),
            Err(error) => self.panicked(name, &error.to_string()),
        }
    }
}

/// A spawned task that doesn't outlive who waits for it.
struct Handle<T>(JoinHandle<T>);

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
