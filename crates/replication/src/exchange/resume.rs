//! Where reading goes on after a connection: a pure plan. A log may have been lost, or replaced by one with fewer or with more
//! records, and gives no other sign of it than the record before the one that comes next (ADR 0016).

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Hash;
use nosmoke_ports::{Incoming, LogPosition, LogView, Partition, Topic};

/// Heartbeats read again after a connection, at most: only the last of each terminal matters.
const HEARTBEATS_READ: i64 = 500;

/// What to do with a log as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// It seems to be the log that was read before, or one that never was.
    GoOn(Reading),
    /// It is another log: all of it is to be read, and what it lacks to be published.
    NewLog(String),
}

/// From where each partition is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub from: Vec<(Partition, i64)>,
    /// Partitions whose first record must be this one, at the offset they are read from.
    pub expected: BTreeMap<Partition, Expected>,
    /// Compacted topics of which a position can't be checked any more: read from their start, which changes nothing
    /// but the time it takes.
    pub read_again: BTreeSet<Topic>,
}

/// The record before the one that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    pub offset: i64,
    pub hash: Hash,
}

/// What a record's value is recognised by.
pub fn value_hash(record: &Incoming) -> Hash {
    Hash(*blake3::hash(record.value.as_deref().unwrap_or_default()).as_bytes())
}

/// Plans where to read on. `known_cluster` is the cluster that the positions are of.
pub fn resume(view: &LogView, positions: &[LogPosition], known_cluster: Option<&str>) -> Resume {
    if positions.is_empty() {
        return Resume::GoOn(from_the_start(view, &BTreeSet::new()));
    }
    if let Some(known) = known_cluster.filter(|known| *known != view.cluster_id) {
        return Resume::NewLog(format!("another cluster: {} instead of {known}", view.cluster_id));
    }
    let positions: BTreeMap<Partition, &LogPosition> = positions.iter().map(|it| (it.partition, it)).collect();
    let mut read_again = BTreeSet::new();
    for (partition, position) in &positions {
        let topic = partition.topic;
        let range = view.partitions.get(partition);
        let there = range.is_some_and(|range| position.next_offset <= range.end);
        let checkable = range.is_some_and(|range| position.next_offset > range.start);
        match topic {
            Topic::Heartbeats => {}
            _ if position.next_offset == 0 && there => {}
            // An end never goes back, compacted or not: what was read there before is gone.
            _ if !there || (topic == Topic::Facts && !checkable) => {
                let (name, number) = (topic.name(), partition.number);
                return Resume::NewLog(format!("{name} {number} doesn't have offset {}", position.next_offset - 1));
            }
            _ if !checkable => {
                read_again.insert(topic);
            }
            _ => {}
        }
    }
    let mut reading = from_the_start(view, &read_again);
    for (partition, from) in &mut reading.from {
        let position = positions.get(partition).filter(|_| !read_again.contains(&partition.topic));
        let Some(position) = position.filter(|it| it.next_offset > 0) else { continue };
        match (partition.topic, position.last) {
            (Topic::Heartbeats, _) => *from = position.next_offset.max(*from).min(end(view, partition)),
            (_, Some(hash)) => {
                *from = position.next_offset - 1;
                reading.expected.insert(*partition, Expected { offset: *from, hash });
            }
            (_, None) => *from = position.next_offset,
        }
    }
    Resume::GoOn(reading)
}

/// Everything that is there, of heartbeats the last.
pub fn from_the_start(view: &LogView, read_again: &BTreeSet<Topic>) -> Reading {
    let from = view.partitions.iter().map(|(partition, range)| match partition.topic {
        Topic::Heartbeats => (*partition, range.start.max(range.end - HEARTBEATS_READ)),
        _ => (*partition, range.start),
    });
    Reading { from: from.collect(), expected: BTreeMap::new(), read_again: read_again.clone() }
}

fn end(view: &LogView, partition: &Partition) -> i64 {
    view.partitions.get(partition).map_or(0, |range| range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P0: Partition = Partition { topic: Topic::Facts, number: 0 };
    const P1: Partition = Partition { topic: Topic::Facts, number: 1 };
    const R0: Partition = Partition { topic: Topic::Reference, number: 0 };
    const H0: Partition = Partition { topic: Topic::Heartbeats, number: 0 };
    const LAST: Hash = Hash([7; 32]);

    fn view(ranges: &[(Partition, std::ops::Range<i64>)]) -> LogView {
        LogView { cluster_id: "c".into(), partitions: ranges.iter().cloned().collect() }
    }

    fn at(partition: Partition, next_offset: i64) -> LogPosition {
        LogPosition { partition, next_offset, last: (next_offset > 0).then_some(LAST) }
    }

    fn is_new(resume: &Resume) -> bool {
        matches!(resume, Resume::NewLog(_))
    }

    fn reading(resume: Resume) -> Reading {
        match resume {
            Resume::GoOn(reading) => reading,
            Resume::NewLog(why) => panic!("{why}"),
        }
    }

    #[test]
    fn the_first_time_everything_is_read() {
        let reading = reading(resume(&view(&[(P0, 0..5), (H0, 0..9_000)]), &[], None));
        assert_eq!(reading.from, [(P0, 0), (H0, 8_500)]);
        assert!(reading.expected.is_empty());
    }

    #[test]
    fn reading_goes_on_with_the_record_before_the_next() {
        let reading = reading(resume(&view(&[(P0, 0..9), (P1, 0..3)]), &[at(P0, 5), at(P1, 0)], Some("c")));
        assert_eq!(reading.from, [(P0, 4), (P1, 0)]);
        assert_eq!(reading.expected, [(P0, Expected { offset: 4, hash: LAST })].into());
    }

    #[test]
    fn a_log_that_is_shorter_gone_or_of_another_cluster_is_a_new_one() {
        let positions = [at(P0, 5), at(P1, 0)];
        assert!(!is_new(&resume(&view(&[(P0, 0..5), (P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume(&view(&[(P0, 0..4), (P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume(&view(&[(P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume(&view(&[(P0, 5..9), (P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume(&view(&[(P0, 0..5), (P1, 0..0)]), &positions, Some("d"))));
    }

    #[test]
    fn a_compacted_topic_that_can_not_be_checked_is_read_again() {
        let positions = [at(P0, 5), at(R0, 8)];
        let reading = reading(resume(&view(&[(P0, 0..5), (R0, 8..9)]), &positions, Some("c")));
        assert_eq!(reading.from, [(P0, 4), (R0, 8)]);
        assert_eq!(reading.read_again, [Topic::Reference].into());
        assert_eq!(reading.expected.len(), 1);
    }

    #[test]
    fn a_compacted_topic_that_is_shorter_is_of_a_new_log_too() {
        assert!(is_new(&resume(&view(&[(P0, 0..5), (R0, 0..3)]), &[at(P0, 5), at(R0, 8)], Some("c"))));
    }

    #[test]
    fn heartbeats_are_never_checked() {
        let reading = reading(resume(&view(&[(P0, 0..5), (H0, 90..100)]), &[at(P0, 5), at(H0, 7)], Some("c")));
        assert_eq!(reading.from, [(P0, 4), (H0, 90)]);
    }
}
