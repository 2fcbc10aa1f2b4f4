//! Messages as they were read, those of this facility and those of strangers together: positions in the log are of both.

use std::collections::BTreeMap;

use nosmoke_domain::fact::Hash;
use nosmoke_ports::authentication::value_hash;
use nosmoke_ports::{Incoming, Partition, Stranger};

/// A message that was read, whosever it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum AnyMessage<'a> {
    Ours(&'a Incoming),
    Strangers(&'a Stranger),
}

impl AnyMessage<'_> {
    pub(super) fn partition(self) -> Partition {
        match self {
            Self::Ours(message) => message.partition,
            Self::Strangers(stranger) => stranger.partition,
        }
    }

    pub(super) fn offset(self) -> i64 {
        match self {
            Self::Ours(message) => message.offset,
            Self::Strangers(stranger) => stranger.offset,
        }
    }

    /// The hash by which the message is recognised when it is read again.
    pub(super) fn value_hash(self) -> Hash {
        match self {
            Self::Ours(message) => value_hash(message.value.as_deref()),
            Self::Strangers(stranger) => stranger.value_hash,
        }
    }
}

pub(super) fn all<'a>(
    messages: &'a [Incoming],
    strangers: &'a [Stranger],
) -> impl Iterator<Item = AnyMessage<'a>> + use<'a> {
    messages.iter().map(AnyMessage::Ours).chain(strangers.iter().map(AnyMessage::Strangers))
}

/// Returns the first message of each partition.
pub(super) fn first_of_each<'a>(messages: &'a [Incoming], strangers: &'a [Stranger]) -> Vec<AnyMessage<'a>> {
    of_each(messages, strangers, |one, other| one < other)
}

/// Returns the last message of each partition.
pub(super) fn last_of_each<'a>(messages: &'a [Incoming], strangers: &'a [Stranger]) -> Vec<AnyMessage<'a>> {
    of_each(messages, strangers, |one, other| one > other)
}

fn of_each<'a>(
    messages: &'a [Incoming],
    strangers: &'a [Stranger],
    is_before: impl Fn(i64, i64) -> bool,
) -> Vec<AnyMessage<'a>> {
    let mut found: BTreeMap<Partition, AnyMessage<'a>> = BTreeMap::new();
    for message in all(messages, strangers) {
        let known = found.entry(message.partition()).or_insert(message);
        if is_before(message.offset(), known.offset()) {
            *known = message;
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use nosmoke_ports::Topic;

    const P0: Partition = Partition { topic: Topic::Facts, number: 0 };
    const P1: Partition = Partition { topic: Topic::Facts, number: 1 };

    fn ours(partition: Partition, offset: i64) -> Incoming {
        let (key, value, headers, appended_at) = (None, None, Vec::new(), DateTime::default());
        Incoming { partition, offset, key, value, headers, appended_at }
    }

    fn strangers(partition: Partition, offset: i64) -> Stranger {
        let (key_id, value_hash, appended_at) = (None, Hash::ZERO, DateTime::default());
        Stranger { partition, offset, key_id, value_hash, appended_at, pushes_out: None }
    }

    #[test]
    fn first_and_last_of_a_partition_may_be_a_strangers() {
        let messages = [ours(P0, 4), ours(P0, 6), ours(P1, 1)];
        let others = [strangers(P0, 3), strangers(P1, 2), strangers(P0, 5)];
        let offsets = |found: Vec<AnyMessage<'_>>| found.into_iter().map(AnyMessage::offset).collect::<Vec<_>>();
        assert_eq!(offsets(first_of_each(&messages, &others)), [3, 1]);
        assert_eq!(offsets(last_of_each(&messages, &others)), [6, 2]);
    }
}
