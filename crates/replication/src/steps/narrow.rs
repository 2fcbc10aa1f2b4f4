//! Does what [`differences`](crate::differences) plans: counts facts anew, a block at a time and beside the writer, and tells the
//! sums on the heartbeats topic.

use chrono::{DateTime, SecondsFormat, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::{Outgoing, StoreError, Topic, read};

use crate::differences::{Act, Breakdown, Parts, ids_under};
use crate::exchange::{Exchange, ExchangeError};
use crate::wire::{TYPES, event_headers};

/// Facts of one look at the journal: some milliseconds of a reader.
const BLOCK: usize = 2_000;
/// What one call does at most, so that publishing goes on.
const ACTS: usize = 8;

impl Exchange {
    /// Goes on looking for the first customer of which a terminal holds other facts. Nearly always there is nothing to do.
    ///
    /// # Errors
    /// The log's and the store's.
    pub async fn narrow_down(&self) -> Result<(), ExchangeError> {
        for _ in 0..ACTS {
            let now = self.clock.now();
            if !self.has_read_all() || !self.session().narrowing.is_due(now) {
                return Ok(());
            }
            let (origin, extent) = read::<_, StoreError>(&*self.journal, |tx| Ok((tx.origin()?, tx.extent()?))).await?;
            let (Some(origin), next) = (origin, self.session().narrowing.next(now, &extent)) else { return Ok(()) };
            match next {
                None => return Ok(()),
                Some(Act::Count(prefix)) => {
                    let counted = self.count(origin.terminal_id, prefix, now).await?;
                    self.session().narrowing.counted(counted);
                }
                Some(Act::Tell(breakdown)) => self.tell(&breakdown).await?,
                Some(Act::Found(terminal, difference)) => {
                    tracing::warn!(%terminal, ?difference, "a terminal that has read as far holds other facts");
                    self.link.remember(|memory| {
                        memory.differences.insert(terminal, difference);
                    });
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn hear_breakdowns(&self, breakdowns: Vec<Breakdown>) -> Result<(), StoreError> {
        if breakdowns.is_empty() {
            return Ok(());
        }
        let Some(origin) = read::<_, StoreError>(&*self.journal, |tx| tx.origin()).await? else { return Ok(()) };
        for breakdown in breakdowns.into_iter().filter(|it| it.terminal_id != origin.terminal_id) {
            self.session().narrowing.heard(origin.terminal_id, breakdown);
        }
        Ok(())
    }

    /// Counts what is here as of one moment, whatever arrives meanwhile.
    async fn count(&self, here: TerminalId, prefix: String, at: DateTime<Utc>) -> Result<Breakdown, StoreError> {
        let (extent, as_of) = read::<_, StoreError>(&*self.journal, |tx| Ok((tx.extent()?, tx.last_change()?))).await?;
        let (first, last) = ids_under(&prefix);
        let (mut parts, mut after) = (Parts::default(), (first, 0));
        loop {
            let block = read::<_, StoreError>(&*self.journal, move |tx| tx.rehashed(after, last, as_of, BLOCK)).await?;
            block.iter().for_each(|fact| parts.add(&prefix, fact));
            match block.last().filter(|_| block.len() == BLOCK) {
                Some(fact) => after = (fact.customer_id, fact.change_seq),
                None => break,
            }
        }
        let tally = (&extent).into();
        Ok(Breakdown { terminal_id: here, at, heads: extent.heads, tally, prefix, parts, asks: Vec::new() })
    }

    async fn tell(&self, breakdown: &Breakdown) -> Result<(), ExchangeError> {
        let value = serde_json::to_vec(breakdown).map_err(|error| StoreError::Failed(error.to_string()))?;
        let Breakdown { terminal_id, at, prefix, .. } = breakdown;
        let headers = event_headers(
            &self.ids.ordered(*at).to_string(),
            &format!("{TYPES}.digest.v1"),
            &format!("/terminals/{terminal_id}"),
            &at.to_rfc3339_opts(SecondsFormat::Millis, true),
        );
        let key = format!("{terminal_id}/digest/{prefix}");
        self.log.publish(vec![Outgoing { topic: Topic::Heartbeats, key, value: Some(value), headers }]).await?;
        Ok(())
    }
}
