//! The calls of pay and penalty to point (N1, N2, S3): before anything is given to the writer, with a bounded wait, each behind
//! a circuit breaker of its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_ports::contract::{AppError, BreakerView, ContextName, ErrorCode};
use nosmoke_ports::{Clock, PointPort, PointRefusal};
use nosmoke_runtime::contexts::{NoAnswer, bounded};
use nosmoke_runtime::measures::{Measures, Node};
use serde_json::json;

use super::Breaker;

/// The longest that a command waits for point.
const PATIENCE: Duration = Duration::from_millis(300);
/// When to try again what nobody can say how long will take.
const LATER: TimeDelta = TimeDelta::seconds(5);
const SOON: TimeDelta = TimeDelta::seconds(1);

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

    /// Asks point whether it takes a call of this context now; one that isn't pay's or penalty's is point's own.
    ///
    /// # Errors
    /// `point_unavailable`; nothing is recorded then.
    pub async fn enter(&self, caller: ContextName) -> Result<(), AppError> {
        if let Some(mut breaker) = self.breaker(caller) {
            breaker.admit(self.clock.now()).map_err(|wait| refuse("open", wait))?;
        }
        let begun = Instant::now();
        let answer = bounded(PATIENCE, self.port.enter()).await;
        if let Some(from) = Some(Node::of(caller)).filter(|from| *from != Node::Point) {
            self.measures.record((from, Node::Point), 1, begun.elapsed(), answer == Ok(Ok(())));
        }
        match answer {
            Ok(Ok(())) => {
                self.answered(caller, true);
                Ok(())
            }
            // It answers at once and tells why: there is nothing to spare it.
            Ok(Err(PointRefusal::Stopped)) => {
                self.answered(caller, true);
                Err(refuse("stopped", LATER))
            }
            Ok(Err(PointRefusal::Failing(_))) | Err(NoAnswer::Panicked(_)) => {
                self.answered(caller, false);
                Err(refuse("failing", self.wait(caller)))
            }
            Err(NoAnswer::Late) => {
                self.answered(caller, false);
                Err(refuse("timeout", self.wait(caller)))
            }
        }
    }

    /// Point was started: the next calls go through to see.
    pub fn try_next(&self) {
        for caller in [ContextName::Pay, ContextName::Penalty] {
            if let Some(mut breaker) = self.breaker(caller) {
                breaker.try_next(self.clock.now());
            }
        }
    }

    /// The breaker of a context's calls; `None` for one that makes none.
    pub fn view(&self, caller: ContextName) -> Option<BreakerView> {
        self.breaker(caller).map(|breaker| breaker.view())
    }

    fn answered(&self, caller: ContextName, well: bool) {
        if let Some(mut breaker) = self.breaker(caller) {
            if well { breaker.succeeded() } else { breaker.failed(self.clock.now()) }
        }
    }

    /// How long until it makes sense to try again after a failed call.
    fn wait(&self, caller: ContextName) -> TimeDelta {
        let open_for =
            self.view(caller).and_then(|view| view.retry_at).map(|at| at - self.clock.now().timestamp_millis());
        open_for.map_or(SOON, TimeDelta::milliseconds)
    }

    fn breaker(&self, caller: ContextName) -> Option<MutexGuard<'_, Breaker>> {
        let breaker = match caller {
            ContextName::Pay => &self.pay,
            ContextName::Penalty => &self.penalty,
            _ => return None,
        };
        Some(breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn refuse(reason: &str, wait: TimeDelta) -> AppError {
    let wait = wait.num_milliseconds().max(0);
    AppError::with(ErrorCode::PointUnavailable, json!({ "reason": reason, "retryAfterMs": wait }))
}
