//! What is shown of the contexts, and their stop and start by a manager.

use std::collections::BTreeMap;
use std::time::Duration;

use nosmoke_domain::words::Role;
use serde_json::json;

use super::context_of;
use super::unit::BEHIND;
use crate::contract::{AppError, ContextName, ContextState, ContextView, ErrorCode};
use crate::feed::WORKERS;
use crate::ports::{LogPosition, Partition, Priority, StoreError, Worker, read};
use crate::terminal::Terminal;

/// A stop takes no longer, whatever the tasks do.
const STOPPING: Duration = Duration::from_millis(900);

impl Terminal {
    /// Every context, as it stands.
    ///
    /// # Errors
    /// The store's.
    pub async fn contexts(&self) -> Result<Vec<ContextView>, AppError> {
        let (pending, positions) =
            read::<_, StoreError>(&*self.ports.journal, |tx| Ok((tx.pending_totals()?, tx.log_positions()?))).await?;
        let unread = if self.link.has_read_all() { 0 } else { unread(&self.link.memory().log_ends, &positions) };
        Ok(ContextName::ALL.map(|name| self.context(name, pending.facts, unread)).into())
    }

    /// Stops a context for this run of the program: its tasks end and its port is gone, within a second. The others go on.
    ///
    /// # Errors
    /// `not_authorised`.
    pub async fn stop_context(&self, role: Role, name: ContextName) -> Result<(), AppError> {
        authorise(role)?;
        tracing::info!(context = ?name, "a context is stopped");
        self.contexts.close(name);
        self.tell_of_what_was_given();
        if tokio::time::timeout(STOPPING, self.contexts.unit(name).ended()).await.is_err() {
            tracing::warn!(context = ?name, "a task is still ending");
        }
        Ok(())
    }

    /// Starts a context again: its tasks go on from their checkpoints.
    ///
    /// # Errors
    /// `not_authorised`.
    pub async fn start_context(&self, role: Role, name: ContextName) -> Result<(), AppError> {
        authorise(role)?;
        tracing::info!(context = ?name, "a context is started");
        self.contexts.open(name);
        if name == ContextName::Point {
            self.gateway.point.try_next();
        }
        Ok(())
    }

    /// What a task had given to the writer is told of, though nobody waits for it any more.
    fn tell_of_what_was_given(&self) {
        let (journal, feed) = (self.ports.journal.clone(), self.feed.clone());
        tokio::spawn(async move {
            if let Ok(Some(written)) = journal.write_unit(Priority::Background, Box::new(|_| Ok(()))).await {
                feed.wrote(written.last_change);
            }
        });
    }

    fn context(&self, name: ContextName, pending: u64, unread: u64) -> ContextView {
        let checkpoint = self.feed.passed_by(name);
        let lag = match name {
            ContextName::Pay => 0,
            ContextName::Publisher => pending,
            ContextName::Consumer => unread,
            _ => checkpoint.map_or(0, |passed| behind(self.feed.last_written(), passed)),
        };
        let unit = self.contexts.unit(name);
        let (mut state, since) = unit.look();
        let drains = name != ContextName::Publisher || self.link.is_up();
        if state == ContextState::Running && lag > BEHIND && drains {
            state = ContextState::CatchingUp;
        }
        let counts = unit.counts();
        ContextView {
            name,
            state,
            since: since.timestamp_millis(),
            checkpoint,
            lag,
            steps: counts.steps,
            errors: counts.errors,
            retries: counts.retries,
            restarts: counts.restarts,
            set_aside: counts.set_aside(),
            last_errors: counts.last_errors.into(),
            breaker: self.gateway.point.view(name),
        }
    }
}

/// Records that the log held when it was connected to, and that weren't read.
fn unread(ends: &BTreeMap<Partition, i64>, positions: &[LogPosition]) -> u64 {
    let next =
        |partition: &Partition| positions.iter().find(|it| it.partition == *partition).map_or(0, |it| it.next_offset);
    ends.iter().map(|(partition, end)| behind(*end, next(partition))).sum()
}

fn behind(written: i64, passed: i64) -> u64 {
    u64::try_from(written - passed).unwrap_or(0)
}

impl crate::feed::Feed {
    /// The change that every worker of a context has passed. What waits for the link is left out: handing over to the hub.
    pub fn passed_by(&self, name: ContextName) -> Option<i64> {
        let workers = WORKERS.into_iter().filter(|it| context_of(*it) == name && *it != Worker::HandingOver);
        workers.map(|worker| self.checkpoint(worker)).min()
    }
}

fn authorise(role: Role) -> Result<(), AppError> {
    if role >= Role::Manager {
        return Ok(());
    }
    Err(AppError::with(ErrorCode::NotAuthorised, json!({ "needed": Role::Manager })))
}
