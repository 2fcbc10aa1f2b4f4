//! Carries out the actions that [`differences`](crate::differences) plans: counts facts in batches, without blocking
//! the writer, and sends the breakdowns on the heartbeats topic.

use chrono::{DateTime, SecondsFormat, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::{Outgoing, Read, StoreError, Topic, read};

use crate::differences::{Breakdown, NarrowingAction, Parts, ids_under, listed};
use crate::replicator::{ReplicationError, Replicator};
use crate::wire::{TYPES, event_headers};

/// Most facts read from the journal at once; that takes a few milliseconds.
const COUNT_BATCH: usize = 2_000;
/// Most actions per call, so that publishing isn't held up.
const MAX_ACTIONS: usize = 8;

impl Replicator {
    /// Continues the search for the first customer of whom another terminal holds different facts. Nearly always no
    /// terminal differs, and there is nothing to do.
    ///
    /// # Errors
    /// An error of the log or of the store.
    pub async fn narrow_down(&self) -> Result<(), ReplicationError> {
        for _ in 0..MAX_ACTIONS {
            let now = self.core.clock.now();
            if !self.has_read_all() || !self.state().narrowing.is_due(now) {
                return Ok(());
            }
            let (origin, extent) =
                read::<_, StoreError>(&*self.core.journal, |tx| Ok((tx.origin()?, tx.extent()?))).await?;
            let (Some(origin), next) = (origin, self.state().narrowing.next(now, &extent)) else { return Ok(()) };
            match next {
                None => return Ok(()),
                Some(NarrowingAction::Count(prefix)) => {
                    let counted = self.count(origin.terminal_id, prefix, now).await?;
                    self.state().narrowing.counted(counted);
                }
                Some(NarrowingAction::Send(breakdown)) => self.send_breakdown(&breakdown).await?,
                Some(NarrowingAction::Found(terminal, difference)) => {
                    tracing::warn!(%terminal, ?difference, "a terminal with equal heads holds different facts");
                    self.core.connection.remember(|memory| {
                        memory.differences.insert(terminal, difference);
                    });
                }
            }
        }
        Ok(())
    }

    /// Hands other terminals' breakdowns to the search.
    pub(crate) async fn hear_breakdowns(&self, breakdowns: Vec<Breakdown>) -> Result<(), StoreError> {
        if breakdowns.is_empty() {
            return Ok(());
        }
        let Some(origin) = read::<_, StoreError>(&*self.core.journal, |tx| tx.origin()).await? else { return Ok(()) };
        for breakdown in breakdowns.into_iter().filter(|it| it.terminal_id != origin.terminal_id) {
            self.state().narrowing.heard(origin.terminal_id, breakdown);
        }
        Ok(())
    }

    /// Makes our breakdown of a prefix as of the newest change; facts that arrive meanwhile aren't counted.
    async fn count(&self, here: TerminalId, prefix: String, at: DateTime<Utc>) -> Result<Breakdown, StoreError> {
        let (extent, as_of) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((tx.extent()?, tx.last_change()?))).await?;
        let (first, last) = ids_under(&prefix);
        let (mut parts, mut after) = (Parts::default(), (first, 0));
        loop {
            let rehash = move |tx: &mut dyn Read| tx.rehashed(after, last, as_of, COUNT_BATCH);
            let batch = read::<_, StoreError>(&*self.core.journal, rehash).await?;
            batch.iter().for_each(|fact| parts.add(&prefix, fact));
            match batch.last().filter(|_| batch.len() == COUNT_BATCH) {
                Some(fact) => after = (fact.customer_id, fact.change_seq),
                None => break,
            }
        }
        let tally = (&extent).into();
        Ok(Breakdown { terminal_id: here, at, heads: listed(extent.heads), tally, prefix, parts, asks: Vec::new() })
    }

    /// Sends a breakdown once the cluster's time is known; before, it isn't sent, and is asked for again.
    async fn send_breakdown(&self, breakdown: &Breakdown) -> Result<(), ReplicationError> {
        let Some(at) = self.core.heard.cluster_time(self.core.clock.uptime()) else { return Ok(()) };
        let breakdown = &Breakdown { at, ..breakdown.clone() };
        let value = serde_json::to_vec(breakdown).map_err(|error| StoreError::Failed(error.to_string()))?;
        let Breakdown { terminal_id, at, prefix, .. } = breakdown;
        let headers = event_headers(
            &self.core.ids.ordered(*at).to_string(),
            &format!("{TYPES}.digest.v1"),
            &format!("/terminals/{terminal_id}"),
            &at.to_rfc3339_opts(SecondsFormat::Millis, true),
        );
        let key = format!("{terminal_id}/digest/{prefix}");
        self.log.publish(vec![Outgoing { topic: Topic::Heartbeats, key, value: Some(value), headers }]).await?;
        Ok(())
    }
}
