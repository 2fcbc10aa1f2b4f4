//! The gateway's limits. Requests beyond them are refused at once, and never queued.

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
    /// Largest request body in bytes; a larger one gets 413.
    pub body_bytes: usize,
    /// Most concurrent requests; a further one gets 503.
    pub at_once: usize,
    /// Most requests per second; a further one gets 429.
    pub per_second: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        // Evaluated at compile time, so it can't panic at run time.
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(5_000).unwrap();
        Self { body_bytes: 64 * 1024, at_once: 256, per_second: PER_SECOND }
    }
}

/// The limits, with the state needed to enforce them.
#[derive(Debug)]
pub(crate) struct LimitState {
    pub(crate) body_bytes: usize,
    at_once: Semaphore,
    rate: DefaultDirectRateLimiter,
}

impl LimitState {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            body_bytes: limits.body_bytes,
            at_once: Semaphore::new(limits.at_once),
            rate: RateLimiter::direct(Quota::per_second(limits.per_second)),
        }
    }
}

pub(crate) async fn enforce(
    State(open): State<Arc<LimitState>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    open.rate.check().map_err(|_| Refused::TooManyRequests)?;
    let _permit = open.at_once.try_acquire().map_err(|_| Refused::Overloaded)?;
    Ok(next.run(request).await)
}
