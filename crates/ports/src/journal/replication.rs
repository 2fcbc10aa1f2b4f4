//! The state of replication: positions in the log, quarantined messages, the last heartbeats of terminals, and the
//! digest and heads that terminals compare.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use serde::{Deserialize, Serialize};

use crate::authentication::KeyId;
use crate::contract::QuarantineReason;
use crate::{Headers, Partition, StoreError, Topic};

/// The position in a partition up to which the log was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPosition {
    pub partition: Partition,
    pub next_offset: i64,
    /// BLAKE3 of the value of the last message read (of no bytes for a tombstone). If the message at that offset has
    /// another hash later, the log was replaced.
    pub last: Option<Hash>,
}

/// The sum modulo 2^256 of the hashes of a set of facts. Equal sets have equal digests, in whatever order the facts
/// arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Adds a fact's hash.
    pub fn add(&mut self, hash: Hash) {
        let mut carry = 0_u16;
        for (sum, byte) in self.0.iter_mut().zip(hash.0).rev() {
            carry += u16::from(*sum) + u16::from(byte);
            *sum = carry.to_be_bytes()[1];
            carry >>= 8;
        }
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse::<Hash>().map(|hash| Self(hash.0)).map_err(|_| "a digest has 64 hexadecimal digits")
    }
}

/// A fact's hash, recomputed from its stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rehashed {
    pub customer_id: CustomerId,
    pub change_seq: i64,
    pub hash: Hash,
}

/// A summary of all facts in a journal, by which terminals compare their journals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extent {
    pub facts: u64,
    pub digest: Digest,
    /// The head of each incarnation: its highest contiguous seq.
    pub heads: BTreeMap<IncarnationId, u64>,
}

impl Extent {
    /// The number of facts that the heads don't cover: facts after a gap in the seqs, and second facts with one seq
    /// (forks). Terminals with equal heads may still have different ones.
    pub fn beyond_heads(&self) -> u64 {
        self.facts.saturating_sub(self.heads.values().sum())
    }
}

/// A quarantined message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    pub partition: Partition,
    pub offset: i64,
    pub reason: QuarantineReason,
    /// The problem in detail, in English, without any content of the message.
    pub detail: String,
    pub received_at: DateTime<Utc>,
    pub key: Option<Vec<u8>>,
    /// The value, cut to the largest size that a valid message can have.
    pub value: Vec<u8>,
    /// The full length of the value in bytes.
    pub size: u64,
    pub headers: Headers,
}

/// The key that strangers' messages name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StrangersKey {
    Named(KeyId),
    /// They name none.
    Unnamed,
    /// Keys beyond the limit of those that are counted one by one.
    Others,
}

/// Strangers' messages on one topic that name the same key. Only their number and places are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strangers {
    pub topic: Topic,
    pub key: StrangersKey,
    pub messages: u64,
    pub first: StrangersPlace,
    pub last: StrangersPlace,
}

/// Where a stranger's message lies in the log, and when the cluster stored it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrangersPlace {
    pub partition: i32,
    pub offset: i64,
    pub appended_at: DateTime<Utc>,
}

/// What was dropped to keep tables within their limits, counted since the folder was set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Quarantined messages, the oldest first.
    pub quarantined: u64,
    /// Last heartbeats of incarnations, those heard longest ago first.
    pub heard: u64,
}

/// The position in the list of quarantined messages, which is sorted newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarantineCursor(pub i64);

/// The last heartbeat received from a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub incarnation: IncarnationId,
    pub terminal_id: TerminalId,
    /// When the cluster stored the heartbeat, by the cluster's clock.
    pub appended_at: DateTime<Utc>,
    /// When this terminal read the heartbeat, by this PC's clock.
    pub received_at: DateTime<Utc>,
    /// Whether the incarnation said that it answers requests for points.
    pub gives: bool,
    /// The heartbeat as JSON.
    pub body: Vec<u8>,
}

/// Reads the state of replication.
pub trait ReadReplication {
    fn log_positions(&mut self) -> Result<Vec<LogPosition>, StoreError>;

    fn quarantined(
        &mut self,
        after: Option<QuarantineCursor>,
        limit: usize,
    ) -> Result<Vec<(QuarantineCursor, Quarantined)>, StoreError>;

    fn quarantine_count(&mut self) -> Result<u64, StoreError>;

    fn dropped(&mut self) -> Result<Dropped, StoreError>;

    /// Strangers' messages by topic and key.
    fn strangers(&mut self) -> Result<Vec<Strangers>, StoreError>;

    /// The last heartbeat of each incarnation, sorted by terminal id and the cluster's time: of a terminal with several
    /// incarnations, the last row is its present one.
    fn heard(&mut self) -> Result<Vec<Heard>, StoreError>;

    /// The extent of the journal. It is stored and updated with every fact, so reading it costs little.
    fn extent(&mut self) -> Result<Extent, StoreError>;

    /// Of each incarnation with facts after a gap in the seqs, the lowest seq above its last gap.
    fn above_gaps(&mut self) -> Result<BTreeMap<IncarnationId, u64>, StoreError>;

    /// Returns facts with their recomputed hashes, sorted by customer and change: after the position `after`, up to the
    /// customer `last`, and none newer than the change `as_of`.
    fn rehashed(
        &mut self,
        after: (CustomerId, i64),
        last: CustomerId,
        as_of: i64,
        limit: usize,
    ) -> Result<Vec<Rehashed>, StoreError>;
}

/// Writes the state of replication.
pub trait WriteReplication: ReadReplication {
    fn put_log_position(&mut self, position: &LogPosition) -> Result<(), StoreError>;

    /// Deletes the positions in these topics, so that the topics are read again from their start. What was counted of
    /// strangers in them is forgotten too: it will be read again.
    fn forget_log_positions(&mut self, topics: &[Topic]) -> Result<(), StoreError>;

    /// Stores a quarantined message; idempotent. The quarantine is a ring: beyond its limits of messages and bytes the
    /// oldest are dropped.
    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError>;

    /// Adds messages to those counted of the same topic and key.
    fn count_strangers(&mut self, read: &Strangers) -> Result<(), StoreError>;

    fn put_heard(&mut self, heard: &Heard) -> Result<(), StoreError>;
}
