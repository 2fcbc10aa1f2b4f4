//! A command that exceeds this terminal's holding requests points from other terminals and waits up to three seconds.
//! If they don't arrive, it is refused with a list of the terminals that hold them (ADR 0017).

use std::sync::Arc;
use std::time::Duration;

use nosmoke_domain::ids::{CustomerId, IncarnationId, RequestId};
use nosmoke_domain::point::PointsRequest;
use nosmoke_domain::points::Points;
use nosmoke_domain::refusal::Refusal;
use nosmoke_ports::contract::{AppError, ErrorCode, Outcome};
use nosmoke_ports::{StoreError, read};
use nosmoke_reading::given_for;
use nosmoke_runtime::points_requests::PointsRequests;
use opentelemetry::Context;
use tokio::time::{Instant, timeout, timeout_at};

use super::bus::{CommandBus, Given};
use super::shortage::{Shortage, Undecided};
use crate::gifts::handed_on;
use crate::permission::Caller;

/// How long a command waits for points that other terminals hold.
const POINTS_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a command looks again at a balance that is too small: something may be on its way.
const BALANCE_TIMEOUT: Duration = Duration::from_secs(1);
/// How often it looks again while the cluster's time isn't measured yet, so that nobody counts as heard.
const MEASURING_INTERVAL: Duration = Duration::from_millis(50);

/// A request that was sent; dropping it sends the withdrawal.
#[derive(Debug)]
struct Sent {
    requests: Arc<PointsRequests>,
    customer: CustomerId,
    request: PointsRequest,
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.requests.withdraw(self.customer, self.request);
    }
}

/// What is known about the points that are missing.
struct Look {
    /// Whether this terminal holds enough by now.
    is_payable: bool,
    /// The points to be requested; the refusal if the terminals that are heard don't hold enough.
    missing: Result<Points, Refusal>,
    /// What was given so far for the request that was sent.
    given: i128,
    /// The customer's last change.
    last_change: i64,
    here: IncarnationId,
}

impl CommandBus {
    /// Waits for the points that a command lacks, and tries it again whenever something of the customer arrives.
    /// Requests them if the terminals that are heard hold enough.
    pub(super) async fn wait_for_points(
        &self,
        caller: Caller,
        given: Given,
        refused: Undecided,
    ) -> Result<Outcome, AppError> {
        let Some(Shortage { customer, wanted }) = refused.shortage.filter(|_| self.core.is_exchanging()) else {
            return Err(refused.error);
        };
        let Ok(_turn) = timeout(POINTS_TIMEOUT, self.turns.of(customer)).await else { return Err(refused.error) };
        let (begun, mut last) = (Instant::now(), refused.error);
        // The customer's last change when the command was tried last; unknown for the first attempt.
        let mut tried_at = None;
        let mut sent: Option<Sent> = None;
        let mut written = self.core.feed.subscribe();
        loop {
            written.mark_unchanged();
            let look = self.look(customer, wanted, sent.as_ref().map(|sent| sent.request.id)).await?;
            if look.is_payable || tried_at.is_some_and(|tried_at| tried_at != look.last_change) {
                match self.attempt(caller, given.clone()).await {
                    Err(Undecided { shortage: Some(_), error }) => last = error,
                    answer => return answer.map_err(|undecided| undecided.error),
                }
            }
            tried_at = Some(look.last_change);
            let is_measured = self.core.heard.cluster_time(self.core.clock.uptime()).is_some();
            let limit = match look.missing {
                Ok(points) => {
                    let asked = sent.as_ref().map_or(0, |sent| sent.request.points.sum());
                    if points.sum() > asked - look.given {
                        drop(sent.take());
                        sent = Some(self.request_points(customer, look.here, points));
                    }
                    POINTS_TIMEOUT
                }
                Err(_) if sent.is_some() => POINTS_TIMEOUT,
                Err(Refusal::InsufficientPoints { .. }) => BALANCE_TIMEOUT,
                Err(_) if !is_measured => BALANCE_TIMEOUT,
                Err(_) => return Err(last),
            };
            let until = begun + limit;
            let next = if is_measured { until } else { until.min(Instant::now() + MEASURING_INTERVAL) };
            loop {
                if Instant::now() >= until || !self.core.is_exchanging() {
                    return Err(last);
                }
                match timeout_at(next, written.changed()).await {
                    Ok(Ok(())) if self.last_change_of(customer).await? > look.last_change => break,
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return Err(last),
                    Err(_) => break,
                }
            }
        }
    }

    async fn look(&self, customer: CustomerId, wanted: Points, sent: Option<RequestId>) -> Result<Look, AppError> {
        let givers = self.core.heard.givers(self.core.clock.uptime());
        let now = self.core.present.moment();
        let look = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let Some(origin) = tx.origin()? else { return Ok(None) };
            let (here, last_change) = (origin.incarnation, tx.last_change_of(customer)?);
            let summary = handed_on(tx, here, customer, now)?.summary(here, now);
            let (is_payable, missing) = (summary.payable_here() >= wanted.sum(), summary.missing(wanted, &givers));
            let given = match sent {
                Some(id) => given_for(tx, customer, id)?,
                None => 0,
            };
            Ok(Some(Look { is_payable, missing, given, last_change, here }))
        })
        .await?;
        look.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))
    }

    async fn last_change_of(&self, customer: CustomerId) -> Result<i64, AppError> {
        Ok(read::<_, StoreError>(&*self.core.journal, move |tx| tx.last_change_of(customer)).await?)
    }

    fn request_points(&self, customer: CustomerId, to: IncarnationId, points: Points) -> Sent {
        let request = PointsRequest { id: RequestId(self.core.ids.random()), to, points };
        self.core.points_requests.ask(customer, request, self.core.traces.traceparent(&Context::current()));
        Sent { requests: self.core.points_requests.clone(), customer, request }
    }

    /// Sends a request for the points that are missing, without waiting for the answer.
    ///
    /// # Errors
    /// An error of the store. The inner error is the refusal if nothing is missing, or if the terminals that are heard
    /// don't hold enough.
    pub async fn request_missing(
        &self,
        Shortage { customer, wanted }: Shortage,
    ) -> Result<Result<PointsRequest, Refusal>, AppError> {
        let look = self.look(customer, wanted, None).await?;
        Ok(look.missing.map(|points| {
            let request = PointsRequest { id: RequestId(self.core.ids.random()), to: look.here, points };
            self.core.points_requests.ask(customer, request, None);
            request
        }))
    }
}
