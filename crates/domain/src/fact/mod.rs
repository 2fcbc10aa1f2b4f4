//! Facts: immutable records of what happened at a terminal.

mod case_about;
mod catalogue;
mod codec;
mod hash;
mod payloads;
mod points_payloads;
mod recorder;

pub use case_about::{CaseAbout, NotAbout};
pub use catalogue::{Catalogue, FACT_TYPES, FactType, Payload};
pub use codec::{
    MAX_AFTER, MAX_READ_BYTES, MAX_WRITTEN_BYTES, Malformed, Sealed, decode, decode_kept, recorded_where, schema, seal,
};
pub use hash::{Hash, chain_hash};
pub use payloads::*;
pub use points_payloads::*;
pub use recorder::{Approver, Recorder};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{CustomerId, EventId, FacilityId, IncarnationId, TerminalId};

/// A fact before the journal has given it an origin, a seq and a hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub event_id: EventId,
    pub customer_id: CustomerId,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was entered; later than `occurred_at` if it was entered afterwards.
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Recorder,
    pub approved_by: Option<Approver>,
    pub causation_id: Option<EventId>,
    /// The generation of the rules in force when the fact was recorded.
    pub rules: u64,
    /// The W3C `traceparent` of the trace that the command belongs to (S9).
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
    /// Counts the facts of the incarnation without gaps, from 1.
    pub seq: u64,
    pub customer_id: CustomerId,
    /// When it happened. Decides which of several facts counts, days, caps, lapses, bans and expiry.
    pub occurred_at: DateTime<Utc>,
    /// When it was entered. Void windows count from it.
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Recorder,
    pub approved_by: Option<Approver>,
    pub causation_id: Option<EventId>,
    pub rules: u64,
    /// The facts of this customer that the recorder knew and that no other fact it knew names here, at most
    /// [`MAX_AFTER`]. By it two facts tell which of them was recorded in knowledge of the other.
    pub after: Vec<EventId>,
    pub traceparent: Option<String>,
    pub payload: Payload,
}

impl Fact {
    /// Whether it was entered afterwards: it happened before it was recorded.
    pub fn is_late(&self) -> bool {
        self.occurred_at < self.recorded_at
    }

    /// The visit, earning, payment, correction, penalty or ask that this fact is about.
    pub fn subject(&self) -> Option<Uuid> {
        self.payload.subject()
    }

    /// For an earning, its visit: lists show the visit and its earning as one entry.
    pub fn related(&self) -> Option<Uuid> {
        self.payload.related()
    }

    /// A second id by which the fact can be found: for an earning its visit, for a check-out the earning that it
    /// promises, for a payment its deduction, for a link the other customer.
    pub fn also_about(&self) -> Option<Uuid> {
        self.payload.also_about()
    }
}

/// The total order of facts: by time, event id, then hash. If facts contradict each other, the first one in this order
/// counts, so that every terminal chooses the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    pub occurred_at: DateTime<Utc>,
    pub event_id: EventId,
    pub hash: Hash,
}

/// Whether the journal already had a fact with the same ids. If a snapshot lacks the item that a fact is about (such as
/// a visit), this tells the fold whether the item is new or was dropped by compaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// No earlier fact of this customer had this subject.
    New,
    /// An earlier fact of this customer had this subject.
    Repeats,
    /// Another fact has the same event id.
    Collides,
    /// All facts of the customer are being folded, from an empty state, so that no item was dropped before.
    Whole,
}

/// A fact as the journal returns it.
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
