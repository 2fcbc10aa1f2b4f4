//! The consumer writes messages and the next offsets into the journal in one transaction. It does nothing else: other
//! contexts learn of these facts from the change feed, as they do of facts that were recorded at this terminal.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use nosmoke_domain::fact::{Origin, Payload, Sealed};
use nosmoke_domain::ids::{FacilityId, IncarnationId, TerminalId};
use nosmoke_ports::authentication::{KeyId, value_hash};
use nosmoke_ports::{
    Document, DocumentKey, Fetched, Heard, Incoming, LogError, LogPosition, Merged, Pace, Partition, Priority,
    Quarantined, StoreError, Stranger, Topic, Write, write,
};
use nosmoke_runtime::Step;

use super::any_message::{AnyMessage, all, first_of_each, last_of_each};
use super::heartbeat::Heartbeat;
use super::strangers::Counted;
use crate::differences::Breakdown;
use crate::incarnations::ending::end;
use crate::incarnations::restore::begin_another;
use crate::replicator::{ReplicationError, Replicator};
use crate::wire::{
    OwnFact, ReadDocument, document_key, is_erasure, is_timely, key_of, quarantined, read_document, read_fact,
    recognise_own, source,
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
    heard: Vec<Heard>,
    breakdowns: Vec<Breakdown>,
    quarantined: Vec<Quarantined>,
    strangers: Counted,
    positions: BTreeMap<Partition, LogPosition>,
}

/// What applying a batch changed.
#[derive(Debug, Default, Clone)]
struct Applied {
    documents: bool,
    /// The incarnations of which a fact was added. A repeated fact is no sign that its recorder lives.
    recorders: BTreeSet<IncarnationId>,
    new_incarnation: bool,
    /// The incarnation ended, because points were reclaimed from it.
    ended: bool,
    /// Documents to be published again, because the log now ends with a lower revision than ours.
    publish_again: Vec<DocumentKey>,
    /// Documents that a stranger's message pushed out, and that are published again.
    pushed_out: Vec<DocumentKey>,
    /// How many tombstones without a fact were passed over, because too many wait for theirs.
    tombstones_passed_over: u64,
    /// Documents that were read back from the log.
    read_back: Vec<DocumentKey>,
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
        let fetched = match self.verified(fetched) {
            Ok(fetched) => fetched,
            Err(why) => return Err(self.new_log(why).await?),
        };
        let Fetched { messages, strangers, ends } = fetched;
        let more = if messages.len() + strangers.len() >= batch_size { Step::More } else { Step::Idle };
        let read = all(&messages, &strangers).map(AnyMessage::partition).collect();
        if !(messages.is_empty() && strangers.is_empty()) {
            self.apply(messages, strangers).await?;
        }
        self.reached_ends(read, &ends).await?;
        self.answer_tombstones().await?;
        Ok(more)
    }

    async fn new_log(&self, why: String) -> Result<ReplicationError, StoreError> {
        self.begin_new_log(why.clone()).await?;
        Ok(ReplicationError::NewLog(why))
    }

    /// Compares the first message of each partition with the expected one, whosever they are. If they are equal, leaves
    /// the message out, because it was applied before.
    fn verified(&self, mut fetched: Fetched) -> Result<Fetched, String> {
        let mut state = self.state();
        if state.expected.is_empty() {
            return Ok(fetched);
        }
        let mut applied_before = BTreeSet::new();
        for first in first_of_each(&fetched.messages, &fetched.strangers) {
            let (partition, offset) = (first.partition(), first.offset());
            match state.expected.remove(&partition) {
                None => {}
                Some(expected) if offset == expected.offset && first.value_hash() == expected.hash => {
                    applied_before.insert((partition, offset));
                }
                // Compaction removed the expected message. This one is newer, and applying it is idempotent.
                Some(expected) if partition.topic.is_compacted() && offset > expected.offset => {}
                Some(expected) => {
                    let (name, number) = (partition.topic.name(), partition.number);
                    return Err(format!(
                        "partition {number} of {name} has another message at offset {} than before",
                        expected.offset
                    ));
                }
            }
        }
        fetched.messages.retain(|it| !applied_before.contains(&(it.partition, it.offset)));
        fetched.strangers.retain(|it| !applied_before.contains(&(it.partition, it.offset)));
        Ok(fetched)
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

    async fn apply(&self, messages: Vec<Incoming>, strangers: Vec<Stranger>) -> Result<(), ReplicationError> {
        let here = nosmoke_ports::read::<_, StoreError>(&*self.core.journal, |tx| tx.origin()).await?;
        // Without both nothing was connected.
        let (Some(facility), Some(here)) = (self.state().key.clone(), here) else { return Ok(()) };
        let Origin { facility_id, terminal_id, .. } = here;
        let ours = Ours { facility_id, key_id: facility.id(), terminal_id, source: source(terminal_id) };
        // Requests are no records: they leave no trace in the journal, not even a position.
        let (requests, messages): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| message.partition.topic == Topic::Requests);
        for message in &requests {
            self.state().from.insert(message.partition, message.offset + 1);
            self.take_request(message);
        }
        if messages.is_empty() && strangers.is_empty() {
            return Ok(());
        }
        let up = self.core.clock.uptime();
        let pushed_out = self.pushed_out(&strangers, up);
        let mut batch = self.sort(messages, strangers, &facility, &ours);
        let (clock, ids) = (self.core.clock.clone(), self.core.ids.clone());
        let (heard, has_documents) = (std::mem::take(&mut batch.heard), !batch.documents.is_empty());
        // The others are kept in memory.
        batch.heard = heard.iter().filter(|heard| self.core.heard.is_journal_due(heard, up)).cloned().collect();
        let written_heard: BTreeSet<IncarnationId> = batch.heard.iter().map(|heard| heard.incarnation).collect();
        let facts = batch.facts.len() + batch.own.len() + batch.read_back.len();
        let (breakdowns, read_back) = (std::mem::take(&mut batch.breakdowns), std::mem::take(&mut batch.read_back));
        let catalogue = self.catalogue;
        let unit = move |tx: &mut dyn Write| {
            let (mut facts, mut strangers) = (Cow::from(&batch.facts), batch.strangers.clone());
            tx.read_back_changes(&read_back)?;
            for OwnFact { hash, customer, message } in &batch.own {
                if tx.read_back(*hash, *customer)? {
                    continue;
                }
                // The fact isn't pending: it was read back before, or another program named this terminal as its
                // source.
                match read_fact(message, catalogue) {
                    Ok(fact) if fact.fact.origin.facility_id != ours.facility_id => {
                        strangers.add(&ours.stranger(message));
                    }
                    Ok(fact) => facts.to_mut().push(fact),
                    Err(refused) => tx.put_quarantined(&quarantined(message, refused, clock.now()))?,
                }
            }
            let received = tx.receive(&facts)?;
            let recorders = received.recorders;
            let mut applied = Applied { documents: has_documents, recorders, ..Applied::default() };
            for erased in facts.iter().filter(|fact| is_erasure(fact)) {
                let customer = erased.fact.customer_id;
                tx.receive_document(&Document::Erased(customer))?;
                // The fact alone erases nothing in the log. The profile's tombstone does, so it is pending until it was
                // read back.
                tx.mark_document_pending(DocumentKey::Profile(customer), true)?;
                applied.publish_again.push(DocumentKey::Profile(customer));
                applied.documents = true;
            }
            let mut lone_tombstones = Vec::new();
            for document in &batch.documents {
                match document {
                    // Another terminal may have sent it by mistake, or somebody else before messages were authenticated.
                    ReadDocument::Document(Document::Erased(customer)) if !tx.is_erased(*customer)? => {
                        lone_tombstones.push(*customer);
                    }
                    ReadDocument::Document(document) => {
                        let merged = tx.receive_document(document)?;
                        tracing::trace!(key = ?key_of(document), ?merged, "a document was read");
                        let which =
                            if merged == Merged::Lower { &mut applied.publish_again } else { &mut applied.read_back };
                        which.push(key_of(document));
                    }
                    ReadDocument::NoteErased(key) => {
                        if let DocumentKey::Note(_, note_id) = key
                            && tx.notes(&[*note_id])?.is_empty()
                        {
                            tx.mark_document_pending(*key, false)?;
                            applied.read_back.push(*key);
                        }
                    }
                    ReadDocument::Nothing => {}
                }
            }
            if !lone_tombstones.is_empty() {
                LogMemory::change(tx, |memory| {
                    for customer in &lone_tombstones {
                        if memory.tombstones.len() < LogMemory::MAX_TOMBSTONES {
                            memory.tombstones.entry(*customer).or_insert(clock.now());
                        } else if !memory.tombstones.contains_key(customer) {
                            applied.tombstones_passed_over += 1;
                        }
                    }
                })?;
            }
            for key in &pushed_out {
                if has_document(tx, *key)? {
                    tx.mark_document_pending(*key, true)?;
                    applied.pushed_out.push(*key);
                }
            }
            for quarantined in &batch.quarantined {
                tx.put_quarantined(quarantined)?;
            }
            for heard in &batch.heard {
                tx.put_heard(heard)?;
            }
            for counted in strangers.rows() {
                tx.count_strangers(counted)?;
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
            applied.pushed_out.iter().for_each(|key| state.pushed_out.published(*key, up));
            let again = applied.pushed_out.len() as u64;
            self.core.connection.remember(|memory| {
                memory.pushed_out += again;
                memory.passed_over.tombstones += applied.tombstones_passed_over;
            });
            let pushed_out = applied.pushed_out.into_iter();
            for key in pushed_out.chain(applied.publish_again).chain(applied.read_back) {
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
        applied.recorders.into_iter().for_each(|incarnation| self.core.heard.read_from(incarnation, up));
        for heard in heard {
            self.core.heard.says(heard.clone(), up, written_heard.contains(&heard.incarnation));
            self.hear(&heard).await?;
        }
        self.hear_breakdowns(breakdowns).await?;
        if applied.new_incarnation { Err(ReplicationError::NewIncarnation) } else { Ok(()) }
    }

    /// Returns the keys in strangers' messages by which documents of ours may be pushed out, except those that were
    /// published again a short time ago.
    fn pushed_out(&self, strangers: &[Stranger], up: Duration) -> BTreeSet<DocumentKey> {
        let keys = strangers.iter().filter_map(|it| document_key(it.partition.topic, it.pushes_out.as_deref()?));
        let state = self.state();
        keys.filter(|key| state.pushed_out.is_due(*key, up)).collect()
    }

    fn sort(&self, messages: Vec<Incoming>, strangers: Vec<Stranger>, facility: &FacilityKey, ours: &Ours) -> Batch {
        let mut batch = Batch::default();
        let now = self.core.clock.now();
        batch.positions.extend(last_of_each(&messages, &strangers).into_iter().map(|last| {
            let (partition, next_offset, last) = (last.partition(), last.offset() + 1, Some(last.value_hash()));
            (partition, LogPosition { partition, next_offset, last })
        }));
        batch.positions.retain(|partition, _| partition.topic != Topic::Requests);
        strangers.iter().for_each(|stranger| batch.strangers.add(stranger));
        for message in messages {
            let message = match recognise_own(message, &ours.source) {
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
                Topic::Facts => read_fact(&message, self.catalogue).map(|fact| {
                    if fact.fact.origin.facility_id == ours.facility_id {
                        batch.facts.push(fact);
                    } else {
                        batch.strangers.add(&ours.stranger(&message));
                    }
                }),
                Topic::Profiles | Topic::Reference => read_document(&message, facility).map(|read| match read {
                    ReadDocument::Nothing => {}
                    read => batch.documents.push(read),
                }),
                // A heartbeat that can't be parsed is dropped; the next one comes within seconds.
                Topic::Heartbeats => {
                    let body = message.value.clone().unwrap_or_default();
                    let appended_at = message.appended_at;
                    if let Some(heartbeat) = Heartbeat::read(&body) {
                        let Heartbeat { incarnation, terminal_id, gives, at, .. } = heartbeat;
                        // A copy keeps no lost terminal alive. The sender learns the time from its own, also without one.
                        let is_own = terminal_id == ours.terminal_id;
                        if !is_own && !at.is_some_and(|at| is_timely(at, appended_at)) {
                            continue;
                        }
                        batch.heard.push(Heard {
                            incarnation,
                            terminal_id,
                            appended_at,
                            received_at: now,
                            gives,
                            body,
                        });
                    } else {
                        batch.breakdowns.extend(Breakdown::read(&body).filter(|it| is_timely(it.at, appended_at)));
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

/// What tells this facility's messages from those of others, and our own among them.
struct Ours {
    facility_id: FacilityId,
    key_id: KeyId,
    terminal_id: TerminalId,
    /// The `ce_source` of this terminal.
    source: String,
}

impl Ours {
    /// A fact of another facility under our key: a stranger's too.
    fn stranger(&self, message: &Incoming) -> Stranger {
        let Incoming { partition, offset, appended_at, ref value, .. } = *message;
        let (key_id, value_hash) = (Some(self.key_id), value_hash(value.as_deref()));
        Stranger { partition, offset, key_id, value_hash, appended_at, pushes_out: None }
    }
}

fn has_document(tx: &mut dyn Write, key: DocumentKey) -> Result<bool, StoreError> {
    Ok(match key {
        DocumentKey::Profile(customer) => tx.profile(customer)?.is_some_and(|it| it.revision > 0 || it.erased),
        DocumentKey::Note(customer, note) => tx.notes(&[note])?.iter().any(|it| it.customer_id == customer),
        DocumentKey::Reference(kind, id) => tx.reference(kind, id)?.is_some(),
    })
}

fn is_reclaimed_from(sealed: &Sealed, incarnation: IncarnationId) -> bool {
    matches!(&sealed.fact.payload, Payload::Reclaimed(reclaimed) if reclaimed.from == incarnation)
}
