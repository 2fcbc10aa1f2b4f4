//! What the journal keeps of the exchange with other terminals: what waits to be read back, how far the log was read, what of
//! it couldn't be used, and who was heard.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, NoteId, TerminalId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Headers, Note, Partition, Profile, Reference, ReferenceKind, SearchKeys};
use crate::contract::QuarantineReason;

/// A fact that hasn't been read back from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingFact {
    pub change_seq: i64,
    pub event_id: EventId,
    pub incarnation: IncarnationId,
    pub terminal_id: TerminalId,
    pub customer_id: CustomerId,
    pub fact_type: String,
    pub version: u32,
    pub occurred_at: DateTime<Utc>,
    pub traceparent: Option<String>,
    pub bytes: Vec<u8>,
    pub previous: Hash,
    pub hash: Hash,
}

/// How much waits, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PendingTotals {
    /// Facts not read back.
    pub facts: u64,
    /// Profiles, notes and reference records not read back.
    pub records: u64,
    /// The change that has waited longest.
    pub oldest: Option<i64>,
}

/// What became of facts that were read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// New here.
    pub added: u64,
    /// Incarnations newly seen to have forked.
    pub forked: Vec<IncarnationId>,
    /// Facts of this very incarnation, with a higher seq than its journal has: the journal is older than its log.
    pub own_ahead: bool,
}

/// How far a partition was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPosition {
    pub partition: Partition,
    pub next_offset: i64,
    /// BLAKE3 of the value before it (of nothing for a tombstone): tells whether the log is still the same.
    pub last: Option<Hash>,
}

/// Sum modulo 2^256 of the hashes of a set of facts: equal sets have equal digests, in whatever order they arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Counts a fact in.
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
        text.parse::<Hash>().map(|hash| Self(hash.0)).map_err(|_| "64 hexadecimal digits")
    }
}

/// A fact's hash, made anew of the bytes that are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rehashed {
    pub customer_id: CustomerId,
    pub change_seq: i64,
    pub hash: Hash,
}

/// All facts of a journal in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extent {
    pub facts: u64,
    pub digest: Digest,
    /// How far each incarnation is known without a gap.
    pub heads: BTreeMap<IncarnationId, u64>,
}

impl Extent {
    /// Facts beyond a gap, or of a fork: terminals with equal heads may still differ by them.
    pub fn beyond_heads(&self) -> u64 {
        self.facts.saturating_sub(self.heads.values().sum())
    }
}

/// A record that is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    pub partition: Partition,
    pub offset: i64,
    pub reason: QuarantineReason,
    /// What exactly was found, in English, without any of the content.
    pub detail: String,
    pub received_at: DateTime<Utc>,
    pub key: Option<Vec<u8>>,
    /// The first bytes of it, as many as a record may have.
    pub value: Vec<u8>,
    /// How long it was.
    pub size: u64,
    pub headers: Headers,
}

/// Where a list of quarantined records goes on: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarantineCursor(pub i64);

/// What a terminal last said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub terminal_id: TerminalId,
    /// By the cluster's clock.
    pub appended_at: DateTime<Utc>,
    /// By ours.
    pub received_at: DateTime<Utc>,
    /// JSON of a `sync::Heartbeat`.
    pub body: Vec<u8>,
}

/// A record that isn't a fact, by its place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKey {
    Profile(CustomerId),
    Note(CustomerId, NoteId),
    Reference(ReferenceKind, Uuid),
}

/// A record that isn't a fact, as read from the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Profile(Profile, SearchKeys),
    Note(Note),
    Reference(Reference),
    /// A person was erased elsewhere: profile and notes go.
    Erased(CustomerId),
}

/// What became of a record that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// It counts now.
    Taken,
    /// It is the one that is here: read back.
    Same,
    /// A higher one is here, which the log is to have again.
    Lower,
}
