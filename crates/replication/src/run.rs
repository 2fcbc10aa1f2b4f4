//! Repeats the steps of the exchange while the program runs. Its two sides are contexts: each is a supervised task that can be
//! stopped and started alone. The connection is both sides'.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::Pace;
use nosmoke_ports::contract::ContextName;
use nosmoke_runtime::Step;
use nosmoke_runtime::contexts::{Ended, Task, Unit};
use tokio::sync::watch;

use crate::exchange::{Exchange, ExchangeError};
use crate::watching::{MeasuredLog, TracedLog};

/// How long one look at the log waits for something to arrive.
const LOOK: Duration = Duration::from_millis(100);
/// How often the publisher looks for what nothing told it of, and whether a heartbeat is due.
const TICK: Duration = Duration::from_millis(250);
/// What is recorded within this time after a look leaves with the next: in a burst of commands each alone would cost as much.
const GATHER: Duration = Duration::from_millis(10);
/// A full window has room again after this time.
const EMPTIES: Duration = Duration::from_millis(10);
/// Before another attempt to connect; doubled with each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// The sides of a connection that is given up end within this time.
const ENDING: Duration = Duration::from_secs(1);

const CONNECTION: Task = "connection";
const PUBLISHING: Task = "publishing";
const CONSUMING: Task = "consuming";

/// What comes after a connection.
enum Next {
    /// The program, or the exchange, ends.
    End,
    /// Another connection, at once.
    Anew,
    /// Another connection, after a pause.
    Failed(ExchangeError),
}

/// The log with what is watched of it: what passes is counted, and goes on with its trace.
#[derive(Debug, Clone)]
struct Watched {
    traced: Arc<TracedLog>,
    measured: Arc<MeasuredLog>,
}

impl Watched {
    fn new(exchange: &Exchange) -> Self {
        let Exchange { log, journal, clock, measures, traces, .. } = exchange;
        let traced = Arc::new(TracedLog::new(log.clone(), journal.clone(), clock.clone(), traces.clone()));
        let measured = Arc::new(MeasuredLog::new(traced.clone(), clock.clone(), measures.clone()));
        Self { traced, measured }
    }

    /// What was fetched last has been taken over, or hasn't.
    fn taken(&self, error: Option<&ExchangeError>) {
        self.measured.taken(error.is_none());
        self.traced.taken(error.map(ExchangeError::word));
    }
}

impl Exchange {
    /// Connects and exchanges until told to stop; connects again whenever the link breaks.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let log = Watched::new(&self);
        self.log = log.measured.clone();
        self.link.configured(self.clock.now());
        let mut retries = self.link.retries();
        let mut pause = FIRST_PAUSE;
        loop {
            let attempt = async {
                let connected = self.connect().await;
                self.connected(&connected);
                if let Err(error) = connected {
                    return Next::Failed(error);
                }
                pause = FIRST_PAUSE;
                self.both(&log).await
            };
            let next = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => Next::End,
                _ = retries.changed() => Next::Anew,
                next = attempt => next,
            };
            self.sides_end().await;
            match next {
                Next::End => break,
                Next::Anew => continue,
                Next::Failed(error) => {
                    tracing::info!(%error, "the exchange is interrupted");
                    self.disconnected(&error);
                    if !is_fault(&error) {
                        continue;
                    }
                }
            }
            self.tries_again_in(Some(pause));
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = retries.changed() => pause = FIRST_PAUSE,
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
            self.tries_again_in(None);
        }
        // Nobody is asked any more, so nothing fails.
        [ContextName::Publisher, ContextName::Consumer]
            .map(|side| self.unit(side))
            .into_iter()
            .for_each(|it| it.rests());
        self.log.close().await;
    }

    /// Both sides, until the connection is to be begun anew.
    async fn both(&self, log: &Watched) -> Next {
        tokio::select! {
            next = self.publishing() => next,
            next = self.consuming(log) => next,
        }
    }

    async fn publishing(&self) -> Next {
        let unit = self.unit(ContextName::Publisher);
        loop {
            unit.opened().await;
            // Nothing is known of what an earlier task had handed over.
            self.session().publish_again();
            match unit.run(PUBLISHING, self.clone().send()).await {
                Ended::Returned(error) => return Next::Failed(error),
                Ended::Panicked => unit.pause(PUBLISHING).await,
                Ended::Stopped => {}
            }
        }
    }

    /// What an earlier task had fetched is lost with it, so the connection begins anew where the journal says.
    async fn consuming(&self, log: &Watched) -> Next {
        let unit = self.unit(ContextName::Consumer);
        unit.opened().await;
        match unit.run(CONSUMING, self.clone().follow(log.clone())).await {
            Ended::Returned(error) => return Next::Failed(error),
            Ended::Panicked => unit.pause(CONSUMING).await,
            Ended::Stopped => unit.opened().await,
        }
        Next::Anew
    }

    async fn follow(self, log: Watched) -> ExchangeError {
        let unit = self.unit(ContextName::Consumer).clone();
        loop {
            let pace = self.journal.turn().await;
            unit.begins(CONSUMING);
            let outcome = self.consume(LOOK, pace).await;
            log.taken(outcome.as_ref().err());
            if let Err(error) = outcome {
                return failed(&unit, CONSUMING, error);
            }
            unit.succeeded(CONSUMING, self.unread());
        }
    }

    async fn send(self) -> ExchangeError {
        let unit = self.unit(ContextName::Publisher).clone();
        let (mut written, mut nudges) = (self.feed.subscribe(), self.feed.follow_nudges());
        loop {
            written.mark_unchanged();
            nudges.mark_unchanged();
            unit.begins(PUBLISHING);
            if let Err(error) = self.send_all().await {
                return failed(&unit, PUBLISHING, error);
            }
            unit.succeeded(PUBLISHING, 0);
            let tick = if self.session().window_is_full { EMPTIES } else { TICK };
            tokio::time::sleep(GATHER).await;
            tokio::select! {
                _ = written.changed() => {}
                _ = nudges.changed() => {}
                () = tokio::time::sleep(tick) => {}
            }
        }
    }

    async fn send_all(&self) -> Result<(), ExchangeError> {
        if !self.unit(ContextName::Consumer).is_open() {
            // Nothing is read back, which says nothing of what was handed over.
            self.session().moved_at = Some(self.clock.now());
        }
        // What was recorded a moment ago leaves at once; a backlog takes its turns.
        let (unit, mut pace) = (self.unit(ContextName::Publisher), Pace::Burst);
        while self.publish(pace).await? == Step::More {
            unit.succeeded(PUBLISHING, 0);
            pace = self.journal.turn().await;
            unit.begins(PUBLISHING);
        }
        self.beat().await?;
        self.narrow_down().await
    }

    fn unit(&self, side: ContextName) -> &Arc<Unit> {
        self.contexts.unit(side)
    }

    /// Partitions that aren't read to their end count as much as a step: it is catching up.
    fn unread(&self) -> u64 {
        if self.has_read_all() { 0 } else { u64::MAX }
    }

    /// Both sides stand and fall with the connection.
    fn connected(&self, outcome: &Result<(), ExchangeError>) {
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

    /// Waits until no task of this connection does anything any more.
    async fn sides_end(&self) {
        for (side, task) in [(ContextName::Publisher, PUBLISHING), (ContextName::Consumer, CONSUMING)] {
            self.unit(side).ends(task);
            if tokio::time::timeout(ENDING, self.unit(side).ended()).await.is_err() {
                tracing::warn!(?side, "a task of the exchange is still ending");
            }
        }
    }
}

/// Another log, or another life, is none of the link: on at once.
fn is_fault(error: &ExchangeError) -> bool {
    !matches!(error, ExchangeError::NewLog(_) | ExchangeError::NewLife)
}

/// Counts what ends a side's task.
fn failed(unit: &Unit, task: Task, error: ExchangeError) -> ExchangeError {
    if is_fault(&error) {
        unit.failed(task, &error);
    } else {
        unit.succeeded(task, 0);
    }
    error
}
