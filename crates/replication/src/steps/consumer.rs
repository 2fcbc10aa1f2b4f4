//! The consumer: what was read goes into the journal with the offset that comes next, in one transaction, and nothing else does;
//! contexts follow the change feed as they do for what was recorded here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Origin, Sealed};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{
    Fetched, Heard, Incoming, LogError, LogPosition, Merged, Pace, Partition, Priority, Quarantined, Record, RecordKey,
    StoreError, Topic, Write, write,
};
use nosmoke_runtime::Step;

use super::heartbeat::Heartbeat;
use crate::differences::Breakdown;
use crate::exchange::{Exchange, ExchangeError, value_hash};
use crate::wire::{ReadRecord, Refused, Sent, is_erasure, key_of, read_fact, read_record, sent, source};
use crate::{FacilityKey, LogMemory};

/// Records of one transaction at most: some milliseconds of the writer, and some more of the disk.
const fn step(pace: Pace) -> usize {
    match pace {
        Pace::Free => 500,
        Pace::Busy => 24,
        Pace::Burst => 64,
    }
}

/// Bytes kept of a quarantined record.
const KEPT_BYTES: usize = 64 * 1024;

/// Records of a step, sorted by what they are.
#[derive(Debug, Default)]
struct Batch {
    /// Own facts that were handed over a moment ago, by their changes.
    read_back: Vec<i64>,
    /// What else was sent from here, it seems.
    sent: Vec<Sent>,
    facts: Vec<Sealed>,
    /// In their order: a note's tombstone counts for what came before it alone.
    records: Vec<ReadRecord>,
    sealed: u64,
    heard: Vec<Heard>,
    breakdowns: Vec<Breakdown>,
    quarantined: Vec<Quarantined>,
    positions: BTreeMap<Partition, LogPosition>,
}

/// What a step changed.
#[derive(Debug, Default, Clone)]
struct Taken {
    records: bool,
    new_life: bool,
    /// Records that were handed over once and are to be again: a lower one came after them.
    again: Vec<RecordKey>,
}

impl Exchange {
    /// Reads what has arrived, waiting for `patience` at most, and takes it over.
    ///
    /// # Errors
    /// The log's and the store's; `NewLog` where it turned out to be another one, `NewLife` where this terminal had to
    /// begin one. The connection is to be begun anew then.
    pub async fn consume(&self, patience: Duration, pace: Pace) -> Result<Step, ExchangeError> {
        let step = step(pace);
        let fetched = match self.log.fetch(step, patience).await {
            Err(LogError::Changed(why)) => return Err(self.new_log(why).await?),
            fetched => fetched?,
        };
        let Fetched { records, ends } = fetched;
        let records = match self.verified(records) {
            Ok(records) => records,
            Err(why) => return Err(self.new_log(why).await?),
        };
        let more = if records.len() >= step { Step::More } else { Step::Idle };
        if !records.is_empty() {
            self.take(records).await?;
        }
        self.ended(&ends).await?;
        Ok(more)
    }

    async fn new_log(&self, why: String) -> Result<ExchangeError, StoreError> {
        self.begin_new_log(why.clone()).await?;
        Ok(ExchangeError::NewLog(why))
    }

    /// Compares the first record of each partition with the one that was read before, and leaves it out.
    fn verified(&self, records: Vec<Incoming>) -> Result<Vec<Incoming>, String> {
        let mut session = self.session();
        let mut rest = Vec::with_capacity(records.len());
        for record in records {
            match session.expected.remove(&record.partition) {
                None => rest.push(record),
                Some(expected) if record.offset == expected.offset && value_hash(&record) == expected.hash => {}
                // Compaction takes records away; what comes instead is newer, and reading is repeatable.
                Some(expected) if record.partition.topic.is_compacted() && record.offset > expected.offset => {
                    rest.push(record);
                }
                Some(expected) => {
                    let Partition { topic, number } = record.partition;
                    return Err(format!("{} {number}: another record at offset {}", topic.name(), expected.offset));
                }
            }
        }
        Ok(rest)
    }

    async fn ended(&self, ends: &[(Partition, i64)]) -> Result<(), StoreError> {
        let all = {
            let mut session = self.session();
            let before = session.unread.len();
            for (partition, _) in ends {
                session.unread.remove(partition);
            }
            before > 0 && session.unread.is_empty()
        };
        if all { self.read_all().await } else { Ok(()) }
    }

    async fn take(&self, records: Vec<Incoming>) -> Result<(), ExchangeError> {
        let (facility, here) =
            nosmoke_ports::read::<_, StoreError>(&*self.journal, |tx| Ok((FacilityKey::read(tx)?, tx.origin()?)))
                .await?;
        let source = here.map(|here| source(here.terminal_id)).unwrap_or_default();
        let mut batch = self.sort(records, facility.as_ref(), &source);
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let (heard, has_records) = (batch.heard.clone(), !batch.records.is_empty());
        let facts = batch.facts.len() + batch.sent.len() + batch.read_back.len();
        let (breakdowns, read_back) = (std::mem::take(&mut batch.breakdowns), std::mem::take(&mut batch.read_back));
        let catalogue = self.catalogue;
        let unit = move |tx: &mut dyn Write| {
            let mut facts = Cow::from(&batch.facts);
            tx.read_back_changes(&read_back)?;
            for Sent { hash, customer, record } in &batch.sent {
                if tx.read_back(*hash, *customer)? {
                    continue;
                }
                // It was read back before, or isn't what it seemed.
                match read_fact(record, catalogue) {
                    Ok(fact) => facts.to_mut().push(fact),
                    Err(refused) => tx.put_quarantined(&quarantined(record, refused, clock.now()))?,
                }
            }
            let received = tx.receive(&facts)?;
            let mut taken = Taken { records: has_records, ..Taken::default() };
            for erased in facts.iter().filter(|fact| is_erasure(fact)) {
                let customer = erased.fact.customer_id;
                tx.receive_record(&Record::Erased(customer))?;
                // The fact isn't the tombstone: until that is read, the log still tells who this was.
                tx.mark_record_pending(RecordKey::Profile(customer), true)?;
                taken.again.push(RecordKey::Profile(customer));
                taken.records = true;
            }
            for record in &batch.records {
                match record {
                    ReadRecord::Record(record) => {
                        let merged = tx.receive_record(record)?;
                        tracing::trace!(key = ?key_of(record), ?merged, "a record was read");
                        if merged == Merged::Lower {
                            taken.again.push(key_of(record));
                        }
                    }
                    ReadRecord::NoteErased(key) => {
                        if let RecordKey::Note(_, note_id) = key
                            && tx.notes(&[*note_id])?.is_empty()
                        {
                            tx.mark_record_pending(*key, false)?;
                        }
                    }
                    ReadRecord::Sealed | ReadRecord::Nothing => {}
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
            if let Some(here) = tx.origin()?
                && (received.own_ahead || received.forked.contains(&here.incarnation))
            {
                taken.new_life = true;
                let incarnation = IncarnationId(ids.random());
                tx.put_origin(Origin { incarnation, ..here })?;
                let now = clock.now();
                LogMemory::change(tx, |memory| memory.new_life_at = Some(now))?;
            }
            Ok::<_, StoreError>(taken)
        };
        let (taken, written) = write(&*self.journal, Priority::Background, unit).await?;
        {
            let mut session = self.session();
            if facts > 0 {
                session.moved_at = Some(self.clock.now());
            }
            for key in taken.again {
                session.handed_over_records.remove(&key);
            }
        }
        if let Some(written) = written {
            self.feed.wrote(written.last_change);
        }
        if taken.records {
            self.feed.records_changed();
        }
        for heard in heard {
            self.hear(&heard).await?;
        }
        self.hear_breakdowns(breakdowns).await?;
        if taken.new_life { Err(ExchangeError::NewLife) } else { Ok(()) }
    }

    fn sort(&self, records: Vec<Incoming>, facility: Option<&FacilityKey>, source: &str) -> Batch {
        let mut batch = Batch::default();
        let now = self.clock.now();
        let last = records.iter().map(|record| (record.partition, record)).collect::<BTreeMap<_, _>>();
        batch.positions.extend(last.into_iter().map(|(partition, record)| {
            let (next_offset, last) = (record.offset + 1, Some(value_hash(record)));
            (partition, LogPosition { partition, next_offset, last })
        }));
        for record in records {
            let record = match sent(record, source) {
                Ok(sent) => {
                    match self.session().on_the_way.take(sent.hash, sent.customer) {
                        Some(change_seq) => batch.read_back.push(change_seq),
                        None => batch.sent.push(sent),
                    }
                    continue;
                }
                Err(record) => record,
            };
            let sorted = match record.partition.topic {
                Topic::Facts => read_fact(&record, self.catalogue).map(|fact| batch.facts.push(fact)),
                Topic::Profiles | Topic::Reference => read_record(&record, facility).map(|read| match read {
                    ReadRecord::Sealed => batch.sealed += 1,
                    ReadRecord::Nothing => {}
                    read => batch.records.push(read),
                }),
                // One that can't be read says nothing; the next comes in some seconds.
                Topic::Heartbeats => {
                    let body = record.value.clone().unwrap_or_default();
                    if let Some(heartbeat) = Heartbeat::read(&body) {
                        let (terminal_id, appended_at) = (heartbeat.terminal_id, record.appended_at);
                        batch.heard.push(Heard { terminal_id, appended_at, received_at: now, body });
                    } else {
                        batch.breakdowns.extend(Breakdown::read(&body));
                    }
                    Ok(())
                }
            };
            if let Err(refused) = sorted {
                batch.quarantined.push(quarantined(&record, refused, now));
            }
        }
        batch
    }
}

fn quarantined(record: &Incoming, Refused(reason, detail): Refused, received_at: DateTime<Utc>) -> Quarantined {
    let value = record.value.as_deref().unwrap_or_default();
    Quarantined {
        partition: record.partition,
        offset: record.offset,
        reason,
        detail: detail.chars().take(200).collect(),
        received_at,
        key: record.key.clone(),
        size: value.len() as u64,
        value: value.iter().take(KEPT_BYTES).copied().collect(),
        headers: record.headers.clone(),
    }
}
