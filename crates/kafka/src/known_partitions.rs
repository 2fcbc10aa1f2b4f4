//! The partitions of the topics as last seen. An administrator may add some while the connection is open.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nosmoke_ports::{Partition, Topic};
use parking_lot::Mutex;

/// The partitions of each topic that exists.
pub(crate) type TopicPartitions = BTreeMap<Topic, Vec<i32>>;

#[derive(Debug, Default)]
pub(crate) struct KnownPartitions(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    partitions: TopicPartitions,
    asked_at: Option<Instant>,
}

impl KnownPartitions {
    pub(crate) fn set(&self, partitions: TopicPartitions) {
        let mut state = self.0.lock();
        (state.partitions, state.asked_at) = (partitions, Some(Instant::now()));
    }

    pub(crate) fn is_due(&self, interval: Duration) -> bool {
        let mut state = self.0.lock();
        let due = state.asked_at.is_some_and(|at| at.elapsed() >= interval);
        if due {
            state.asked_at = Some(Instant::now());
        }
        due
    }

    pub(crate) fn of(&self, topic: Topic) -> Vec<i32> {
        self.0.lock().partitions.get(&topic).cloned().unwrap_or_default()
    }

    /// Returns the partitions of `found` that weren't known.
    pub(crate) fn added(&self, found: &TopicPartitions) -> Vec<Partition> {
        let known = &self.0.lock().partitions;
        let is_known = |it: &Partition| known.get(&it.topic).is_some_and(|numbers| numbers.contains(&it.number));
        let all =
            found.iter().flat_map(|(&topic, numbers)| numbers.iter().map(move |&number| Partition { topic, number }));
        all.filter(|it| !is_known(it)).collect()
    }
}
