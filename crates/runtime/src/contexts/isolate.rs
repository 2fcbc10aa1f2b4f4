//! Isolates callers from faults in a context's futures: a panic becomes an error, and a timeout ends the wait for a
//! future that hangs.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// Returns the message of a panic.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}

/// Why a call got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    TimedOut,
    Panicked(String),
}

/// Runs a future; if the future panics, returns the message of the panic as an error.
pub async fn catch_panic<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(answer) => answer.map(Ok),
        Err(panic) => Poll::Ready(Err(message(&*panic))),
    })
    .await
}

/// Waits for a future up to a timeout. The future is polled once before a timer is made, so that one that is ready at
/// once needs no Tokio runtime.
pub async fn with_timeout<F: Future>(timeout: Duration, future: F) -> Result<F::Output, NoAnswer> {
    let mut caught = pin!(catch_panic(future));
    let at_once = std::future::poll_fn(|cx| {
        Poll::Ready(match caught.as_mut().poll(cx) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        })
    });
    let answer = match at_once.await {
        Some(answer) => answer,
        None => tokio::time::timeout(timeout, caught).await.map_err(|_| NoAnswer::TimedOut)?,
    };
    answer.map_err(NoAnswer::Panicked)
}
