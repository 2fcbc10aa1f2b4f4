//! The calls of the contexts pay and penalty to point (N1, N2, S3). They are made before the command's unit of work is
//! queued, and have a timeout. Each of the two contexts has its own circuit breaker.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_ports::contract::{AppError, BreakerView, ContextName, ErrorCode};
use nosmoke_ports::{Clock, PointPort, PointRefusal};
use nosmoke_runtime::contexts::{NoAnswer, with_timeout};
use nosmoke_runtime::measures::{Measures, Node};
use parking_lot::{Mutex, MutexGuard};
use serde_json::json;

use super::Breaker;

/// How long a command waits for point.
const POINT_CALL_TIMEOUT: Duration = Duration::from_millis(300);
/// The `retryAfterMs` of the error while point is stopped; only a manager can start it again.
const STOPPED_RETRY_AFTER: TimeDelta = TimeDelta::seconds(5);
/// The `retryAfterMs` of the error after a failed call while the breaker is still closed.
const FAILED_RETRY_AFTER: TimeDelta = TimeDelta::seconds(1);

#[derive(Debug)]
pub struct PointCalls {
    port: Arc<dyn PointPort>,
    clock: Arc<dyn Clock>,
    measures: Arc<Measures>,
    pay: Mutex<Breaker>,
    penalty: Mutex<Breaker>,
}

impl PointCalls {
    pub fn new(port: Arc<dyn PointPort>, clock: Arc<dyn Clock>, measures: Arc<Measures>) -> Self {
        Self { port, clock, measures, pay: Mutex::default(), penalty: Mutex::default() }
    }

    /// Asks point whether it accepts a call from the context `caller` now. pay and penalty have a breaker; point's own
    /// commands, which are asked for too, have none.
    ///
    /// # Errors
    /// Returns `point_unavailable` if point doesn't accept the call.
    pub async fn enter(&self, caller: ContextName) -> Result<(), AppError> {
        if let Some(mut breaker) = self.breaker(caller) {
            breaker.admit(self.clock.now()).map_err(|wait| refuse("open", wait))?;
        }
        let begun = Instant::now();
        let answer = with_timeout(POINT_CALL_TIMEOUT, self.port.enter()).await;
        if let Some(from) = Some(Node::of(caller)).filter(|from| *from != Node::Point) {
            self.measures.observe((from, Node::Point), 1, begun.elapsed(), answer == Ok(Ok(())));
        }
        match answer {
            Ok(Ok(())) => {
                self.answered(caller, true);
                Ok(())
            }
            // A refusal because point is stopped comes at once, so it doesn't count as a failure for the breaker.
            Ok(Err(PointRefusal::Stopped)) => {
                self.answered(caller, true);
                Err(refuse("stopped", STOPPED_RETRY_AFTER))
            }
            Ok(Err(PointRefusal::Failing(_))) | Err(NoAnswer::Panicked(_)) => {
                self.answered(caller, false);
                Err(refuse("failing", self.wait(caller)))
            }
            Err(NoAnswer::TimedOut) => {
                self.answered(caller, false);
                Err(refuse("timeout", self.wait(caller)))
            }
        }
    }

    /// Lets the next call of each context through as a trial, because point was started.
    pub fn try_next(&self) {
        for caller in [ContextName::Pay, ContextName::Penalty] {
            if let Some(mut breaker) = self.breaker(caller) {
                breaker.try_next(self.clock.now());
            }
        }
    }

    /// Returns the state of the breaker of a context's calls; `None` if the context has no breaker.
    pub fn view(&self, caller: ContextName) -> Option<BreakerView> {
        self.breaker(caller).map(|breaker| breaker.view())
    }

    fn answered(&self, caller: ContextName, well: bool) {
        if let Some(mut breaker) = self.breaker(caller) {
            if well { breaker.succeeded() } else { breaker.failed(self.clock.now()) }
        }
    }

    /// Returns how long a caller should wait after a failed call before it retries.
    fn wait(&self, caller: ContextName) -> TimeDelta {
        let open_for =
            self.view(caller).and_then(|view| view.retry_at).map(|at| at - self.clock.now().timestamp_millis());
        open_for.map_or(FAILED_RETRY_AFTER, TimeDelta::milliseconds)
    }

    fn breaker(&self, caller: ContextName) -> Option<MutexGuard<'_, Breaker>> {
        let breaker = match caller {
            ContextName::Pay => &self.pay,
            ContextName::Penalty => &self.penalty,
            _ => return None,
        };
        Some(breaker.lock())
    }
}

fn refuse(reason: &str, wait: TimeDelta) -> AppError {
    let wait = wait.num_milliseconds().max(0);
    AppError::with(ErrorCode::PointUnavailable, json!({ "reason": reason, "retryAfterMs": wait }))
}
