//! Ports (the traits that adapters implement), the contract (the types that are sent to the screens), and code that
//! both sides of a port need: limits, search keys, settings.

pub mod authentication;
pub mod contract;
pub mod limits;
pub mod search_keys;
pub mod setting;
pub mod slips;
pub mod traces;

mod access;
mod backoff;
mod clock;
mod day_sums;
mod error;
mod journal;
mod log;
mod marks;
mod mypage;
pub mod mypage_source;
mod period;
mod point;
mod spans;
mod token_files;
mod topic;

pub use access::{Access, AccessBy, AccessCursor, AccessExtent, AccessLog, AccessQuery, AccessRow, StoredAccess};
pub use backoff::Backoff;
pub use clock::{Clock, Ids, RandomIds, SystemClock};
pub use day_sums::{PRESENCE_MAX, SumChanges, presence};
pub use error::{ServerFault, StoreError};
pub use journal::{
    Abandoned, BASES_MAX, CaseQuery, CaseRow, Change, Context, CustomerRow, DayCloseRow, Digest, Document, DocumentKey,
    Dropped, Extent, Heard, InsideRow, Journal, Lineage, LogPosition, Merged, Movement, Note, OvertakenEdit, Pace,
    PenaltyRow, PendingFact, PendingTotals, Priority, Profile, QuarantineCursor, Quarantined, REVISIONS, Read,
    ReadCheckpoints, ReadDayCloses, ReadEdits, ReadFacilityKey, ReadFacts, ReadIdempotency, ReadOrigins, ReadPending,
    ReadProfiles, ReadProjections, ReadReference, ReadReplication, ReadReview, ReadSettings, ReadSlips, ReadUnit,
    ReadUnknown, Receive, Received, RecordedQuery, Reference, ReferenceKind, Rehashed, Remembered, Saved, SearchCursor,
    SearchKeys, SearchQuery, SlipQuery, StandingRow, StoredRules, Strangers, StrangersKey, StrangersPlace, Texts,
    Worker, Write, WriteCheckpoints, WriteDayCloses, WriteEdits, WriteFacilityKey, WriteFacts, WriteIdempotency,
    WriteOrigins, WritePending, WriteProfiles, WriteProjections, WriteReference, WriteReplication, WriteReview,
    WriteSettings, WriteSlips, WriteUnit, WriteUnknown, Written, next_bases, next_revision, read, write,
};
pub use log::{
    Fetched, Headers, Incoming, Log, LogError, LogView, Outgoing, Stranger, header, header_name, is_authentication,
    pushed_out_key,
};
pub use marks::{Found, Mark, Marks, Place, RESTORED_FROM, RestoredFrom};
pub use mypage::{
    EntryRow, ExportBlock, ExportCursor, ForkProgress, MypageClaim, MypageSource, MypageStore, MypageTotals,
    PageCursor, PageQuery, ProjectionBatch, SeriesPoint,
};
pub use period::{
    CustomerSums, DayKey, DaySum, Decided, HourKey, PeriodQuery, PeriodRows, day_from_number, day_number,
};
pub use point::{PointPort, PointRefusal};
pub use spans::{Span, SpanStore, Trace, TraceCursor};
pub use token_files::TokenFiles;
pub use topic::{Partition, Topic};
