//! Futures that can neither panic nor last: what a context is given to call may do both.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What a panic said.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    Late,
    Panicked(String),
}

/// A future whose panic is its answer.
pub async fn caught<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(answer) => answer.map(Ok),
        Err(panic) => Poll::Ready(Err(message(&*panic))),
    })
    .await
}

/// Waits for an answer for so long. What is ready at once needs no timer, and so no runtime that has one.
pub async fn bounded<F: Future>(patience: Duration, future: F) -> Result<F::Output, NoAnswer> {
    let mut caught = pin!(caught(future));
    let at_once = std::future::poll_fn(|cx| {
        Poll::Ready(match caught.as_mut().poll(cx) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        })
    });
    let answer = match at_once.await {
        Some(answer) => answer,
        None => tokio::time::timeout(patience, caught).await.map_err(|_| NoAnswer::Late)?,
    };
    answer.map_err(NoAnswer::Panicked)
}
