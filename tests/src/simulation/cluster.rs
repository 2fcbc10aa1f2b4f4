//! A simulated Kafka cluster in memory: four topics with their partitions. Terminals reach the cluster through
//! [`super::wire::Wire`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fastrand::Rng;
use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_ports::{Incoming, LogView, Outgoing, Partition, Topic};

/// One partition's messages. Compaction leaves gaps between offsets.
#[derive(Debug, Clone, Default)]
struct PartitionLog {
    first: i64,
    next: i64,
    messages: BTreeMap<i64, Incoming>,
}

/// The ways in which a log is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// All topics are recreated empty.
    Emptied,
    /// The last messages of the log are missing.
    CutShort,
    /// All topics are recreated with some of their messages, each three times, in another order.
    Refilled,
    /// The topics of facts and heartbeats are recreated with the same messages in another order. The compacted topics
    /// (documents) stay as they are, because a terminal might not notice: it compares only one message with the one
    /// that it has read at the same offset, and the digests in heartbeats, which reveal other changes, cover facts
    /// only.
    Reordered,
    /// The servers' addresses lead to another cluster.
    AnotherCluster,
}

#[derive(Debug)]
pub(super) struct Cluster {
    id: u32,
    /// Increased with every loss; connections that were opened with an older generation fail.
    pub(super) generation: u32,
    logs: BTreeMap<Partition, PartitionLog>,
}

impl Cluster {
    pub(super) fn new() -> Self {
        let mut cluster = Self { id: 1, generation: 1, logs: BTreeMap::new() };
        cluster.empty();
        cluster
    }

    fn empty(&mut self) {
        self.logs = Topic::ALL
            .into_iter()
            .flat_map(|topic| (0..topic.partitions()).map(move |number| Partition { topic, number }))
            .map(|partition| (partition, PartitionLog::default()))
            .collect();
    }

    pub(super) fn view(&self) -> LogView {
        let range = |log: &PartitionLog| log.first..log.next;
        LogView {
            cluster_id: format!("cluster {}", self.id),
            partitions: self.logs.iter().map(|(partition, log)| (*partition, range(log))).collect(),
        }
    }

    pub(super) fn append(&mut self, message: Outgoing, appended_at: DateTime<Utc>) {
        let Outgoing { topic, key, value, headers } = message;
        let digest = chain_hash(Hash::ZERO, key.as_bytes()).0[0];
        let partition = Partition { topic, number: i32::from(digest) % topic.partitions() };
        let key = Some(key.into_bytes());
        self.put(Incoming { partition, offset: 0, key, value, headers, appended_at });
    }

    /// Appends a message to the partition given in the message.
    pub(super) fn put(&mut self, message: Incoming) {
        if let Some(log) = self.logs.get_mut(&message.partition) {
            let offset = log.next;
            log.messages.insert(offset, Incoming { offset, ..message });
            log.next += 1;
        }
    }

    /// Reads at most `limit` messages of a partition from an offset on. Returns them with the next offset and with true
    /// if this is the partition's end; `None` if the offset is out of range.
    pub(super) fn read(&self, partition: Partition, from: i64, limit: usize) -> Option<(Vec<Incoming>, i64, bool)> {
        let log = self.logs.get(&partition)?;
        let from = if partition.topic.is_fleeting() { from.max(log.first) } else { from };
        if from < log.first || from > log.next {
            return None;
        }
        let messages: Vec<Incoming> =
            log.messages.range(from..).take(limit).map(|(_, message)| message.clone()).collect();
        let all = messages.len() < limit || messages.last().is_none_or(|last| last.offset + 1 == log.next);
        let next = if all { log.next } else { messages.last().map_or(from, |last| last.offset + 1) };
        Some((messages, next, all))
    }

    /// Compacts some partitions: removes messages that a newer one with the same key replaces, some tombstones, and old
    /// heartbeats.
    pub(super) fn compact(&mut self, rng: &mut Rng) {
        for (partition, log) in &mut self.logs {
            let last = log.next - 1;
            match partition.topic {
                Topic::Facts => {}
                Topic::Heartbeats | Topic::Requests => {
                    log.first = log.first.max(log.next - rng.i64(2..40));
                    log.messages = log.messages.split_off(&log.first);
                }
                Topic::Profiles | Topic::Reference if rng.bool() => {
                    let mut newer = BTreeSet::new();
                    let offsets: Vec<i64> = log.messages.keys().rev().copied().collect();
                    for offset in offsets {
                        let Some(message) = log.messages.get(&offset) else { continue };
                        let superseded = !newer.insert(message.key.clone());
                        // A tombstone is removed later than the older messages of its key. The last message stays, as
                        // in Kafka.
                        let old_tombstone = message.value.is_none() && rng.u8(..) < 64;
                        if offset != last && (superseded || old_tombstone) {
                            log.messages.remove(&offset);
                        }
                    }
                }
                Topic::Profiles | Topic::Reference => {}
            }
        }
    }

    /// Loses the topics of facts and heartbeats while connections stay open: clients go on reading and get no error.
    pub(super) fn replace(&mut self, loss: Loss, rng: &mut Rng) {
        let mut kept = self.logs.clone();
        kept.retain(|partition, _| partition.topic.is_compacted());
        self.change(loss, rng);
        self.logs.extend(kept);
    }

    /// Loses the log and ends every connection.
    pub(super) fn lose(&mut self, loss: Loss, rng: &mut Rng) {
        self.generation += 1;
        self.change(loss, rng);
    }

    fn change(&mut self, loss: Loss, rng: &mut Rng) {
        match loss {
            Loss::Emptied => self.empty(),
            Loss::AnotherCluster => {
                self.id += 1;
                self.empty();
            }
            Loss::CutShort => {
                for log in self.logs.values_mut() {
                    log.next = (log.next - rng.i64(0..6)).max(log.first);
                    log.messages.split_off(&log.next);
                }
            }
            Loss::Reordered => {
                let facts = self.logs.iter_mut().filter(|(partition, _)| !partition.topic.is_compacted());
                for (_, log) in facts {
                    let offsets: Vec<i64> = log.messages.keys().copied().collect();
                    let mut messages: Vec<Incoming> = std::mem::take(&mut log.messages).into_values().collect();
                    rng.shuffle(&mut messages);
                    let moved = offsets.into_iter().zip(messages);
                    log.messages = moved.map(|(offset, message)| (offset, Incoming { offset, ..message })).collect();
                }
            }
            Loss::Refilled => {
                let mut old: Vec<Incoming> = self.logs.values().flat_map(|it| it.messages.values().cloned()).collect();
                rng.shuffle(&mut old);
                self.empty();
                let kept = if old.is_empty() { 0 } else { rng.usize(..old.len()) };
                old.truncate(kept);
                for message in old.iter().chain(&old).chain(&old) {
                    self.put(message.clone());
                }
            }
        }
    }

    /// Removes one message from a partition of facts, as a damaged disk of a broker would.
    pub(super) fn make_a_gap(&mut self, rng: &mut Rng) {
        let number = rng.i32(..Topic::Facts.partitions());
        let Some(log) = self.logs.get_mut(&Partition { topic: Topic::Facts, number }) else { return };
        if !log.messages.is_empty() {
            let nth = rng.usize(..log.messages.len());
            let offset = log.messages.keys().nth(nth).copied();
            offset.and_then(|offset| log.messages.remove(&offset));
        }
    }

    /// Returns the value of the last message of each key of a topic.
    pub(super) fn latest(&self, topic: Topic) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut latest = BTreeMap::new();
        for log in self.logs.iter().filter(|(partition, _)| partition.topic == topic).map(|(_, log)| log) {
            for message in log.messages.values() {
                let key = String::from_utf8_lossy(message.key.as_deref().unwrap_or_default()).into_owned();
                latest.insert(key, message.value.clone());
            }
        }
        latest
    }

    /// Returns a random message of the facts topic.
    pub(super) fn any_fact(&self, rng: &mut Rng) -> Option<Incoming> {
        let number = rng.i32(..Topic::Facts.partitions());
        let log = self.logs.get(&Partition { topic: Topic::Facts, number })?;
        let nth = rng.usize(..log.messages.len().max(1));
        log.messages.values().nth(nth).cloned()
    }
}
