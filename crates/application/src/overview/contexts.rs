//! Returns the state of the contexts for the Services screen, and lets a manager stop and start them.

use std::time::Duration;

use nosmoke_ports::contract::{AppError, ContextName, ContextState, ContextView, StoppedBy, StoppedVia};
use nosmoke_ports::limits;
use nosmoke_ports::{Priority, StoreError, read};
use nosmoke_reading::names::masked;
use nosmoke_runtime::contexts::CATCHING_UP_LAG;
use nosmoke_runtime::measures::Node;

use super::backlog::{Backlog, FeedProgress};
use crate::permission::{Act, Authority};
use crate::terminal::Terminal;

/// How long stopping a context waits for its tasks to end.
const STOP_TIMEOUT: Duration = Duration::from_millis(900);

impl Terminal {
    /// Returns the state of every context.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn contexts(&self) -> Result<Vec<ContextView>, AppError> {
        let (passed, connection) = (FeedProgress::now(&self.core.feed), self.core.connection.clone());
        let backlog = {
            let passed = passed.clone();
            read::<_, StoreError>(&*self.core.journal, move |tx| Backlog::read(tx, &passed, &connection)).await?
        };
        Ok(self.contexts_with(&passed, &backlog))
    }

    pub(super) fn contexts_with(&self, passed: &FeedProgress, backlog: &Backlog) -> Vec<ContextView> {
        ContextName::ALL.map(|name| self.context(name, passed, backlog)).into()
    }

    /// Stops a context until it is started or the program restarts: within a second its tasks end, and it rejects
    /// commands and calls. The other contexts continue. The screens show who stopped it, through which interface, and
    /// the reason of up to 80 characters; these are kept only in memory, not in facts or log files.
    ///
    /// # Errors
    /// `not_authorised`, `too_long`, `invalid_input`, or an error of the store.
    pub async fn stop_context(
        &self,
        authority: Authority,
        via: Node,
        name: ContextName,
        reason: Option<String>,
    ) -> Result<(), AppError> {
        authority.expect(Act::StopContext)?;
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        if let Some(reason) = &reason {
            limits::check_text("reason", reason, limits::STOP_REASON_MAX)?;
        }
        let via = if via == Node::Rest { StoppedVia::Rest } else { StoppedVia::Screen };
        let name_of = read::<_, StoreError>(&*self.core.journal, move |tx| authority.staff_name(tx)).await?;
        let staff_name = name_of.as_deref().map(masked);
        let at = self.core.clock.now().timestamp_millis();
        let by = StoppedBy { at, via, role: authority.role(), staff_name, reason };
        tracing::info!(context = ?name, "a context is stopped");
        self.core.contexts.unit(name).close(Some(by));
        self.notify_feed_of_last_writes();
        if tokio::time::timeout(STOP_TIMEOUT, self.core.contexts.unit(name).ended()).await.is_err() {
            tracing::warn!(context = ?name, "a task didn't end in time");
        }
        Ok(())
    }

    /// Starts a context again: its tasks continue at their checkpoints.
    ///
    /// # Errors
    /// `not_authorised`.
    pub async fn start_context(&self, authority: &Authority, name: ContextName) -> Result<(), AppError> {
        authority.expect(Act::StartContext)?;
        tracing::info!(context = ?name, "a context is started");
        self.core.contexts.open(name);
        if name == ContextName::Point {
            self.commands.point.try_next();
        }
        Ok(())
    }

    /// Notifies the change feed of the last commits of a stopped task. The task may have queued a unit of work and
    /// ended before it could notify the feed itself. An empty unit, queued after that one, returns the last change.
    fn notify_feed_of_last_writes(&self) {
        let (journal, feed) = (self.core.journal.clone(), self.core.feed.clone());
        tokio::spawn(async move {
            if let Ok(Some(written)) = journal.write_unit(Priority::Background, Box::new(|_| Ok(()))).await {
                feed.wrote(written.last_change);
            }
        });
    }

    fn context(&self, name: ContextName, passed: &FeedProgress, backlog: &Backlog) -> ContextView {
        let lag = backlog.lag(name);
        let unit = self.core.contexts.unit(name);
        let (mut state, since) = unit.update_state();
        let drains = name != ContextName::Publisher || self.core.connection.is_up();
        if state == ContextState::Running && lag > CATCHING_UP_LAG && drains {
            state = ContextState::CatchingUp;
        }
        let counts = unit.counts();
        // A stopped context doesn't retry, so no attempt is shown.
        let attempt = counts.attempt().filter(|_| state != ContextState::Stopped);
        ContextView {
            name,
            state,
            since: since.timestamp_millis(),
            stopped_by: counts.stopped_by.clone(),
            checkpoint: passed.by(name),
            lag,
            oldest_waiting_at: backlog.oldest(name).map(|at| at.timestamp_millis()),
            visits_waiting: backlog.visits(name),
            steps: counts.steps,
            errors: counts.errors,
            retries: counts.retries,
            attempt: attempt.map(|(attempt, _)| attempt),
            next_attempt_at: attempt.and_then(|(_, at)| at).map(|at| at.timestamp_millis()),
            restarts: counts.restarts,
            set_aside: counts.set_aside(),
            last_errors: counts.last_errors.into(),
            breaker: self.commands.point.view(name),
        }
    }
}
