//! What one gateway takes at most, in documented numbers: beyond them it refuses at once instead of queueing.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::Semaphore;

use crate::problem::{Problem, Refused};

/// The limits of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A body; beyond it 413.
    pub body_bytes: usize,
    /// Requests at once; beyond them 503.
    pub at_once: usize,
    /// Requests in a second; beyond them 429.
    pub per_second: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        // Unwrapped while compiling.
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(5_000).unwrap();
        Self { body_bytes: 64 * 1024, at_once: 256, per_second: PER_SECOND }
    }
}

/// What is left of the limits.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) body_bytes: usize,
    at_once: Semaphore,
    rate: DefaultDirectRateLimiter,
}

impl Open {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            body_bytes: limits.body_bytes,
            at_once: Semaphore::new(limits.at_once),
            rate: RateLimiter::direct(Quota::per_second(limits.per_second)),
        }
    }
}

pub(crate) async fn keep(State(open): State<Arc<Open>>, request: Request, next: Next) -> Result<Response, Problem> {
    open.rate.check().map_err(|_| Refused::TooManyRequests)?;
    let _place = open.at_once.try_acquire().map_err(|_| Refused::Overloaded)?;
    Ok(next.run(request).await)
}
