//! A payment that is short here asks the other terminals, waits for a moment, and says where the points are if they don't come
//! (ADR 0017). Only the question is recorded meanwhile; it changes nothing.

use std::time::Duration;

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::{AskId, CustomerId};
use nosmoke_domain::point::{self, Account};
use nosmoke_domain::points::{MAX_AMOUNT, Points};
use nosmoke_ports::contract::{AppError, Command, ErrorCode, Outcome, Pay, Request};
use nosmoke_ports::{Priority, Write, write};
use opentelemetry::Context;
use tokio::time::{Instant, timeout_at};

use super::bus::CommandBus;
use super::numeral::points;
use super::work::Work;

/// The longest a payment waits for points that other terminals hold.
const PATIENCE: Duration = Duration::from_secs(3);

impl CommandBus {
    /// Asks for what is short, and tries again with whatever comes. `refusal` is the answer when nothing can be asked.
    pub(super) async fn ask_and_wait(
        &self,
        recorder: Recorder,
        request: Request,
        refusal: AppError,
    ) -> Result<Outcome, AppError> {
        let Command::Pay(Pay { customer_id, points: amount, .. }) = &request.command else { return Err(refusal) };
        let wanted = points("points", amount, MAX_AMOUNT)?;
        if !self.core.link.is_up() {
            return Err(refusal);
        }
        let mut written = self.core.feed.subscribe();
        written.mark_unchanged();
        if !self.ask(recorder, *customer_id, wanted).await? {
            return Err(refusal);
        }
        let deadline = Instant::now() + PATIENCE;
        let mut last = refusal;
        while timeout_at(deadline, written.changed()).await.is_ok_and(|changed| changed.is_ok()) {
            match self.run_once(recorder, request.clone()).await {
                Err(refusal) if refusal.code == ErrorCode::HeldElsewhere => last = refusal,
                answer => return answer,
            }
        }
        Err(last)
    }

    /// Asks for what of an amount isn't held here. False where nothing can be asked: an earlier question is still open, or the
    /// balance is short by now.
    ///
    /// # Errors
    /// The store's.
    pub async fn ask(&self, recorder: Recorder, customer: CustomerId, wanted: Points) -> Result<bool, AppError> {
        let (clock, ids) = (self.core.clock.clone(), self.core.ids.clone());
        let traceparent = self.core.traces.traceparent(&Context::current());
        let unit = move |tx: &mut dyn Write| {
            let mut work = Work::begin(tx, clock.now(), recorder, &*ids)?;
            work.traceparent.clone_from(&traceparent);
            let account: Account = work.state(customer)?;
            let short = wanted.sum() - account.holdings.held(work.here).max(0);
            let Ok(short) = Points::try_from(short) else { return Ok(false) };
            let ask_id: AskId = work.id();
            match point::ask(&account, work.here, ask_id, short) {
                Ok(asked) => {
                    work.append(customer, asked)?;
                    Ok(true)
                }
                Err(_) => Ok::<_, AppError>(false),
            }
        };
        let (asked, written) = write(&*self.core.journal, Priority::Command, unit).await?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        Ok(asked)
    }
}
