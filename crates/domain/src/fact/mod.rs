//! Facts: what happened and was recorded at a terminal. Once written, a fact never changes.

mod catalogue;
mod codec;
mod hash;
mod payloads;

pub use catalogue::{Catalogue, FACT_TYPES, FactType, Payload};
pub use codec::{MAX_FACT_BYTES, Malformed, Sealed, decode, decode_kept, recorded_where, schema, seal};
pub use hash::{Hash, chain_hash};
pub use payloads::*;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{CustomerId, EventId, FacilityId, IncarnationId, StaffId, TerminalId};
use crate::words::Role;

/// Who recorded a fact, and with what rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recorder {
    pub staff_id: StaffId,
    pub role: Role,
}

/// What of the other terminals was known when a fact was recorded: the highest contiguous seq of each incarnation.
pub type Seen = BTreeMap<IncarnationId, u64>;

/// All of a fact but its place in the recorder's chain, which the journal gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub event_id: EventId,
    pub customer_id: CustomerId,
    pub occurred_at: DateTime<Utc>,
    pub recorded_by: Recorder,
    pub causation_id: Option<EventId>,
    /// Generation of the rules in force.
    pub rules: u64,
    /// The trace that it is a part of, as W3C Trace Context writes it (S9).
    pub traceparent: Option<String>,
    pub payload: Payload,
}

/// Where a fact was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    pub facility_id: FacilityId,
    pub terminal_id: TerminalId,
    pub incarnation: IncarnationId,
}

/// A decoded fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub event_id: EventId,
    pub origin: Origin,
    /// Contiguous per terminal and incarnation, from 1.
    pub seq: u64,
    pub customer_id: CustomerId,
    pub occurred_at: DateTime<Utc>,
    pub recorded_by: Recorder,
    pub causation_id: Option<EventId>,
    pub rules: u64,
    pub seen: Seen,
    pub traceparent: Option<String>,
    pub payload: Payload,
}

impl Fact {
    /// The visit, earning, payment, correction, penalty or ask that this fact is about.
    pub fn subject(&self) -> Option<Uuid> {
        self.payload.subject()
    }

    /// The visit that an earning belongs to: with its own facts it makes one row.
    pub fn related(&self) -> Option<Uuid> {
        self.payload.related()
    }

    /// What it is found by beside its subject: the visit that an earning belongs to, the earning that a check-out
    /// promises, the deduction inside a payment, the other customer of a link.
    pub fn also_about(&self) -> Option<Uuid> {
        self.payload.also_about()
    }
}

/// Chooses among facts that contradict each other, alike on every terminal: by time, then id, then hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    pub occurred_at: DateTime<Utc>,
    pub event_id: EventId,
    pub hash: Hash,
}

/// What the journal knew of a fact's ids when the fact was added to it: tells a fold whether something it doesn't
/// hold is new or was let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// No fact of this customer had its subject before.
    New,
    /// An earlier one had.
    Repeats,
    /// Another fact has the same event id.
    Collides,
    /// The whole set is being folded: nothing has been let go.
    Whole,
}

/// A fact as it stands in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub fact: Fact,
    pub hash: Hash,
    pub novelty: Novelty,
}

impl Recorded {
    pub fn key(&self) -> OrderKey {
        OrderKey { occurred_at: self.fact.occurred_at, event_id: self.fact.event_id, hash: self.hash }
    }
}
