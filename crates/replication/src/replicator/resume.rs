//! Plans where to resume reading after a connection, without I/O. The log may have been replaced by another one with
//! fewer or more messages. If it has more, the only sign is another message at the last offset that was read, so that
//! message is read again and compared (ADR 0016).

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Hash;
use nosmoke_ports::authentication::KeyId;
use nosmoke_ports::{LogPosition, LogView, Partition, Topic};

/// Most heartbeats per partition that are read again after a connection; only the last heartbeat of each terminal
/// matters.
const MAX_HEARTBEATS_READ: i64 = 500;

/// Whether reading continues, or starts again in a new log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// As far as can be told, it is the log that was read before; or none was read before.
    GoOn(Reading),
    /// The log was replaced, for this reason. It must be read from its start, and all that it lacks must be published.
    NewLog(String),
    /// It was read under another facility key, or before messages were authenticated. What lies there is strangers'
    /// now, so it is a new log as well, but nothing was lost.
    NewKey,
}

/// The log that the saved positions belong to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    pub cluster_id: Option<&'a str>,
    pub key_id: Option<KeyId>,
}

/// The offsets to read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub from: Vec<(Partition, i64)>,
    /// The message that must be the first one read from each partition, if the log is still the same.
    pub expected: BTreeMap<Partition, Expected>,
    /// Compacted topics whose saved position can't be checked any more. These topics are read from their start, which
    /// is idempotent.
    pub read_again: BTreeSet<Topic>,
}

/// The last message that was read, by which the log is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    pub offset: i64,
    pub hash: Hash,
}

/// Plans where to resume reading with this facility key.
pub fn resume(view: &LogView, positions: &[LogPosition], known: Known<'_>, key_id: KeyId) -> Resume {
    if positions.is_empty() {
        return Resume::GoOn(from_the_start(view, &BTreeSet::new()));
    }
    if known.key_id != Some(key_id) {
        return Resume::NewKey;
    }
    if let Some(known) = known.cluster_id.filter(|known| *known != view.cluster_id) {
        return Resume::NewLog(format!("the cluster's id is {} instead of {known}", view.cluster_id));
    }
    let positions: BTreeMap<Partition, &LogPosition> = positions.iter().map(|it| (it.partition, it)).collect();
    let mut read_again = BTreeSet::new();
    for (partition, position) in &positions {
        let topic = partition.topic;
        let range = view.partitions.get(partition);
        let there = range.is_some_and(|range| position.next_offset <= range.end);
        let checkable = range.is_some_and(|range| position.next_offset > range.start);
        match topic {
            topic if topic.is_fleeting() => {}
            _ if position.next_offset == 0 && there => {}
            // A log's end never moves back, not even by compaction: messages that were read before are gone.
            _ if !there || (topic == Topic::Facts && !checkable) => {
                let (name, number) = (topic.name(), partition.number);
                return Resume::NewLog(format!(
                    "partition {number} of {name} doesn't have offset {}",
                    position.next_offset - 1
                ));
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
            (Topic::Requests, _) => {}
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

/// Plans to read everything from the start, except for old heartbeats.
pub fn from_the_start(view: &LogView, read_again: &BTreeSet<Topic>) -> Reading {
    let from = view.partitions.iter().map(|(partition, range)| match partition.topic {
        Topic::Heartbeats => (*partition, range.start.max(range.end - MAX_HEARTBEATS_READ)),
        // A request lives for seconds, so those in the log are over.
        Topic::Requests => (*partition, range.end),
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

    const KEY: KeyId = KeyId([1; 8]);

    fn resume_in(view: &LogView, positions: &[LogPosition], cluster_id: Option<&str>) -> Resume {
        resume(view, positions, Known { cluster_id, key_id: Some(KEY) }, KEY)
    }

    fn is_new(resume: &Resume) -> bool {
        matches!(resume, Resume::NewLog(_))
    }

    fn reading(resume: Resume) -> Reading {
        match resume {
            Resume::GoOn(reading) => reading,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_time_everything_is_read() {
        let reading = reading(resume_in(&view(&[(P0, 0..5), (H0, 0..9_000)]), &[], None));
        assert_eq!(reading.from, [(P0, 0), (H0, 8_500)]);
        assert!(reading.expected.is_empty());
    }

    #[test]
    fn reading_resumes_with_the_last_message_that_was_read() {
        let reading = reading(resume_in(&view(&[(P0, 0..9), (P1, 0..3)]), &[at(P0, 5), at(P1, 0)], Some("c")));
        assert_eq!(reading.from, [(P0, 4), (P1, 0)]);
        assert_eq!(reading.expected, [(P0, Expected { offset: 4, hash: LAST })].into());
    }

    #[test]
    fn a_log_that_is_shorter_missing_or_of_another_cluster_is_a_new_one() {
        let positions = [at(P0, 5), at(P1, 0)];
        assert!(!is_new(&resume_in(&view(&[(P0, 0..5), (P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume_in(&view(&[(P0, 0..4), (P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume_in(&view(&[(P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume_in(&view(&[(P0, 5..9), (P1, 0..0)]), &positions, Some("c"))));
        assert!(is_new(&resume_in(&view(&[(P0, 0..5), (P1, 0..0)]), &positions, Some("d"))));
    }

    #[test]
    fn a_compacted_topic_that_can_not_be_checked_is_read_again() {
        let positions = [at(P0, 5), at(R0, 8)];
        let reading = reading(resume_in(&view(&[(P0, 0..5), (R0, 8..9)]), &positions, Some("c")));
        assert_eq!(reading.from, [(P0, 4), (R0, 8)]);
        assert_eq!(reading.read_again, [Topic::Reference].into());
        assert_eq!(reading.expected.len(), 1);
    }

    #[test]
    fn a_shorter_compacted_topic_means_a_new_log_too() {
        assert!(is_new(&resume_in(&view(&[(P0, 0..5), (R0, 0..3)]), &[at(P0, 5), at(R0, 8)], Some("c"))));
    }

    #[test]
    fn a_log_read_under_another_key_or_none_is_read_from_its_start_again() {
        let view = view(&[(P0, 0..5)]);
        for key_id in [None, Some(KeyId([2; 8]))] {
            let known = Known { cluster_id: Some("c"), key_id };
            assert_eq!(resume(&view, &[at(P0, 5)], known, KEY), Resume::NewKey);
            assert!(matches!(resume(&view, &[], known, KEY), Resume::GoOn(_)), "nothing was read before");
        }
    }

    #[test]
    fn heartbeats_are_never_checked() {
        let reading = reading(resume_in(&view(&[(P0, 0..5), (H0, 90..100)]), &[at(P0, 5), at(H0, 7)], Some("c")));
        assert_eq!(reading.from, [(P0, 4), (H0, 90)]);
    }
}
