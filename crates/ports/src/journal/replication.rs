//! What is kept of the exchange with other terminals: how far the log was read, what of it couldn't be used, who was
//! heard, and all facts in a few numbers to compare.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use serde::{Deserialize, Serialize};

use crate::contract::QuarantineReason;
use crate::{Headers, Partition, StoreError, Topic};

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

/// Reads how the exchange stands.
pub trait ReadReplication {
    fn log_positions(&mut self) -> Result<Vec<LogPosition>, StoreError>;

    fn quarantined(
        &mut self,
        after: Option<QuarantineCursor>,
        limit: usize,
    ) -> Result<Vec<(QuarantineCursor, Quarantined)>, StoreError>;

    fn quarantine_count(&mut self) -> Result<u64, StoreError>;

    /// What every other terminal last said, by terminal id.
    fn heard(&mut self) -> Result<Vec<Heard>, StoreError>;

    /// All facts in a few numbers, kept up to date with every fact.
    fn extent(&mut self) -> Result<Extent, StoreError>;

    /// Facts by customer and change, after one of a customer and up to a customer, none newer than `as_of`.
    fn rehashed(
        &mut self,
        after: (CustomerId, i64),
        last: CustomerId,
        as_of: i64,
        limit: usize,
    ) -> Result<Vec<Rehashed>, StoreError>;
}

/// Notes how the exchange stands.
pub trait WriteReplication: ReadReplication {
    fn put_log_position(&mut self, position: &LogPosition) -> Result<(), StoreError>;

    /// The log is to be read from its start: forgets the positions of these topics.
    fn forget_log_positions(&mut self, topics: &[Topic]) -> Result<(), StoreError>;

    /// Sets a record aside; the same one again changes nothing.
    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError>;

    fn put_heard(&mut self, heard: &Heard) -> Result<(), StoreError>;
}
