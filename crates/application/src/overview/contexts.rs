//! What is shown of the contexts, and their stop and start by a manager.

use std::time::Duration;

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ContextName, ContextState, ContextView, StoppedBy, StoppedVia};
use nosmoke_ports::limits;
use nosmoke_ports::{Priority, StoreError, read};
use nosmoke_reading::names::masked;
use nosmoke_runtime::contexts::BEHIND;
use nosmoke_runtime::measures::Node;

use super::waiting::{Passed, Waiting};
use crate::permission::Act;
use crate::queries::staff_here;
use crate::terminal::Terminal;

/// A stop takes no longer, whatever the tasks do.
const STOPPING: Duration = Duration::from_millis(900);

impl Terminal {
    /// Every context, as it stands.
    ///
    /// # Errors
    /// The store's.
    pub async fn contexts(&self) -> Result<Vec<ContextView>, AppError> {
        let (passed, link) = (Passed::now(&self.core.feed), self.core.link.clone());
        let waiting = {
            let passed = passed.clone();
            read::<_, StoreError>(&*self.core.journal, move |tx| Waiting::read(tx, &passed, &link)).await?
        };
        Ok(self.contexts_with(&passed, &waiting))
    }

    pub(super) fn contexts_with(&self, passed: &Passed, waiting: &Waiting) -> Vec<ContextView> {
        ContextName::ALL.map(|name| self.context(name, passed, waiting)).into()
    }

    /// Stops a context for this run of the program: its tasks end and its port is gone, within a second. The others go on.
    /// Who does it from where is shown, with the reason of up to 80 letters; neither is logged or stands in a fact.
    ///
    /// # Errors
    /// `not_authorised`, `too_long`, `invalid_input`; the store's.
    pub async fn stop_context(
        &self,
        recorder: Recorder,
        caller: Node,
        name: ContextName,
        reason: Option<String>,
    ) -> Result<(), AppError> {
        Act::StopContext.expect(recorder.role)?;
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        if let Some(reason) = &reason {
            limits::check_text("reason", reason, limits::STOP_REASON_MAX)?;
        }
        let (via, staff_name) = if caller == Node::Rest {
            (StoppedVia::Rest, None)
        } else {
            let staff = read::<_, StoreError>(&*self.core.journal, staff_here).await?;
            (StoppedVia::Screen, staff.map(|staff| masked(&staff.name)))
        };
        let at = self.core.clock.now().timestamp_millis();
        let by = StoppedBy { at, via, role: recorder.role, staff_name, reason };
        tracing::info!(context = ?name, "a context is stopped");
        self.core.contexts.unit(name).close(Some(by));
        self.tell_of_what_was_given();
        if tokio::time::timeout(STOPPING, self.core.contexts.unit(name).ended()).await.is_err() {
            tracing::warn!(context = ?name, "a task is still ending");
        }
        Ok(())
    }

    /// Starts a context again: its tasks go on from their checkpoints.
    ///
    /// # Errors
    /// `not_authorised`.
    pub async fn start_context(&self, role: Role, name: ContextName) -> Result<(), AppError> {
        Act::StartContext.expect(role)?;
        tracing::info!(context = ?name, "a context is started");
        self.core.contexts.open(name);
        if name == ContextName::Point {
            self.commands.point.try_next();
        }
        Ok(())
    }

    /// What a task had given to the writer is told of, though nobody waits for it any more.
    fn tell_of_what_was_given(&self) {
        let (journal, feed) = (self.core.journal.clone(), self.core.feed.clone());
        tokio::spawn(async move {
            if let Ok(Some(written)) = journal.write_unit(Priority::Background, Box::new(|_| Ok(()))).await {
                feed.wrote(written.last_change);
            }
        });
    }

    fn context(&self, name: ContextName, passed: &Passed, waiting: &Waiting) -> ContextView {
        let lag = waiting.lag(name);
        let unit = self.core.contexts.unit(name);
        let (mut state, since) = unit.look();
        let drains = name != ContextName::Publisher || self.core.link.is_up();
        if state == ContextState::Running && lag > BEHIND && drains {
            state = ContextState::CatchingUp;
        }
        let counts = unit.counts();
        // What is stopped tries nothing.
        let attempt = counts.attempt().filter(|_| state != ContextState::Stopped);
        ContextView {
            name,
            state,
            since: since.timestamp_millis(),
            stopped_by: counts.stopped_by.clone(),
            checkpoint: passed.by(name),
            lag,
            oldest_waiting_at: waiting.oldest(name).map(|at| at.timestamp_millis()),
            visits_waiting: waiting.visits(name),
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
