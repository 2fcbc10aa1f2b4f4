//! The journal: facts as first written, what contexts project from them, and this terminal's records.
//!
//! A unit of work is synchronous and runs on the writer's own thread inside one savepoint, so that a decision sees every
//! fact before it. Several waiting units share one commit (ADR 0005).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Fact, Hash, Origin, Recorded, Sealed};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, PenaltyId, TerminalId, VisitId};
use nosmoke_domain::point::StandingCopy;
use nosmoke_domain::words::PenaltyCode;
use uuid::Uuid;

use super::{
    CustomerRow, Extent, Heard, LogPosition, Merged, Note, PendingFact, PendingTotals, Profile, QuarantineCursor,
    Quarantined, Received, Record, RecordKey, Reference, ReferenceKind, Rehashed, SearchKeys, SearchQuery, StoreError,
    Topic,
};

/// A bounded context with snapshots of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    CheckIn,
    Point,
}

/// Who follows the change feed, each from a checkpoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worker {
    /// check_in's projector: snapshots of visits, who is inside.
    CheckIn,
    /// point's projector: snapshots of accounts, the published standing.
    Point,
    /// point's earning policy: a check-out earns.
    Earning,
    /// penalty's projector: open penalties.
    Penalty,
    /// point's giving policy: a question for points is answered.
    Giving,
    /// point's policy of handing over to the hub, while the link is up: what is held here when a visit has ended.
    HandingOver,
    /// The customer center's projector; its checkpoint lives in its own store.
    Mypage,
}

impl Worker {
    /// As metrics name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Point => "point",
            Self::Earning => "earning",
            Self::Penalty => "penalty",
            Self::Giving => "giving",
            Self::HandingOver => "handing_over",
            Self::Mypage => "mypage",
        }
    }
}

/// What moves a customer's points, as lists of it are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Check-outs, each with what it earns, if anything.
    CheckOuts,
    /// Payments, each with its deduction.
    Payments,
}

/// A fact with its place in the change feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Order of arrival at this terminal, from 1, without a gap that would matter.
    pub change_seq: i64,
    pub received_at: DateTime<Utc>,
    pub recorded: Recorded,
}

/// A snapshot as stored: everything of the customer up to `change_seq` is folded into `state` (JSON).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub change_seq: i64,
    pub state: Vec<u8>,
}

/// A command that was answered before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// BLAKE3 of the command's canonical JSON.
    pub body: [u8; 32],
    /// JSON of the outcome.
    pub outcome: String,
}

/// Someone inside, as check_in projects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsideRow {
    pub visit_id: VisitId,
    pub customer_id: CustomerId,
    pub area_id: AreaId,
    pub since: DateTime<Utc>,
}

/// A customer's published standing, and up to which change of the feed it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    pub customer_id: CustomerId,
    pub copy: StandingCopy,
}

/// A penalty with something outstanding, as penalty projects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyRow {
    pub penalty_id: PenaltyId,
    pub customer_id: CustomerId,
    pub imposed_at: DateTime<Utc>,
    pub code: PenaltyCode,
    pub points: u64,
    pub outstanding: u64,
    pub educated: bool,
    pub area_id: Option<AreaId>,
    /// The change that imposed it; it reads ACCRUED once point's projector has passed it (N10).
    pub imposed_change_seq: i64,
}

/// What can be read of the journal within one consistent view.
pub trait Read {
    /// The incarnation that records here.
    fn origin(&mut self) -> Result<Option<Origin>, StoreError>;

    /// Every incarnation that has recorded in this folder, the present one last.
    fn lives(&mut self) -> Result<Vec<Origin>, StoreError>;

    // Facts and the change feed.
    /// The last change of the feed, 0 when there is none.
    fn last_change(&mut self) -> Result<i64, StoreError>;
    /// At most `limit` changes after one, in the feed's order.
    fn changes(&mut self, after: i64, limit: usize) -> Result<Vec<Change>, StoreError>;
    /// When the first change after one arrived here: one row of the feed.
    fn arrived_after(&mut self, after: i64) -> Result<Option<DateTime<Utc>>, StoreError>;
    /// How many check-outs of an incarnation come after a change, counted up to `limit`, and when the first of them arrived.
    fn check_outs_after(
        &mut self,
        incarnation: IncarnationId,
        after: i64,
        limit: usize,
    ) -> Result<Option<(u64, DateTime<Utc>)>, StoreError>;
    /// A customer's facts after a change, in the feed's order.
    fn facts_after(&mut self, customer: CustomerId, after: i64) -> Result<Vec<Change>, StoreError>;
    /// The facts whose subject is one of these, or that are also about one of them.
    fn facts_about(&mut self, subjects: &BTreeSet<Uuid>) -> Result<Vec<Change>, StoreError>;
    /// A customer's facts about penalties, in the feed's order.
    fn penalty_facts(&mut self, customer: CustomerId) -> Result<Vec<Change>, StoreError>;
    /// A customer's check-outs or payments before a change, newest first.
    fn movements(
        &mut self,
        customer: CustomerId,
        of: Movement,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Change>, StoreError>;
    /// The last facts, newest first: this incarnation's, or a customer's.
    fn recent(&mut self, customer: Option<CustomerId>, limit: usize) -> Result<Vec<Change>, StoreError>;
    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError>;
    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError>;
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError>;
    /// Incarnations of which two different facts have one seq.
    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError>;

    /// Customers that have facts, by id, after one.
    fn customers_with_facts(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError>;
    /// Which terminal each incarnation is a life of.
    fn terminals(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError>;
    /// The last erasures of persons, newest first.
    fn erasures(&mut self, limit: usize) -> Result<Vec<Change>, StoreError>;
    /// Facts of types and versions that this program doesn't understand.
    fn not_understood(&mut self) -> Result<u64, StoreError>;
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

    // The exchange with other terminals.
    /// Facts not read back from the log, after a change of the feed, this incarnation's own or those of others.
    fn pending_facts(&mut self, own: bool, after: i64, limit: usize) -> Result<Vec<PendingFact>, StoreError>;
    fn pending_records(&mut self, limit: usize) -> Result<Vec<RecordKey>, StoreError>;
    fn pending_totals(&mut self) -> Result<PendingTotals, StoreError>;
    /// Which of these changes wait to be read back.
    fn pending_among(&mut self, changes: &[i64]) -> Result<BTreeSet<i64>, StoreError>;
    fn log_positions(&mut self) -> Result<Vec<LogPosition>, StoreError>;
    fn quarantined(
        &mut self,
        after: Option<QuarantineCursor>,
        limit: usize,
    ) -> Result<Vec<(QuarantineCursor, Quarantined)>, StoreError>;
    fn quarantine_count(&mut self) -> Result<u64, StoreError>;
    /// What every other terminal last said, by terminal id.
    fn heard(&mut self) -> Result<Vec<Heard>, StoreError>;

    // Projections.
    fn standing(&mut self, customer: CustomerId) -> Result<Option<StandingRow>, StoreError>;
    /// Published standings that aren't ALLOWED, by customer, after one.
    fn not_allowed(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError>;
    fn inside_of(&mut self, customer: CustomerId) -> Result<Vec<InsideRow>, StoreError>;
    /// Everyone inside, longest first; of one area when given.
    fn inside(&mut self, area: Option<AreaId>) -> Result<Vec<InsideRow>, StoreError>;
    fn open_penalties(&mut self, customer: CustomerId) -> Result<Vec<PenaltyRow>, StoreError>;

    // Records.
    fn profile(&mut self, customer: CustomerId) -> Result<Option<Profile>, StoreError>;
    fn profile_by_card(&mut self, card: &str) -> Result<Option<Profile>, StoreError>;
    /// Profiles of many customers with what the lists show of them; unknown ids are left out.
    fn customers(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, StoreError>;
    fn search(&mut self, query: &SearchQuery) -> Result<Vec<CustomerRow>, StoreError>;
    fn notes(&mut self, ids: &[nosmoke_domain::ids::NoteId]) -> Result<Vec<Note>, StoreError>;
    fn reference(&mut self, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError>;
    fn references(&mut self, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError>;
    /// A setting of this terminal (JSON text).
    fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError>;
}

/// What a unit of work may do besides reading.
pub trait Write: Read {
    /// Seals drafts with this incarnation's next seqs and adds them to the journal. They are pending until read back.
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError>;
    /// Adds facts read from the log that aren't here yet, as they were written; those that are here are read back.
    fn receive(&mut self, facts: &[Sealed]) -> Result<Received, StoreError>;
    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError>;
    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError>;
    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError>;

    fn put_standing(&mut self, row: &StandingRow) -> Result<(), StoreError>;
    /// Replaces the rows of who is inside of one customer, and notes the customer's last visit.
    fn put_inside(&mut self, customer: CustomerId, rows: &[InsideRow]) -> Result<(), StoreError>;
    /// When a customer was last seen, kept at its greatest.
    fn put_last_visit(&mut self, customer: CustomerId, at: DateTime<Utc>, area: AreaId) -> Result<(), StoreError>;
    fn put_penalty(&mut self, row: &PenaltyRow) -> Result<(), StoreError>;
    /// Takes a penalty with nothing outstanding out of the open ones.
    fn remove_penalty(&mut self, penalty: PenaltyId) -> Result<(), StoreError>;

    // Records. What is put here is pending until read back.
    fn put_profile(&mut self, profile: &Profile, keys: &SearchKeys) -> Result<(), StoreError>;
    fn put_note(&mut self, note: &Note) -> Result<(), StoreError>;
    /// Erases every note about a customer, here and with the next publishing in the log.
    fn remove_notes(&mut self, customer: CustomerId) -> Result<(), StoreError>;
    fn put_reference(&mut self, reference: &Reference) -> Result<(), StoreError>;
    fn put_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError>;
    /// Begins this folder's first life, or another one after a restore.
    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError>;
    /// Counts a record read from the log, whatever the order: the higher stays, an erased person stays erased.
    fn receive_record(&mut self, record: &Record) -> Result<Merged, StoreError>;

    // The exchange with other terminals.
    /// One of this incarnation's facts, of that customer, was read back; false where none of that hash waits for that.
    fn read_back(&mut self, hash: Hash, customer: CustomerId) -> Result<bool, StoreError>;
    /// The same of facts whose changes are known: they wait no longer, if they did.
    fn read_back_changes(&mut self, changes: &[i64]) -> Result<(), StoreError>;
    fn put_log_position(&mut self, position: &LogPosition) -> Result<(), StoreError>;
    /// The log is to be read from its start: forgets the positions of these topics.
    fn forget_log_positions(&mut self, topics: &[Topic]) -> Result<(), StoreError>;
    /// Nothing counts as read back any more, neither facts nor records, own or foreign.
    fn mark_all_pending(&mut self) -> Result<(), StoreError>;
    /// The facts of an incarnation after a seq don't count as read back any more.
    fn mark_pending_after(&mut self, incarnation: IncarnationId, seq: u64) -> Result<(), StoreError>;
    /// Nor does any profile or note.
    fn mark_profiles_pending(&mut self) -> Result<(), StoreError>;
    /// A record counts as not read back (`true`) or as read back.
    fn mark_record_pending(&mut self, key: RecordKey, pending: bool) -> Result<(), StoreError>;
    /// Sets a record aside; the same one again changes nothing.
    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError>;
    fn put_heard(&mut self, heard: &Heard) -> Result<(), StoreError>;
    /// Facts of types and versions that this program has learnt since they arrived count from now on: their customers fold
    /// again, and the workers go back to the first of them.
    fn understand(&mut self) -> Result<u64, StoreError>;

    /// Deletes idempotency keys remembered before a time.
    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// A unit gave up; its savepoint is rolled back and nothing of it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abandoned;

/// A unit of work. It may be run again from the start (after a full disk, one by one), so it must not keep what a
/// failed run computed.
pub type Unit = Box<dyn FnMut(&mut dyn Write) -> Result<(), Abandoned> + Send>;
pub type ReadUnit = Box<dyn FnOnce(&mut dyn Read) + Send>;

/// Commands go before what can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Command,
    Background,
}

/// How much commands leave to work that can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// No command came of late.
    Free,
    /// Commands come now and then: small pieces.
    Busy,
    /// Commands come one upon another: a turn is rare.
    Burst,
}

/// Answered after the commit: durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The feed's last change after this commit.
    pub last_change: i64,
}

#[async_trait]
pub trait Journal: Send + Sync + std::fmt::Debug {
    /// Runs a unit in the next group commit and answers when it is durable. `Ok(None)` when the unit abandoned.
    ///
    /// # Errors
    /// The store's; nothing of the unit is recorded then.
    async fn write_unit(&self, priority: Priority, unit: Unit) -> Result<Option<Written>, StoreError>;

    /// Waits for the turn of work that can wait, and says how the desk is doing: a command waits for the whole transaction
    /// that it meets, so what is done in bulk is done in small pieces while there are commands, and rarely while they come
    /// one upon another (ADR 0005).
    async fn turn(&self) -> Pace {
        Pace::Free
    }

    /// Runs a reading unit on a consistent view.
    ///
    /// # Errors
    /// The store's.
    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError>;
}

/// [`Journal::write_unit`] with a result of its own: what the unit's last run gave.
///
/// # Errors
/// The unit's, or the store's as `E`.
pub async fn write<T, E>(
    journal: &dyn Journal,
    priority: Priority,
    mut unit: impl FnMut(&mut dyn Write) -> Result<T, E> + Send + 'static,
) -> Result<(T, Option<Written>), E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let inner = Arc::clone(&slot);
    let written = journal
        .write_unit(
            priority,
            Box::new(move |tx| {
                let result = unit(tx);
                let kept = if result.is_ok() { Ok(()) } else { Err(Abandoned) };
                *inner.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                kept
            }),
        )
        .await?;
    let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    result.unwrap_or_else(|| Err(StoreError::Closed.into())).map(|value| (value, written))
}

/// [`Journal::read_unit`] with a result of its own.
///
/// # Errors
/// The unit's, or the store's as `E`.
pub async fn read<T, E>(
    journal: &dyn Journal,
    unit: impl FnOnce(&mut dyn Read) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let inner = Arc::clone(&slot);
    journal
        .read_unit(Box::new(move |tx| {
            *inner.lock().unwrap_or_else(PoisonError::into_inner) = Some(unit(tx));
        }))
        .await?;
    let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    result.unwrap_or_else(|| Err(StoreError::Closed.into()))
}
