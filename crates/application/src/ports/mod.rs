//! Ports: everything the use cases need from outside. Adapters implement them; a simulator may too.

mod clock;
mod error;
mod exchange;
mod journal;
mod log;
mod marks;
mod mypage;
mod point;
mod records;
mod spans;

pub use clock::{Clock, Ids, RandomIds, SystemClock};
pub use error::{ServerFault, StoreError};
pub use exchange::{
    Digest, Extent, Heard, LogPosition, Merged, PendingFact, PendingTotals, QuarantineCursor, QuarantineReason,
    Quarantined, Received, Record, RecordKey, Rehashed,
};
pub use journal::{
    Abandoned, Change, Context, InsideRow, Journal, Movement, Pace, PenaltyRow, Priority, Read, ReadUnit, Remembered,
    Saved, StandingRow, Unit, Worker, Write, Written, read, write,
};
pub use log::{Fetched, Headers, Incoming, Log, LogError, LogView, Outgoing, Partition, Topic};
pub use marks::Marks;
pub use mypage::{
    EntryRow, ExportCursor, MypageClaim, MypageSource, MypageStore, MypageTotals, PageCursor, PageQuery,
    ProjectionBatch, SeriesPoint,
};
pub use point::{PointPort, PointRefusal};
pub use records::{CustomerRow, Note, Profile, Reference, ReferenceKind, SearchCursor, SearchKeys, SearchQuery};
pub use spans::{Span, SpanStore, Trace, TraceCursor};
