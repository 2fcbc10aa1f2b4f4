//! Repeats the steps of the exchange while the program runs.

use std::time::Duration;

use tokio::sync::watch;

use super::exchange::{Exchange, ExchangeError};
use crate::workers::Step;

/// How long one look at the log waits for something to arrive.
const LOOK: Duration = Duration::from_millis(100);
/// How often the publisher looks for what nothing told it of, and whether a heartbeat is due.
const TICK: Duration = Duration::from_millis(250);
/// Before another attempt to connect; doubled with each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

impl Exchange {
    /// Connects and exchanges until told to stop; connects again whenever the link breaks.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        self.link.configured(self.clock.now());
        let mut retries = self.link.retries();
        let mut pause = FIRST_PAUSE;
        loop {
            let attempt = async {
                self.connect().await?;
                pause = FIRST_PAUSE;
                tokio::select! {
                    outcome = self.follow() => outcome,
                    outcome = self.send() => outcome,
                }
            };
            let outcome = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = retries.changed() => continue,
                outcome = attempt => outcome,
            };
            if let Err(error) = &outcome {
                tracing::info!(%error, "the exchange is interrupted");
                self.disconnected(error);
            }
            // These two aren't faults of the link: on at once.
            if matches!(outcome, Err(ExchangeError::NewLog(_) | ExchangeError::NewLife)) {
                continue;
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = retries.changed() => pause = FIRST_PAUSE,
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
        self.log.close().await;
    }

    async fn follow(&self) -> Result<(), ExchangeError> {
        loop {
            let pace = self.journal.turn().await;
            self.consume(LOOK, pace).await?;
        }
    }

    async fn send(&self) -> Result<(), ExchangeError> {
        let (mut written, mut nudges) = (self.feed.subscribe(), self.feed.follow_nudges());
        loop {
            written.mark_unchanged();
            nudges.mark_unchanged();
            while self.publish(self.journal.turn().await).await? == Step::More {}
            self.beat().await?;
            self.narrow_down().await?;
            tokio::select! {
                _ = written.changed() => {}
                _ = nudges.changed() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }
}
