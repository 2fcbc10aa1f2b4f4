//! Futures that can neither panic nor last: what a context is given to call may do both.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What a panic said.
pub(super) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoAnswer {
    Late,
    Panicked(String),
}

/// Waits for an answer for so long. What is ready at once needs no timer, and so no runtime that has one.
pub(super) async fn bounded<F: Future>(patience: Duration, future: F) -> Result<F::Output, NoAnswer> {
    let mut future = pin!(future);
    let mut caught = pin!(std::future::poll_fn(|cx| {
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(NoAnswer::Panicked(message(&*panic)))),
        }
    }));
    let at_once = std::future::poll_fn(|cx| {
        Poll::Ready(match caught.as_mut().poll(cx) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        })
    });
    match at_once.await {
        Some(answer) => answer,
        None => tokio::time::timeout(patience, caught).await.unwrap_or(Err(NoAnswer::Late)),
    }
}
