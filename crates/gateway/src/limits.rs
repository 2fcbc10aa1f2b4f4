//! The gateway's limits. Requests beyond them are refused at once, and never queued.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::Semaphore;

use crate::open_paths::needs_token;
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
    /// Most open connections; a further one closes another, a stranger's first.
    pub connections: usize,
    /// How long the head of a request may take to arrive, also the first one of a connection.
    pub head_timeout: Duration,
    /// How long a connection may wait for its next request.
    pub idle_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        // Evaluated at compile time, so it can't panic at run time.
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(5_000).unwrap();
        Self {
            body_bytes: 64 * 1024,
            at_once: 256,
            per_second: PER_SECOND,
            connections: max_connections(),
            head_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_mins(1),
        }
    }
}

/// At most half of the files that this process may have open: the journal, exports and the cluster need the others.
fn max_connections() -> usize {
    const MOST: usize = 512;
    #[cfg(unix)]
    if let Some(files) = rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        return usize::try_from(files / 2).unwrap_or(MOST).clamp(1, MOST);
    }
    MOST
}

/// The limits, with the state needed to enforce them.
#[derive(Debug)]
pub(crate) struct LimitState {
    pub(crate) limits: Limits,
    at_once: Semaphore,
    rate: DefaultDirectRateLimiter,
}

impl LimitState {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            at_once: Semaphore::new(limits.at_once),
            rate: RateLimiter::direct(Quota::per_second(limits.per_second)),
        }
    }
}

/// Enforces the limits of requests. Only requests with the token come here, so strangers can't use them up.
pub(crate) async fn enforce(
    State(open): State<Arc<LimitState>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if !needs_token(request.uri().path()) {
        return Ok(next.run(request).await);
    }
    open.rate.check().map_err(|_| Refused::TooManyRequests)?;
    let _permit = open.at_once.try_acquire().map_err(|_| Refused::Overloaded)?;
    Ok(next.run(request).await)
}
