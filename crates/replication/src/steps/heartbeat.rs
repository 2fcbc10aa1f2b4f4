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
use uuid::Uuid;

use crate::differences::{head_in, is_listed, listed};
use crate::gaps::Filler;
use crate::replicator::{Beat, ReplicationError, Replicator, ReplicatorState};
use crate::wire::{TYPES, event_headers};

/// How often a terminal sends a heartbeat.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(5);
/// Most heartbeats of a connection by which it is recognised that one of them was read back.
const MAX_BEATS_KNOWN: usize = 64;
/// Longest heartbeat that is read; our own are never longer.
const MAX_HEARTBEAT_BYTES: usize = 64 * 1024;

/// The value of a message on the heartbeats topic. It holds no names and no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Heartbeat {
    pub terminal_id: TerminalId,
    /// The terminal's present incarnation.
    pub incarnation: IncarnationId,
    /// When the heartbeat was sent, by the cluster's clock as the terminal knows it from its own heartbeats that it read
    /// back; null before it has read one back. Others ignore one without it, or one that was stored long after it.
    pub at: Option<DateTime<Utc>>,
    /// The same moment by the terminal's own clock.
    pub clock: DateTime<Utc>,
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
    /// Of each incarnation with facts after a gap in the seqs, the lowest seq above its last gap: only what is below needs
    /// to be published again.
    #[schemars(extend("propertyNames" = { "format": "uuid" }))]
    pub above_gaps: BTreeMap<IncarnationId, u64>,
}

impl Heartbeat {
    /// Parses a message; `None` if it isn't a heartbeat that this program understands.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= MAX_HEARTBEAT_BYTES).then(|| serde_json::from_slice(bytes).ok())?
    }

    /// Compares the sender's facts with ours. If the heads are equal and neither side has facts beyond its heads (after
    /// a gap in the seqs), the digests must be equal.
    pub fn compared(&self, here: &Extent) -> DigestState {
        let beyond = self.facts.saturating_sub(self.heads.values().fold(0, |sum, head| sum.saturating_add(*head)));
        if self.facts == here.facts && self.digest == here.digest.to_string() {
            DigestState::Same
        } else if is_listed(&self.heads, &here.heads) && beyond == 0 && here.beyond_heads() == 0 {
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
            if state.beats_sent.len() == MAX_BEATS_KNOWN {
                state.beats_sent.pop_front();
            }
            state.beats_sent.push_back(now);
        }
        let at = self.core.heard.cluster_time(up);
        let (version, has_read_all) = (self.version.clone(), self.core.connection.is_at_end());
        let heartbeat = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let Some(origin) = tx.origin()? else { return Ok(None) };
            let (extent, pending) = (tx.extent()?, tx.pending_totals()?.facts);
            let above_gaps = if extent.beyond_heads() == 0 { BTreeMap::new() } else { tx.above_gaps()? };
            Ok(Some(Heartbeat {
                terminal_id: origin.terminal_id,
                incarnation: origin.incarnation,
                at,
                clock: now,
                version,
                pending,
                has_read_all,
                gives,
                facts: extent.facts,
                digest: extent.digest.to_string(),
                heads: listed(extent.heads),
                above_gaps: listed(above_gaps),
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
        let journal = read::<_, StoreError>(&*self.core.journal, |tx| {
            let own = tx.own_incarnations()?;
            Ok((tx.origin()?, tx.extent()?, own, tx.terminals()?))
        });
        let (Some(origin), extent, own, terminals) = journal.await? else { return Ok(()) };
        let up = self.core.clock.uptime();
        if heartbeat.incarnation == origin.incarnation {
            // Those of earlier connections are in the log too, and say nothing about the time now; neither does a copy.
            if !self.state().sent(heartbeat.clock) {
                return Ok(());
            }
            self.core.heard.measured(heard.appended_at, up);
            self.core.present.measured(heartbeat.clock, heard.appended_at);
            if heartbeat.at.is_none() {
                // The others haven't heard this one. The next one names the time that was just measured.
                self.state().beat = None;
                self.core.feed.nudge();
            }
            return Ok(());
        }
        let last = LastHeard { appended_at: heard.appended_at, gives: heartbeat.gives };
        self.core.heard.heard(heartbeat.incarnation, last, up);
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
        let differs_beyond = is_listed(&heartbeat.heads, &extent.heads)
            && heartbeat.digest != extent.digest.to_string()
            && extent.beyond_heads() > 0;
        let (mut gaps, mut beyond) = (Vec::new(), false);
        {
            let mut state = self.state();
            let ReplicatorState { gaps: known, peers, .. } = &mut *state;
            peers.heard(heartbeat.terminal_id, &heartbeat.heads, up);
            let filler = |incarnation: IncarnationId, head: u64| {
                if own.contains(&incarnation) {
                    return Filler::Recorder;
                }
                let lacks_or_records = [Some(heartbeat.terminal_id), terminals.get(&incarnation).copied()];
                let but: Vec<TerminalId> = lacks_or_records.into_iter().flatten().collect();
                let chosen = peers.lowest_with((incarnation, head), &but, up);
                // A clone of this terminal has the same id; were each to leave it to the other, nobody would fill in.
                if chosen.is_none_or(|chosen| origin.terminal_id <= chosen) {
                    Filler::Substitute
                } else {
                    Filler::Another
                }
            };
            // Neither facts above a gap in the seqs nor forks show in the heads.
            let beyond_heads = (heartbeat.terminal_id, IncarnationId(Uuid::nil()));
            if differs_beyond {
                beyond = known.lacks(beyond_heads, 0, || filler(beyond_heads.1, 0), up);
            } else {
                known.closed(beyond_heads, up);
            }
            for (incarnation, head) in extent.heads {
                let Some(there) = head_in(&heartbeat.heads, incarnation) else { continue };
                let of = (heartbeat.terminal_id, incarnation);
                if there >= head {
                    known.closed(of, up);
                } else if known.lacks(of, there, || filler(incarnation, head), up) {
                    gaps.push((incarnation, there, heartbeat.above_gaps.get(&incarnation).copied()));
                }
            }
            let passed_over = (known.passed_over(), peers.passed_over());
            self.core.connection.remember(|memory| {
                (memory.passed_over.gaps, memory.passed_over.terminals) = passed_over;
            });
        }
        if gaps.is_empty() && !beyond {
            return Ok(());
        }
        let unit = move |tx: &mut dyn Write| {
            let mut marked = gaps.clone();
            if beyond {
                let heads = tx.extent()?.heads;
                let known = tx.terminals()?.into_keys();
                marked.extend(known.map(|of| (of, heads.get(&of).copied().unwrap_or(0), None)));
                // Of a fork, two facts have one seq, and one of them may be lacking there.
                marked.extend(tx.forked()?.into_iter().map(|of| (of, 0, None)));
            }
            marked.iter().try_for_each(|(of, after, before)| tx.mark_pending_between(*of, *after, *before))
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
