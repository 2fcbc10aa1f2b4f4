//! What a terminal says of itself every few seconds: that it lives, what it has, and how its clock goes.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::contract::DigestState;
use nosmoke_ports::{Extent, Heard, Outgoing, Priority, Read, StoreError, Topic, Write, read, write};
use nosmoke_reading::reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::{Exchange, ExchangeError};
use crate::wire::{TYPES, event_headers};

/// How often a terminal says that it lives.
pub const HEARTBEAT_EVERY: TimeDelta = TimeDelta::seconds(5);

/// The value of a record on the heartbeats topic. No names, no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Heartbeat {
    pub terminal_id: TerminalId,
    /// The life in which it records now.
    pub incarnation: IncarnationId,
    /// By its own clock.
    pub at: DateTime<Utc>,
    /// Of the program.
    pub version: String,
    /// Facts that it hasn't read back.
    pub pending: u64,
    /// It has read everything that the log held.
    pub has_read_all: bool,
    /// Facts that it has.
    pub facts: u64,
    /// Sum modulo 2^256 of their hashes, hexadecimal.
    pub digest: String,
    /// Highest contiguous seq of each incarnation.
    #[schemars(extend("propertyNames" = { "format": "uuid" }))]
    pub heads: BTreeMap<IncarnationId, u64>,
}

impl Heartbeat {
    /// Reads one; `None` where it isn't one that this program understands.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Whether who said this holds what is here. Terminals whose heads are equal, and which hold nothing beyond them, must.
    pub fn compared(&self, here: &Extent) -> DigestState {
        let beyond = self.facts.saturating_sub(self.heads.values().fold(0, |sum, head| sum.saturating_add(*head)));
        if self.facts == here.facts && self.digest == here.digest.to_string() {
            DigestState::Same
        } else if self.heads == here.heads && beyond == 0 && here.beyond_heads() == 0 {
            DigestState::Different
        } else {
            DigestState::NotYet
        }
    }
}

impl Exchange {
    /// Says that this terminal lives, if it is time to; with what it has as of one moment.
    ///
    /// # Errors
    /// The log's and the store's.
    pub async fn beat(&self) -> Result<(), ExchangeError> {
        let now = self.clock.now();
        {
            let mut session = self.session();
            let due = session.beat_at.is_none_or(|last| now - last >= HEARTBEAT_EVERY || now < last);
            if !session.connected || !due {
                return Ok(());
            }
            session.beat_at = Some(now);
        }
        let (version, has_read_all) = (self.version.clone(), self.has_read_all());
        let heartbeat = read::<_, StoreError>(&*self.journal, move |tx| {
            let Some(origin) = tx.origin()? else { return Ok(None) };
            let (extent, pending) = (tx.extent()?, tx.pending_totals()?.facts);
            Ok(Some(Heartbeat {
                terminal_id: origin.terminal_id,
                incarnation: origin.incarnation,
                at: now,
                version,
                pending,
                has_read_all,
                facts: extent.facts,
                digest: extent.digest.to_string(),
                heads: extent.heads,
            }))
        })
        .await?;
        let Some(heartbeat) = heartbeat else { return Ok(()) };
        let value = serde_json::to_vec(&heartbeat).map_err(|error| StoreError::Failed(error.to_string()))?;
        let source = format!("/terminals/{}", heartbeat.terminal_id);
        let time = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        let id = self.ids.ordered(now).to_string();
        let headers = event_headers(&id, &format!("{TYPES}.heartbeat.v1"), &source, &time);
        let key = heartbeat.terminal_id.to_string();
        self.log.publish(vec![Outgoing { topic: Topic::Heartbeats, key, value: Some(value), headers }]).await?;
        Ok(())
    }

    /// Learns from a heartbeat: of our own, how far our clock is off; of another's, whether the log has a gap that it
    /// can't close by reading.
    pub(super) async fn hear(&self, heard: &Heard) -> Result<(), ExchangeError> {
        let Some(heartbeat) = Heartbeat::read(&heard.body) else { return Ok(()) };
        let (origin, extent) = read::<_, StoreError>(&*self.journal, |tx| Ok((tx.origin()?, tx.extent()?))).await?;
        let Some(origin) = origin else { return Ok(()) };
        if heartbeat.incarnation == origin.incarnation {
            let off = (heartbeat.at - heard.appended_at).num_milliseconds();
            self.link.remember(|memory| memory.clock_off_ms = Some(off));
            return Ok(());
        }
        if !heartbeat.has_read_all || !self.has_read_all() {
            return Ok(());
        }
        match heartbeat.compared(&extent) {
            DigestState::Different => self.session().narrowing.differs(heartbeat.terminal_id),
            DigestState::Same => {
                self.session().narrowing.agrees(heartbeat.terminal_id);
                self.link.remember(|memory| {
                    memory.differences.remove(&heartbeat.terminal_id);
                });
            }
            DigestState::NotYet => {}
        }
        // Seen twice, some seconds apart, is more than a reader who is a little behind.
        let mut gaps = Vec::new();
        {
            let mut session = self.session();
            for (incarnation, head) in extent.heads {
                let there = heartbeat.heads.get(&incarnation).copied().unwrap_or(0);
                let place = (heartbeat.terminal_id, incarnation);
                if there >= head {
                    session.lacking.remove(&place);
                } else if session.lacking.insert(place, there) == Some(there) {
                    session.lacking.remove(&place);
                    gaps.push((incarnation, there));
                }
            }
        }
        if gaps.is_empty() {
            return Ok(());
        }
        let unit = move |tx: &mut dyn Write| gaps.iter().try_for_each(|(of, after)| tx.mark_pending_after(*of, *after));
        write::<(), StoreError>(&*self.journal, Priority::Background, unit).await?;
        self.session().publish_again();
        Ok(())
    }
}

/// The incarnation in which the hub lives now, as it last said; none while it hasn't been heard.
///
/// # Errors
/// The store's.
pub fn hub_incarnation(tx: &mut dyn Read) -> Result<Option<IncarnationId>, StoreError> {
    let Some(hub) = reference::hub(tx)? else { return Ok(None) };
    // What the hub last said of itself may be of an earlier life, to which it must give nothing.
    if let Some(here) = tx.origin()?.filter(|here| here.terminal_id == hub) {
        return Ok(Some(here.incarnation));
    }
    let heard = tx.heard()?.into_iter().find(|heard| heard.terminal_id == hub);
    Ok(heard.and_then(|heard| Heartbeat::read(&heard.body)).map(|heartbeat| heartbeat.incarnation))
}
