//! Ports (the traits that adapters implement), the contract (the types that are sent to the screens), and code that
//! both sides of a port need: limits, search keys, settings.

pub mod contract;
pub mod limits;
pub mod search_keys;
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
    Abandoned, Change, Context, CustomerRow, Digest, Document, DocumentKey, Extent, Heard, InsideRow, Journal,
    LogPosition, Merged, Movement, Note, Pace, PenaltyRow, PendingFact, PendingTotals, Priority, Profile,
    QuarantineCursor, Quarantined, Read, ReadCheckpoints, ReadFacts, ReadIdempotency, ReadOrigins, ReadPending,
    ReadProfiles, ReadProjections, ReadReference, ReadReplication, ReadSettings, ReadUnit, ReadUnknown, Receive,
    Received, Reference, ReferenceKind, Rehashed, Remembered, Saved, SearchCursor, SearchKeys, SearchQuery,
    StandingRow, Worker, Write, WriteCheckpoints, WriteFacts, WriteIdempotency, WriteOrigins, WritePending,
    WriteProfiles, WriteProjections, WriteReference, WriteReplication, WriteSettings, WriteUnit, WriteUnknown, Written,
    read, write,
};
pub use log::{Fetched, Headers, Incoming, Log, LogError, LogView, Outgoing, Partition, Topic, header_name};
pub use marks::{Found, Mark, Marks, RESTORED_FROM, RestoredFrom};
pub use mypage::{
    EntryRow, ExportBlock, ExportCursor, ForkProgress, MypageClaim, MypageSource, MypageStore, MypageTotals,
    PageCursor, PageQuery, ProjectionBatch, SeriesPoint,
};
pub use point::{PointPort, PointRefusal};
pub use spans::{Span, SpanStore, Trace, TraceCursor};
