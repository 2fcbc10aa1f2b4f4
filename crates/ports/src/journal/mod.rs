//! The journal: facts with their original bytes, the projections that contexts derive from them, and documents.
//!
//! The operations of a unit of work are split into traits, each in a file of its own; the SQL for a trait is in the
//! file of the same name in the crate `store`. `Read` and `Write` combine all traits. A function takes only the trait
//! that it needs, so that its signature tells which part of the journal it uses.

mod checkpoints;
mod day_closes;
mod edits;
mod facility_key;
mod facts;
mod idempotency;
mod lineage;
mod origins;
mod pending;
mod profiles;
mod projections;
mod receive;
mod reference;
mod replication;
mod review;
mod revision;
mod settings;
mod slips;
mod unit;
mod unknown;

pub use checkpoints::{Context, ReadCheckpoints, Saved, Worker, WriteCheckpoints};
pub use day_closes::{DayCloseRow, ReadDayCloses, WriteDayCloses};
pub use edits::{OvertakenEdit, ReadEdits, WriteEdits};
pub use facility_key::{ReadFacilityKey, WriteFacilityKey};
pub use facts::{Change, Movement, ReadFacts, RecordedQuery, WriteFacts};
pub use idempotency::{ReadIdempotency, Remembered, WriteIdempotency};
pub use lineage::{BASES_MAX, Lineage, Texts, next_bases};
pub use origins::{ReadOrigins, WriteOrigins};
pub use pending::{DocumentKey, PendingFact, PendingTotals, ReadPending, WritePending};
pub use profiles::{CustomerRow, Note, Profile, ReadProfiles, SearchCursor, SearchKeys, SearchQuery, WriteProfiles};
pub use projections::{InsideRow, PenaltyRow, ReadProjections, StandingRow, WriteProjections};
pub use receive::{Document, Merged, Receive, Received};
pub use reference::{ReadReference, Reference, ReferenceKind, StoredRules, WriteReference};
pub use replication::{
    Digest, Dropped, Extent, Heard, LogPosition, QuarantineCursor, Quarantined, ReadReplication, Rehashed, Strangers,
    StrangersKey, StrangersPlace, WriteReplication,
};
pub use review::{CaseQuery, CaseRow, ReadReview, WriteReview};
pub use revision::{REVISIONS, next_revision};
pub use settings::{ReadSettings, WriteSettings};
pub use slips::{ReadSlips, SlipQuery, WriteSlips};
pub use unit::{Abandoned, Journal, Pace, Priority, ReadUnit, WriteUnit, Written, read, write};
pub use unknown::{ReadUnknown, WriteUnknown};

/// Reads any part of the journal, in one consistent view.
pub trait Read:
    ReadFacts
    + ReadUnknown
    + ReadProjections
    + ReadProfiles
    + ReadReference
    + ReadSettings
    + ReadFacilityKey
    + ReadIdempotency
    + ReadPending
    + ReadReplication
    + ReadReview
    + ReadDayCloses
    + ReadEdits
    + ReadSlips
{
}

/// Reads and writes any part of the journal.
pub trait Write:
    Read
    + WriteOrigins
    + WriteCheckpoints
    + WriteFacts
    + WriteUnknown
    + WriteProjections
    + WriteProfiles
    + WriteReference
    + WriteSettings
    + WriteFacilityKey
    + WriteIdempotency
    + WritePending
    + WriteReplication
    + WriteReview
    + WriteDayCloses
    + WriteEdits
    + WriteSlips
    + Receive
{
}
