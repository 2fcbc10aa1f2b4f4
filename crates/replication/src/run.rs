//! Repeats the replicator's steps while the program runs. Publisher and consumer are context units: each is a
//! supervised task that can be stopped and started separately. They share one connection.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::ContextName;
use nosmoke_ports::{Backoff, Pace};
use nosmoke_runtime::contexts::{ContextUnit, Ended, Task};
use nosmoke_runtime::{Core, Step};
use tokio::sync::watch;

use crate::replicator::{ReplicationError, Replicator};
use crate::watching::{MeasuredLog, TracedLog};

/// How long one fetch waits for messages to arrive.
const FETCH_TIMEOUT: Duration = Duration::from_millis(100);
/// How often the publisher polls for pending changes that it wasn't notified of, and for a due heartbeat.
const PUBLISH_POLL_INTERVAL: Duration = Duration::from_millis(250);
/// Pause after each publishing step, so that the facts of a burst of commands leave as one batch: publishing each fact
/// alone would cost as much as publishing all.
const PUBLISH_GATHER_DELAY: Duration = Duration::from_millis(10);
/// How often the publisher polls while the producer's window is full.
const FULL_WINDOW_POLL_INTERVAL: Duration = Duration::from_millis(10);
/// Pause before the next attempt to connect.
const CONNECT_BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(20));
/// How long to wait for the tasks of a closed connection to end.
const TASK_END_TIMEOUT: Duration = Duration::from_secs(1);

const CONNECTION: Task = "connection";
const PUBLISHING: Task = "publishing";
const CONSUMING: Task = "consuming";

/// How a connection ended.
enum ConnectionEnd {
    /// The program or the replicator is stopping.
    Stop,
    /// Reconnect at once.
    Reconnect,
    /// Reconnect after a backoff, unless the error is `NewLog` or `NewIncarnation`.
    Failed(ReplicationError),
}

/// The log behind its two decorators: one that counts messages, and one that traces them.
#[derive(Debug, Clone)]
struct WatchedLog {
    traced: Arc<TracedLog>,
    measured: Arc<MeasuredLog>,
}

impl WatchedLog {
    fn new(replicator: &Replicator) -> Self {
        let Replicator { log, core: Core { journal, clock, measures, traces, .. }, .. } = replicator;
        let traced = Arc::new(TracedLog::new(log.clone(), journal.clone(), clock.clone(), traces.clone()));
        let measured = Arc::new(MeasuredLog::new(traced.clone(), clock.clone(), measures.clone()));
        Self { traced, measured }
    }

    /// Called when the messages fetched last were applied, or with the error if they couldn't be.
    fn taken(&self, error: Option<&ReplicationError>) {
        self.measured.taken(error.is_none());
        self.traced.taken(error.map(ReplicationError::word));
    }
}

impl Replicator {
    /// Connects and replicates until `stop` becomes true; reconnects when the connection fails.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let log = WatchedLog::new(&self);
        self.log = log.measured.clone();
        self.core.connection.configured(self.core.clock.now());
        let mut retries = self.core.connection.retries();
        let mut backoff = CONNECT_BACKOFF;
        loop {
            let attempt = async {
                let connected = self.connect().await;
                self.connected(&connected);
                if let Err(error) = connected {
                    return ConnectionEnd::Failed(error);
                }
                backoff.reset();
                self.run_both_sides(&log).await
            };
            let end = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => ConnectionEnd::Stop,
                _ = retries.changed() => ConnectionEnd::Reconnect,
                end = attempt => end,
            };
            self.end_both_sides().await;
            match end {
                ConnectionEnd::Stop => break,
                ConnectionEnd::Reconnect => continue,
                ConnectionEnd::Failed(error) => {
                    tracing::info!(%error, "replication is interrupted");
                    self.disconnected(&error);
                    if !is_fault(&error) {
                        continue;
                    }
                }
            }
            let pause = backoff.failed();
            self.tries_again_in(Some(pause));
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = retries.changed() => backoff.reset(),
                () = tokio::time::sleep(pause) => {}
            }
            self.tries_again_in(None);
        }
        // Stopped on purpose: neither context unit is in an error state.
        [ContextName::Publisher, ContextName::Consumer]
            .map(|side| self.unit(side))
            .into_iter()
            .for_each(|it| it.rests());
        self.log.close().await;
    }

    /// Runs publisher, consumer, requests and the search for differences until one of them needs another connection.
    async fn run_both_sides(&self, log: &WatchedLog) -> ConnectionEnd {
        tokio::select! {
            end = self.run_publisher() => end,
            end = self.run_consumer(log) => end,
            end = self.run_requests() => end,
            end = self.run_narrowing() => end,
        }
    }

    /// Searches for differences on its own: counting many facts holds up neither publishing nor heartbeats. While the
    /// publisher is stopped, nothing is sent.
    async fn run_narrowing(&self) -> ConnectionEnd {
        loop {
            if self.unit(ContextName::Publisher).is_open()
                && let Err(error) = self.narrow_down().await
            {
                return ConnectionEnd::Failed(error);
            }
            tokio::time::sleep(PUBLISH_POLL_INTERVAL).await;
        }
    }

    /// Sends requests for points at once, however much the publisher has to do. While the publisher or the consumer is
    /// stopped, nobody asks.
    async fn run_requests(&self) -> ConnectionEnd {
        let mut outgoing = self.core.points_requests.follow_outgoing();
        loop {
            if let Err(error) = self.send_requests().await {
                return ConnectionEnd::Failed(error);
            }
            if outgoing.changed().await.is_err() {
                return ConnectionEnd::Stop;
            }
        }
    }

    /// Runs the publisher's task. Restarts it on the same connection after it panicked or was stopped.
    async fn run_publisher(&self) -> ConnectionEnd {
        let unit = self.unit(ContextName::Publisher);
        loop {
            unit.opened().await;
            // Nobody knows how much the earlier task had handed over, so everything pending is published again.
            self.state().publish_again();
            match unit.run(PUBLISHING, self.clone().publish_loop()).await {
                Ended::Returned(error) => return ConnectionEnd::Failed(error),
                Ended::Panicked => unit.pause(PUBLISHING).await,
                Ended::Stopped => {}
            }
        }
    }

    /// Runs the consumer's task. The messages that it had fetched are lost if it fails, panics or is stopped. After an
    /// error of the store they are read again on the same connection, since publishing can go on. Otherwise the caller
    /// reconnects, which reads again from the positions in the journal.
    async fn run_consumer(&self, log: &WatchedLog) -> ConnectionEnd {
        let unit = self.unit(ContextName::Consumer);
        unit.opened().await;
        let ended = loop {
            let ended = unit.run(CONSUMING, self.clone().consume_loop(log.clone())).await;
            let Ended::Returned(ReplicationError::Store(error)) = &ended else { break ended };
            tracing::info!(%error, "the consumer reads again");
            self.core.connection.set_at_end(false);
            self.state().is_failing = true;
            unit.pause(CONSUMING).await;
            // What was fetched and not applied must be read again before anything behind it.
            if let Err(error) = self.read_again().await {
                return ConnectionEnd::Failed(error);
            }
        };
        match ended {
            Ended::Returned(error) => return ConnectionEnd::Failed(error),
            Ended::Panicked => {
                self.core.connection.set_at_end(false);
                unit.pause(CONSUMING).await;
            }
            Ended::Stopped => {
                self.core.connection.set_at_end(false);
                unit.opened().await;
            }
        }
        ConnectionEnd::Reconnect
    }

    async fn consume_loop(self, log: WatchedLog) -> ReplicationError {
        let unit = self.unit(ContextName::Consumer).clone();
        loop {
            let pace = self.consuming_turn().await;
            unit.begins(CONSUMING);
            let outcome = self.consume(FETCH_TIMEOUT, pace).await;
            log.taken(outcome.as_ref().err());
            if let Err(error) = outcome {
                return failed(&unit, CONSUMING, error);
            }
            self.state().is_failing = false;
            unit.succeeded(CONSUMING, self.unread());
        }
    }

    /// Waits for the consumer's turn. While a command waits for points, reading is what it waits for, so the consumer
    /// doesn't give way to it.
    async fn consuming_turn(&self) -> Pace {
        tokio::select! {
            pace = self.core.journal.turn() => pace,
            () = self.core.points_requests.awaited() => Pace::Busy,
        }
    }

    async fn publish_loop(self) -> ReplicationError {
        let unit = self.unit(ContextName::Publisher).clone();
        let (mut written, mut nudges) = (self.core.feed.subscribe(), self.core.feed.follow_nudges());
        loop {
            written.mark_unchanged();
            nudges.mark_unchanged();
            unit.begins(PUBLISHING);
            if let Err(error) = self.publish_all().await {
                return failed(&unit, PUBLISHING, error);
            }
            unit.succeeded(PUBLISHING, 0);
            let interval = if self.state().window_is_full { FULL_WINDOW_POLL_INTERVAL } else { PUBLISH_POLL_INTERVAL };
            tokio::time::sleep(PUBLISH_GATHER_DELAY).await;
            tokio::select! {
                _ = written.changed() => {}
                _ = nudges.changed() => {}
                () = tokio::time::sleep(interval) => {}
            }
        }
    }

    async fn publish_all(&self) -> Result<(), ReplicationError> {
        // While the consumer is stopped or failing, nothing is read back from the log, and that isn't a sign of lost
        // messages.
        let reads = self.unit(ContextName::Consumer).is_open() && !self.state().is_failing;
        if !reads {
            self.state().progressed_at = Some(self.core.clock.now());
        }
        // The first batch leaves at once. Further batches wait until commands leave time for background work.
        let (unit, mut pace) = (self.unit(ContextName::Publisher), Pace::Burst);
        while self.publish(pace).await? == Step::More {
            unit.succeeded(PUBLISHING, 0);
            pace = self.core.journal.turn().await;
            unit.begins(PUBLISHING);
        }
        self.beat().await
    }

    fn unit(&self, side: ContextName) -> &Arc<ContextUnit> {
        self.core.contexts.unit(side)
    }

    /// The lag that is reported for the consumer: `u64::MAX`, shown as catching up, until every partition was read to
    /// its end; then 0.
    fn unread(&self) -> u64 {
        if self.has_read_all() { 0 } else { u64::MAX }
    }

    /// Reports the outcome of a connection attempt to both context units.
    fn connected(&self, outcome: &Result<(), ReplicationError>) {
        for side in [ContextName::Publisher, ContextName::Consumer] {
            match outcome {
                Err(error) if is_fault(error) => self.unit(side).failed(CONNECTION, error),
                _ => self.unit(side).succeeded(CONNECTION, 0),
            }
        }
    }

    fn tries_again_in(&self, pause: Option<Duration>) {
        for side in [ContextName::Publisher, ContextName::Consumer] {
            self.unit(side).tries_again_in(CONNECTION, pause);
        }
    }

    /// Ends the tasks of this connection, and waits for that.
    async fn end_both_sides(&self) {
        for (side, task) in [(ContextName::Publisher, PUBLISHING), (ContextName::Consumer, CONSUMING)] {
            self.unit(side).ends(task);
            if tokio::time::timeout(TASK_END_TIMEOUT, self.unit(side).ended()).await.is_err() {
                tracing::warn!(?side, "a replication task didn't end in time");
            }
        }
    }
}

/// Whether an error is a fault. `NewLog` and `NewIncarnation` aren't: they only require a new connection, without
/// backoff.
fn is_fault(error: &ReplicationError) -> bool {
    !matches!(error, ReplicationError::NewLog(_) | ReplicationError::NewIncarnation)
}

/// Reports the error that ends a task to the task's context unit.
fn failed(unit: &ContextUnit, task: Task, error: ReplicationError) -> ReplicationError {
    if is_fault(&error) {
        unit.failed(task, &error);
    } else {
        unit.succeeded(task, 0);
    }
    error
}
