//! Heartbeats: every few seconds a terminal publishes which facts it has and what time its clock shows.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::contract::{ContextName, DigestState};
use nosmoke_ports::{Extent, Heard, Outgoing, Priority, Read, StoreError, Topic, Write, read, write};
use nosmoke_reading::reference;
use nosmoke_runtime::heard::LastHeard;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::replicator::{Beat, ReplicationError, Replicator};
use crate::wire::{TYPES, event_headers};

/// How often a terminal sends a heartbeat.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(5);

/// The value of a message on the heartbeats topic. It holds no names and no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Heartbeat {
    pub terminal_id: TerminalId,
    /// The terminal's present incarnation.
    pub incarnation: IncarnationId,
    /// When the heartbeat was sent, by the terminal's own clock.
    pub at: DateTime<Utc>,
    /// The program's version.
    pub version: String,
    /// Number of own facts that the terminal hasn't read back from the log.
    pub pending: u64,
    /// Whether the terminal's consumer runs and has read the log to its present end.
    pub has_read_all: bool,
    /// Whether the terminal answers requests for points: not while its context point is stopped.
    pub gives: bool,
    /// Number of facts in the terminal's journal.
    pub facts: u64,
    /// Sum of the facts' hashes modulo 2^256, hexadecimal.
    pub digest: String,
    /// Highest contiguous seq of each incarnation.
    #[schemars(extend("propertyNames" = { "format": "uuid" }))]
    pub heads: BTreeMap<IncarnationId, u64>,
}

impl Heartbeat {
    /// Parses a message; `None` if it isn't a heartbeat that this program understands.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Compares the sender's facts with ours. If the heads are equal and neither side has facts beyond its heads (after
    /// a gap in the seqs), the digests must be equal.
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

impl Replicator {
    /// Sends a heartbeat if one is due. All its figures are read in one transaction.
    ///
    /// # Errors
    /// An error of the log or of the store.
    pub async fn beat(&self) -> Result<(), ReplicationError> {
        let (now, up) = (self.core.clock.now(), self.core.clock.uptime());
        let gives = self.core.contexts.unit(ContextName::Point).is_open();
        {
            let mut state = self.state();
            let due =
                state.beat.is_none_or(|last| up.saturating_sub(last.at) >= HEARTBEAT_INTERVAL || last.gives != gives);
            if !state.connected || !due {
                return Ok(());
            }
            state.beat = Some(Beat { at: up, gives });
        }
        let (version, has_read_all) = (self.version.clone(), self.core.connection.is_at_end());
        let heartbeat = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let Some(origin) = tx.origin()? else { return Ok(None) };
            let (extent, pending) = (tx.extent()?, tx.pending_totals()?.facts);
            Ok(Some(Heartbeat {
                terminal_id: origin.terminal_id,
                incarnation: origin.incarnation,
                at: now,
                version,
                pending,
                has_read_all,
                gives,
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
        let id = self.core.ids.ordered(now).to_string();
        let headers = event_headers(&id, &format!("{TYPES}.heartbeat.v1"), &source, &time);
        let key = heartbeat.terminal_id.to_string();
        self.log.publish(vec![Outgoing { topic: Topic::Heartbeats, key, value: Some(value), headers }]).await?;
        Ok(())
    }

    /// Evaluates a heartbeat. Our own shows how far our clock is off the broker's. Another terminal's shows whether its
    /// facts differ from ours, and whether the log lacks facts that we have: these are marked as pending again.
    pub(super) async fn hear(&self, heard: &Heard) -> Result<(), ReplicationError> {
        let Some(heartbeat) = Heartbeat::read(&heard.body) else { return Ok(()) };
        let (origin, extent) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((tx.origin()?, tx.extent()?))).await?;
        let Some(origin) = origin else { return Ok(()) };
        if heartbeat.incarnation == origin.incarnation {
            self.core.heard.measured(heard.appended_at, self.core.clock.uptime());
            let off = (heartbeat.at - heard.appended_at).num_milliseconds();
            self.core.connection.remember(|memory| memory.clock_off_ms = Some(off));
            return Ok(());
        }
        let last = LastHeard { appended_at: heard.appended_at, gives: heartbeat.gives };
        self.core.heard.heard(heartbeat.incarnation, last, self.core.clock.uptime());
        if !heartbeat.has_read_all || !self.has_read_all() {
            return Ok(());
        }
        match heartbeat.compared(&extent) {
            DigestState::Different => self.state().narrowing.differs(heartbeat.terminal_id),
            DigestState::Same => {
                self.state().narrowing.agrees(heartbeat.terminal_id);
                self.core.connection.remember(|memory| {
                    memory.differences.remove(&heartbeat.terminal_id);
                });
            }
            DigestState::NotYet => {}
        }
        // Facts are marked only after two heartbeats with the same gap: after one, the terminal may just be a little
        // behind.
        let differs_beyond = heartbeat.heads == extent.heads
            && heartbeat.digest != extent.digest.to_string()
            && extent.beyond_heads() > 0;
        let (mut gaps, mut beyond) = (Vec::new(), false);
        {
            let mut state = self.state();
            // Neither facts above a gap in the seqs nor forks show in the heads.
            if !differs_beyond {
                state.differing_beyond.remove(&heartbeat.terminal_id);
            } else if !state.differing_beyond.insert(heartbeat.terminal_id) {
                state.differing_beyond.remove(&heartbeat.terminal_id);
                beyond = true;
            }
            for (incarnation, head) in extent.heads {
                let there = heartbeat.heads.get(&incarnation).copied().unwrap_or(0);
                let key = (heartbeat.terminal_id, incarnation);
                if there >= head {
                    state.lacking.remove(&key);
                } else if state.lacking.insert(key, there) == Some(there) {
                    state.lacking.remove(&key);
                    gaps.push((incarnation, there));
                }
            }
        }
        if gaps.is_empty() && !beyond {
            return Ok(());
        }
        let unit = move |tx: &mut dyn Write| {
            let mut marked = gaps.clone();
            if beyond {
                let heads = tx.extent()?.heads;
                let known = tx.terminals()?.into_keys();
                marked.extend(known.map(|of| (of, heads.get(&of).copied().unwrap_or(0))));
                // Of a fork, two facts have one seq, and one of them may be lacking there.
                marked.extend(tx.forked()?.into_iter().map(|of| (of, 0)));
            }
            marked.iter().try_for_each(|(of, after)| tx.mark_pending_after(*of, *after))
        };
        write::<(), StoreError>(&*self.core.journal, Priority::Background, unit).await?;
        self.state().publish_again();
        Ok(())
    }
}

/// Returns the hub's incarnation according to its last heartbeat; `None` if none was received, or if the hub is retired.
///
/// # Errors
/// An error of the store.
pub fn hub_incarnation(tx: &mut dyn Read) -> Result<Option<IncarnationId>, StoreError> {
    let Some(hub) = reference::hub(tx)? else { return Ok(None) };
    if reference::retired(tx)?.contains(&hub) {
        return Ok(None);
    }
    // On the hub itself, its last heartbeat may name an earlier incarnation, to which no points must be given.
    if let Some(here) = tx.origin()?.filter(|here| here.terminal_id == hub) {
        return Ok(Some(here.incarnation));
    }
    let heard = tx.heard()?.into_iter().rfind(|heard| heard.terminal_id == hub);
    Ok(heard.map(|heard| heard.incarnation))
}
