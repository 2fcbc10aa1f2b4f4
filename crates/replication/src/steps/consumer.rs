//! The consumer writes messages and the next offsets into the journal in one transaction. It does nothing else: other
//! contexts learn of these facts from the change feed, as they do of facts that were recorded at this terminal.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Payload, Sealed};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{
    Document, DocumentKey, Fetched, Heard, Incoming, LogError, LogPosition, Merged, Pace, Partition, Priority,
    Quarantined, StoreError, Topic, Write, write,
};
use nosmoke_runtime::Step;

use super::heartbeat::Heartbeat;
use crate::differences::Breakdown;
use crate::incarnations::ending::end;
use crate::incarnations::restore::begin_another;
use crate::replicator::{ReplicationError, Replicator, value_hash};
use crate::wire::{
    OwnFact, ReadDocument, Refused, is_erasure, key_of, read_document, read_fact, recognise_own, source,
};
use crate::{FacilityKey, LogMemory};

/// Most messages in one transaction. At this size a transaction takes a few milliseconds of the writer and a few more
/// of the disk.
const fn batch_size(pace: Pace) -> usize {
    match pace {
        Pace::Free => 500,
        Pace::Busy => 24,
        Pace::Burst => 64,
    }
}

/// Most bytes stored of a quarantined message.
const MAX_QUARANTINED_BYTES: usize = 64 * 1024;

/// The messages of one step, sorted by kind.
#[derive(Debug, Default)]
struct Batch {
    /// Changes of own facts that were found in the in-flight cache.
    read_back: Vec<i64>,
    /// Other facts that name this terminal as their source; the journal is asked whether they are pending.
    own: Vec<OwnFact>,
    facts: Vec<Sealed>,
    /// In the order of the log: the tombstone of a note must erase only the revisions before it.
    documents: Vec<ReadDocument>,
    sealed: u64,
    heard: Vec<Heard>,
    breakdowns: Vec<Breakdown>,
    quarantined: Vec<Quarantined>,
    positions: BTreeMap<Partition, LogPosition>,
}

/// What applying a batch changed.
#[derive(Debug, Default, Clone)]
struct Applied {
    documents: bool,
    new_incarnation: bool,
    /// The incarnation ended, because points were reclaimed from it.
    ended: bool,
    /// Documents to be published again, because the log now ends with a lower revision than ours.
    publish_again: Vec<DocumentKey>,
}

impl Replicator {
    /// Fetches messages, waiting for `timeout` at most, and applies them to the journal.
    ///
    /// An error of the log or of the store; `NewLog` if the log was replaced, `NewIncarnation` if this terminal had to
    /// begin another incarnation. After any error the caller must reconnect.
    pub async fn consume(&self, timeout: Duration, pace: Pace) -> Result<Step, ReplicationError> {
        let batch_size = batch_size(pace);
        let fetched = match self.log.fetch(batch_size, timeout).await {
            Err(LogError::Changed(why)) => return Err(self.new_log(why).await?),
            fetched => fetched?,
        };
        let Fetched { messages, ends } = fetched;
        let messages = match self.verified(messages) {
            Ok(messages) => messages,
            Err(why) => return Err(self.new_log(why).await?),
        };
        let more = if messages.len() >= batch_size { Step::More } else { Step::Idle };
        let read: BTreeSet<Partition> = messages.iter().map(|message| message.partition).collect();
        if !messages.is_empty() {
            self.apply(messages).await?;
        }
        self.reached_ends(read, &ends).await?;
        Ok(more)
    }

    async fn new_log(&self, why: String) -> Result<ReplicationError, StoreError> {
        self.begin_new_log(why.clone()).await?;
        Ok(ReplicationError::NewLog(why))
    }

    /// Compares the first message of each partition with the expected one. If they are equal, leaves the message out,
    /// because it was applied before.
    fn verified(&self, messages: Vec<Incoming>) -> Result<Vec<Incoming>, String> {
        let mut state = self.state();
        let mut rest = Vec::with_capacity(messages.len());
        for message in messages {
            match state.expected.remove(&message.partition) {
                None => rest.push(message),
                Some(expected) if message.offset == expected.offset && value_hash(&message) == expected.hash => {}
                // Compaction removed the expected message. This one is newer, and applying it is idempotent.
                Some(expected) if message.partition.topic.is_compacted() && message.offset > expected.offset => {
                    rest.push(message);
                }
                Some(expected) => {
                    let Partition { topic, number } = message.partition;
                    return Err(format!(
                        "partition {number} of {} has another message at offset {} than before",
                        topic.name(),
                        expected.offset
                    ));
                }
            }
        }
        Ok(rest)
    }

    /// Notes which partitions were read to their end, and in which of those read more may follow.
    async fn reached_ends(&self, read: BTreeSet<Partition>, ends: &[(Partition, i64)]) -> Result<(), StoreError> {
        let (all, at_end) = {
            let mut state = self.state();
            let before = state.unread.len();
            state.not_at_end.extend(read);
            for (partition, _) in ends {
                state.unread.remove(partition);
                state.not_at_end.remove(partition);
            }
            (before > 0 && state.unread.is_empty(), state.unread.is_empty() && state.not_at_end.is_empty())
        };
        self.core.connection.set_at_end(at_end);
        if all { self.read_all().await } else { Ok(()) }
    }

    async fn apply(&self, messages: Vec<Incoming>) -> Result<(), ReplicationError> {
        let (facility, here) =
            nosmoke_ports::read::<_, StoreError>(&*self.core.journal, |tx| Ok((FacilityKey::read(tx)?, tx.origin()?)))
                .await?;
        let source = here.map(|here| source(here.terminal_id)).unwrap_or_default();
        // Requests are no records: they leave no trace in the journal, not even a position.
        let (requests, messages): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| message.partition.topic == Topic::Requests);
        requests.iter().for_each(|message| self.take_request(message));
        if messages.is_empty() {
            return Ok(());
        }
        let mut batch = self.sort(messages, facility.as_ref(), &source);
        let (clock, ids) = (self.core.clock.clone(), self.core.ids.clone());
        let (heard, has_documents) = (batch.heard.clone(), !batch.documents.is_empty());
        let recorders: BTreeSet<IncarnationId> =
            batch.facts.iter().map(|sealed| sealed.fact.origin.incarnation).collect();
        let facts = batch.facts.len() + batch.own.len() + batch.read_back.len();
        let (breakdowns, read_back) = (std::mem::take(&mut batch.breakdowns), std::mem::take(&mut batch.read_back));
        let catalogue = self.catalogue;
        let unit = move |tx: &mut dyn Write| {
            let mut facts = Cow::from(&batch.facts);
            tx.read_back_changes(&read_back)?;
            for OwnFact { hash, customer, message } in &batch.own {
                if tx.read_back(*hash, *customer)? {
                    continue;
                }
                // The fact isn't pending: it was read back before, or another program named this terminal as its
                // source.
                match read_fact(message, catalogue) {
                    Ok(fact) => facts.to_mut().push(fact),
                    Err(refused) => tx.put_quarantined(&quarantined(message, refused, clock.now()))?,
                }
            }
            let received = tx.receive(&facts)?;
            let mut applied = Applied { documents: has_documents, ..Applied::default() };
            for erased in facts.iter().filter(|fact| is_erasure(fact)) {
                let customer = erased.fact.customer_id;
                tx.receive_document(&Document::Erased(customer))?;
                // The fact alone erases nothing in the log. The profile's tombstone does, so it is pending until it was
                // read back.
                tx.mark_document_pending(DocumentKey::Profile(customer), true)?;
                applied.publish_again.push(DocumentKey::Profile(customer));
                applied.documents = true;
            }
            for document in &batch.documents {
                match document {
                    ReadDocument::Document(document) => {
                        let merged = tx.receive_document(document)?;
                        tracing::trace!(key = ?key_of(document), ?merged, "a document was read");
                        if merged == Merged::Lower {
                            applied.publish_again.push(key_of(document));
                        }
                    }
                    ReadDocument::NoteErased(key) => {
                        if let DocumentKey::Note(_, note_id) = key
                            && tx.notes(&[*note_id])?.is_empty()
                        {
                            tx.mark_document_pending(*key, false)?;
                        }
                    }
                    ReadDocument::Sealed | ReadDocument::Nothing => {}
                }
            }
            if batch.sealed > 0 {
                LogMemory::change(tx, |memory| memory.sealed_records += batch.sealed)?;
            }
            for quarantined in &batch.quarantined {
                tx.put_quarantined(quarantined)?;
            }
            for heard in &batch.heard {
                tx.put_heard(heard)?;
            }
            for position in batch.positions.values() {
                tx.put_log_position(position)?;
            }
            let own = tx.own_incarnations()?;
            if let Some(here) = tx.origin()? {
                if received.own_ahead || received.forked.iter().any(|forked| own.contains(forked)) {
                    applied.new_incarnation = true;
                    begin_another(tx, here, &*ids, clock.now())?;
                } else if let Some(reclaim) = facts.iter().find(|fact| is_reclaimed_from(fact, here.incarnation)) {
                    applied.ended = true;
                    end(tx, &reclaim.fact, &*ids, clock.now())?;
                }
            }
            Ok::<_, StoreError>(applied)
        };
        let (applied, written) = write(&*self.core.journal, Priority::Background, unit).await?;
        {
            let mut state = self.state();
            if facts > 0 {
                state.progressed_at = Some(self.core.clock.now());
            }
            for key in applied.publish_again {
                state.handed_over_documents.remove(&key);
            }
            if applied.ended {
                // The others should hear the next incarnation at once: they give points only to one that is heard.
                state.beat = None;
            }
        }
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        if applied.documents {
            self.core.feed.documents_changed();
        }
        let up = self.core.clock.uptime();
        recorders.into_iter().for_each(|incarnation| self.core.heard.read_from(incarnation, up));
        for heard in heard {
            self.hear(&heard).await?;
        }
        self.hear_breakdowns(breakdowns).await?;
        if applied.new_incarnation { Err(ReplicationError::NewIncarnation) } else { Ok(()) }
    }

    fn sort(&self, messages: Vec<Incoming>, facility: Option<&FacilityKey>, source: &str) -> Batch {
        let mut batch = Batch::default();
        let now = self.core.clock.now();
        let last = messages.iter().map(|message| (message.partition, message)).collect::<BTreeMap<_, _>>();
        batch.positions.extend(last.into_iter().map(|(partition, message)| {
            let (next_offset, last) = (message.offset + 1, Some(value_hash(message)));
            (partition, LogPosition { partition, next_offset, last })
        }));
        for message in messages {
            let message = match recognise_own(message, source) {
                Ok(own) => {
                    match self.state().in_flight.take(own.hash, own.customer) {
                        Some(change_seq) => batch.read_back.push(change_seq),
                        None => batch.own.push(own),
                    }
                    continue;
                }
                Err(message) => message,
            };
            let sorted = match message.partition.topic {
                Topic::Facts => read_fact(&message, self.catalogue).map(|fact| batch.facts.push(fact)),
                Topic::Profiles | Topic::Reference => read_document(&message, facility).map(|read| match read {
                    ReadDocument::Sealed => batch.sealed += 1,
                    ReadDocument::Nothing => {}
                    read => batch.documents.push(read),
                }),
                // A heartbeat that can't be parsed is dropped; the next one comes within seconds.
                Topic::Heartbeats => {
                    let body = message.value.clone().unwrap_or_default();
                    if let Some(heartbeat) = Heartbeat::read(&body) {
                        let Heartbeat { incarnation, terminal_id, gives, .. } = heartbeat;
                        let appended_at = message.appended_at;
                        batch.heard.push(Heard {
                            incarnation,
                            terminal_id,
                            appended_at,
                            received_at: now,
                            gives,
                            body,
                        });
                    } else {
                        batch.breakdowns.extend(Breakdown::read(&body));
                    }
                    Ok(())
                }
                Topic::Requests => Ok(()),
            };
            if let Err(refused) = sorted {
                batch.quarantined.push(quarantined(&message, refused, now));
            }
        }
        batch
    }
}

fn is_reclaimed_from(sealed: &Sealed, incarnation: IncarnationId) -> bool {
    matches!(&sealed.fact.payload, Payload::Reclaimed(reclaimed) if reclaimed.from == incarnation)
}

fn quarantined(message: &Incoming, Refused(reason, detail): Refused, received_at: DateTime<Utc>) -> Quarantined {
    let value = message.value.as_deref().unwrap_or_default();
    Quarantined {
        partition: message.partition,
        offset: message.offset,
        reason,
        detail: detail.chars().take(200).collect(),
        received_at,
        key: message.key.clone(),
        size: value.len() as u64,
        value: value.iter().take(MAX_QUARANTINED_BYTES).copied().collect(),
        headers: message.headers.clone(),
    }
}
