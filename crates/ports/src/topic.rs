//! The topics of the log that terminals share.

/// The topics of the cluster, with the keys of their messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Facts. Key: customer id. Kept for ever.
    Facts,
    /// Profiles (key: customer id) and notes (key: `customer id/note id`). Only the latest message of each key is kept;
    /// a tombstone erases.
    Profiles,
    /// Facility, areas, rules, staff, terminals and hub. Key: `kind/id`. Only the latest message of each key is kept.
    Reference,
    /// Requests for points. Key: customer id. Read only from the end on, and kept for an hour.
    Requests,
    /// Heartbeats of terminals. Key: terminal id. Kept for a day.
    Heartbeats,
}

impl Topic {
    pub const ALL: [Self; 5] = [Self::Facts, Self::Profiles, Self::Reference, Self::Requests, Self::Heartbeats];

    /// The topic's name without a prefix; with the prefix `P` it is `P.nosmoke.facts.v1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "nosmoke.facts.v1",
            Self::Profiles => "nosmoke.profiles.v1",
            Self::Reference => "nosmoke.reference.v1",
            Self::Requests => "nosmoke.requests.v1",
            Self::Heartbeats => "nosmoke.heartbeats.v1",
        }
    }

    /// The number of partitions that the topic is created with.
    pub fn partitions(self) -> i32 {
        match self {
            Self::Facts | Self::Profiles | Self::Requests => 12,
            Self::Reference | Self::Heartbeats => 1,
        }
    }

    /// Whether the cluster deletes older messages of the same key (log compaction), so that gaps in the offsets are
    /// normal.
    pub fn is_compacted(self) -> bool {
        matches!(self, Self::Profiles | Self::Reference)
    }

    /// Whether messages matter only for a short time, so that the cluster may lose older ones.
    pub fn is_fleeting(self) -> bool {
        matches!(self, Self::Requests | Self::Heartbeats)
    }
}

/// One partition of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    pub topic: Topic,
    pub number: i32,
}
