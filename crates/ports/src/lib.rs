//! Ports and the contract: what adapters implement, and what crosses to the screens. Plain types, traits, and what both sides
//! of a port must agree on: limits, search keys, settings.

pub mod contract;
pub mod limits;
pub mod search;
pub mod setting;
pub mod traces;

mod clock;
mod error;
mod journal;
mod log;
mod marks;
mod mypage;
pub mod mypage_source;
mod point;
mod spans;

pub use clock::{Clock, Ids, RandomIds, SystemClock};
pub use error::{ServerFault, StoreError};
pub use journal::{
    Abandoned, Change, Context, CustomerRow, Digest, Extent, Heard, InsideRow, Journal, LogPosition, Merged, Movement,
    Note, Pace, PenaltyRow, PendingFact, PendingTotals, Priority, Profile, QuarantineCursor, Quarantined, Read,
    ReadCheckpoints, ReadFacts, ReadIdempotency, ReadOrigins, ReadPending, ReadProfiles, ReadProjections,
    ReadReference, ReadReplication, ReadSettings, ReadUnit, ReadUnknown, Receive, Received, Record, RecordKey,
    Reference, ReferenceKind, Rehashed, Remembered, Saved, SearchCursor, SearchKeys, SearchQuery, StandingRow, Unit,
    Worker, Write, WriteCheckpoints, WriteFacts, WriteIdempotency, WriteOrigins, WritePending, WriteProfiles,
    WriteProjections, WriteReference, WriteReplication, WriteSettings, WriteUnknown, Written, read, write,
};
pub use log::{Fetched, Headers, Incoming, Log, LogError, LogView, Outgoing, Partition, Topic, header_name};
pub use marks::{Found, Mark, Marks, RESTORED_FROM, RestoredFrom};
pub use mypage::{
    EntryRow, ExportCursor, MypageClaim, MypageSource, MypageStore, MypageTotals, PageCursor, PageQuery,
    ProjectionBatch, SeriesPoint,
};
pub use point::{PointPort, PointRefusal};
pub use spans::{Span, SpanStore, Trace, TraceCursor};
