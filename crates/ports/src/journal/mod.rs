//! The journal: facts as first written, what contexts project from them, and this terminal's records.
//!
//! What a unit of work may ask and do stands in parts, a file each; the SQL of a part is in the store's file of the same name.
//! A `&mut dyn Read` or `&mut dyn Write` has the methods of all its parts, and is taken wherever one part is asked for: so a
//! function that needs one part says which.

mod checkpoints;
mod facts;
mod idempotency;
mod origins;
mod pending;
mod profiles;
mod projections;
mod receive;
mod reference;
mod replication;
mod settings;
mod unit;
mod unknown;

pub use checkpoints::{Context, ReadCheckpoints, Saved, Worker, WriteCheckpoints};
pub use facts::{Change, Movement, ReadFacts, WriteFacts};
pub use idempotency::{ReadIdempotency, Remembered, WriteIdempotency};
pub use origins::{ReadOrigins, WriteOrigins};
pub use pending::{PendingFact, PendingTotals, ReadPending, RecordKey, WritePending};
pub use profiles::{CustomerRow, Note, Profile, ReadProfiles, SearchCursor, SearchKeys, SearchQuery, WriteProfiles};
pub use projections::{InsideRow, PenaltyRow, ReadProjections, StandingRow, WriteProjections};
pub use receive::{Merged, Receive, Received, Record};
pub use reference::{ReadReference, Reference, ReferenceKind, WriteReference};
pub use replication::{
    Digest, Extent, Heard, LogPosition, QuarantineCursor, Quarantined, ReadReplication, Rehashed, WriteReplication,
};
pub use settings::{ReadSettings, WriteSettings};
pub use unit::{Abandoned, Journal, Pace, Priority, ReadUnit, Unit, Written, read, write};
pub use unknown::{ReadUnknown, WriteUnknown};

/// What can be read of the journal within one consistent view.
pub trait Read:
    ReadFacts
    + ReadUnknown
    + ReadProjections
    + ReadProfiles
    + ReadReference
    + ReadSettings
    + ReadIdempotency
    + ReadPending
    + ReadReplication
{
}

/// What a unit of work may do besides reading.
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
    + WriteIdempotency
    + WritePending
    + WriteReplication
    + Receive
{
}
