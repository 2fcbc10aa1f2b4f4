//! A cluster in memory: four topics with their partitions, whose records a terminal reaches through [`super::wire::Wire`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fastrand::Rng;
use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_ports::{Incoming, LogView, Outgoing, Partition, Topic};

/// One partition. Compaction leaves gaps between offsets.
#[derive(Debug, Clone, Default)]
struct Shelf {
    first: i64,
    next: i64,
    records: BTreeMap<i64, Incoming>,
}

/// How a log is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Its topics are made anew, empty.
    Emptied,
    /// Its last records are gone.
    CutShort,
    /// Its topics are made anew and hold as many records as before, or more, in another order.
    Refilled,
    /// Its topics of facts are made anew and hold as many records as before, in another order. Compacted ones aren't: where the
    /// one record that is compared comes to stand where it stood, nothing tells, and heartbeats speak of facts alone.
    Reordered,
    /// Another cluster answers.
    AnotherCluster,
}

#[derive(Debug)]
pub(super) struct Cluster {
    id: u32,
    /// Raised when the log was lost: whoever was connected isn't any more.
    pub(super) generation: u32,
    shelves: BTreeMap<Partition, Shelf>,
}

impl Cluster {
    pub(super) fn new() -> Self {
        let mut cluster = Self { id: 1, generation: 1, shelves: BTreeMap::new() };
        cluster.empty();
        cluster
    }

    fn empty(&mut self) {
        self.shelves = Topic::ALL
            .into_iter()
            .flat_map(|topic| (0..topic.partitions()).map(move |number| Partition { topic, number }))
            .map(|partition| (partition, Shelf::default()))
            .collect();
    }

    pub(super) fn view(&self) -> LogView {
        let range = |shelf: &Shelf| shelf.first..shelf.next;
        LogView {
            cluster_id: format!("cluster {}", self.id),
            partitions: self.shelves.iter().map(|(partition, shelf)| (*partition, range(shelf))).collect(),
        }
    }

    pub(super) fn append(&mut self, record: Outgoing, appended_at: DateTime<Utc>) {
        let Outgoing { topic, key, value, headers } = record;
        let digest = chain_hash(Hash::ZERO, key.as_bytes()).0[0];
        let partition = Partition { topic, number: i32::from(digest) % topic.partitions() };
        let key = Some(key.into_bytes());
        self.put(Incoming { partition, offset: 0, key, value, headers, appended_at });
    }

    /// Appends a record to the partition that it names.
    pub(super) fn put(&mut self, record: Incoming) {
        if let Some(shelf) = self.shelves.get_mut(&record.partition) {
            let offset = shelf.next;
            shelf.records.insert(offset, Incoming { offset, ..record });
            shelf.next += 1;
        }
    }

    /// Records of a partition from an offset on, `limit` at most, with the offset that comes after them and whether that is
    /// its end. `None` where the offset isn't there.
    pub(super) fn read(&self, partition: Partition, from: i64, limit: usize) -> Option<(Vec<Incoming>, i64, bool)> {
        let shelf = self.shelves.get(&partition)?;
        let from = if partition.topic == Topic::Heartbeats { from.max(shelf.first) } else { from };
        if from < shelf.first || from > shelf.next {
            return None;
        }
        let records: Vec<Incoming> =
            shelf.records.range(from..).take(limit).map(|(_, record)| record.clone()).collect();
        let all = records.len() < limit || records.last().is_none_or(|last| last.offset + 1 == shelf.next);
        let next = if all { shelf.next } else { records.last().map_or(from, |last| last.offset + 1) };
        Some((records, next, all))
    }

    /// Compacts: of each key older records go, of some partitions; so do old tombstones, and old heartbeats.
    pub(super) fn compact(&mut self, rng: &mut Rng) {
        for (partition, shelf) in &mut self.shelves {
            let last = shelf.next - 1;
            match partition.topic {
                Topic::Facts => {}
                Topic::Heartbeats => {
                    shelf.first = shelf.first.max(shelf.next - rng.i64(2..40));
                    shelf.records = shelf.records.split_off(&shelf.first);
                }
                Topic::Profiles | Topic::Reference if rng.bool() => {
                    let mut newer = BTreeSet::new();
                    let offsets: Vec<i64> = shelf.records.keys().rev().copied().collect();
                    for offset in offsets {
                        let Some(record) = shelf.records.get(&offset) else { continue };
                        let superseded = !newer.insert(record.key.clone());
                        // A tombstone goes after what it erases is gone, and the last segment is never compacted.
                        let old_tombstone = record.value.is_none() && rng.u8(..) < 64;
                        if offset != last && (superseded || old_tombstone) {
                            shelf.records.remove(&offset);
                        }
                    }
                }
                Topic::Profiles | Topic::Reference => {}
            }
        }
    }

    /// Under the connections the topics of facts and heartbeats are replaced: everybody reads on, and nothing tells.
    pub(super) fn replace(&mut self, loss: Loss, rng: &mut Rng) {
        let mut kept = self.shelves.clone();
        kept.retain(|partition, _| partition.topic.is_compacted());
        self.change(loss, rng);
        self.shelves.extend(kept);
    }

    /// Whoever was connected is thrown off.
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
                for shelf in self.shelves.values_mut() {
                    shelf.next = (shelf.next - rng.i64(0..6)).max(shelf.first);
                    shelf.records.split_off(&shelf.next);
                }
            }
            Loss::Reordered => {
                let facts = self.shelves.iter_mut().filter(|(partition, _)| !partition.topic.is_compacted());
                for (_, shelf) in facts {
                    let offsets: Vec<i64> = shelf.records.keys().copied().collect();
                    let mut records: Vec<Incoming> = std::mem::take(&mut shelf.records).into_values().collect();
                    rng.shuffle(&mut records);
                    let moved = offsets.into_iter().zip(records);
                    shelf.records = moved.map(|(offset, record)| (offset, Incoming { offset, ..record })).collect();
                }
            }
            Loss::Refilled => {
                let mut old: Vec<Incoming> =
                    self.shelves.values().flat_map(|it| it.records.values().cloned()).collect();
                rng.shuffle(&mut old);
                self.empty();
                let kept = if old.is_empty() { 0 } else { rng.usize(..old.len()) };
                old.truncate(kept);
                for record in old.iter().chain(&old).chain(&old) {
                    self.put(record.clone());
                }
            }
        }
    }

    /// Takes one record out of a partition of facts, as a broker with a damaged disk does.
    pub(super) fn make_a_gap(&mut self, rng: &mut Rng) {
        let number = rng.i32(..Topic::Facts.partitions());
        let Some(shelf) = self.shelves.get_mut(&Partition { topic: Topic::Facts, number }) else { return };
        if !shelf.records.is_empty() {
            let nth = rng.usize(..shelf.records.len());
            let offset = shelf.records.keys().nth(nth).copied();
            offset.and_then(|offset| shelf.records.remove(&offset));
        }
    }

    /// The last record of each key of a topic, by key.
    pub(super) fn latest(&self, topic: Topic) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut latest = BTreeMap::new();
        for shelf in self.shelves.iter().filter(|(partition, _)| partition.topic == topic).map(|(_, shelf)| shelf) {
            for record in shelf.records.values() {
                let key = String::from_utf8_lossy(record.key.as_deref().unwrap_or_default()).into_owned();
                latest.insert(key, record.value.clone());
            }
        }
        latest
    }

    /// Some record of the facts' topic.
    pub(super) fn any_fact(&self, rng: &mut Rng) -> Option<Incoming> {
        let number = rng.i32(..Topic::Facts.partitions());
        let shelf = self.shelves.get(&Partition { topic: Topic::Facts, number })?;
        let nth = rng.usize(..shelf.records.len().max(1));
        shelf.records.values().nth(nth).cloned()
    }
}
