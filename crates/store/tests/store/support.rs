//! Test data, and a journal in a temporary folder for each test.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::fact::{Draft, Fact, Hash, Origin, Payload, PointsAdjusted, Recorder, Sealed, decode, seal};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, EventId, FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{AdjustReason, Role};
use nosmoke_ports::{Clock, Journal, PendingFact, Priority, Read, Received, StoreError, Write, read, write};
use nosmoke_store::backup::About;
use nosmoke_store::{Folder, SqliteJournal};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct FixedClock;

pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// What a backup's manifest says besides the journal: a name and a version, not scheduled, not locked.
pub(crate) fn manifest_about() -> About {
    About {
        facility_name: "서울역 흡연구역".into(),
        version: "0.1.0".into(),
        at: at(0),
        terminal_id: None,
        scheduled: None,
        passphrase: None,
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        at(0)
    }
}

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn customer(n: u128) -> CustomerId {
    CustomerId(id(n))
}

pub(crate) fn origin(n: u128) -> Origin {
    Origin { facility_id: FacilityId(id(1)), terminal_id: TerminalId(id(2)), incarnation: IncarnationId(id(n)) }
}

/// The origin of an incarnation of another terminal.
pub(crate) fn other(n: u128) -> Origin {
    Origin { terminal_id: TerminalId(id(n + 1_000)), ..origin(n) }
}

/// A chain of facts, as the terminal with this origin records them.
pub(crate) fn chain(origin: Origin, drafts: impl IntoIterator<Item = Draft>) -> Vec<Sealed> {
    let mut facts = Vec::new();
    continued(&mut facts, origin, drafts);
    facts
}

/// Appends facts to a chain.
pub(crate) fn continued(facts: &mut Vec<Sealed>, origin: Origin, drafts: impl IntoIterator<Item = Draft>) {
    for draft in drafts {
        let (seq, previous) = facts.last().map_or((1, Hash::ZERO), |last| (last.fact.seq + 1, last.hash));
        let last = facts.last().filter(|last| last.fact.customer_id == draft.customer_id);
        let after = last.map(|last| last.fact.event_id).into_iter().collect();
        facts.push(seal(draft, origin, seq, previous, after));
    }
}

/// A correction of customer 7's points; `n` is its event id and its subject.
pub(crate) fn draft(n: u128) -> Draft {
    about(n, n, 7)
}

pub(crate) fn about(event: u128, subject: u128, of: u128) -> Draft {
    Draft {
        event_id: EventId(id(event)),
        customer_id: customer(of),
        occurred_at: at(i64::try_from(event).unwrap_or_default() % 1_000),
        recorded_at: at(i64::try_from(event).unwrap_or_default() % 1_000),
        recorded_by: Recorder::Staff { id: StaffId(id(3)), role: Role::Manager },
        approved_by: None,
        causation_id: None,
        rules: 1,
        traceparent: None,
        payload: Payload::PointsAdjusted(PointsAdjusted::given(
            AdjustmentId(id(subject)),
            Lots::never(Points::new(100).unwrap()),
            AdjustReason::CORRECTION,
        )),
    }
}

pub(crate) async fn open(path: &Path) -> Result<SqliteJournal, StoreError> {
    SqliteJournal::open(Arc::new(Folder::open(path)?), Arc::new(FixedClock)).await
}

/// A journal with an origin, in a temporary folder.
pub(crate) async fn journal() -> (TempDir, SqliteJournal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path()).await.unwrap();
    run(&journal, |tx| tx.put_origin(origin(10))).await.unwrap();
    (folder, journal)
}

/// Runs a command's unit of work.
pub(crate) async fn run<T: Send + 'static>(
    journal: &dyn Journal,
    unit: impl FnMut(&mut dyn Write) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    write(journal, Priority::Command, unit).await.map(|(value, _)| value)
}

/// Runs a reading unit.
pub(crate) async fn read_journal<T: Send + 'static>(
    journal: &dyn Journal,
    unit: impl FnOnce(&mut dyn Read) -> Result<T, StoreError> + Send + 'static,
) -> T {
    read(journal, unit).await.unwrap()
}

pub(crate) async fn append(journal: &dyn Journal, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError> {
    run(journal, move |tx| tx.append(drafts.clone())).await
}

pub(crate) async fn receive(journal: &dyn Journal, facts: &[Sealed]) -> Received {
    let facts = facts.to_vec();
    run(journal, move |tx| tx.receive(&facts)).await.unwrap()
}

/// The pending facts of this terminal, as they come from the log when they are read back.
pub(crate) async fn recorded_here(journal: &dyn Journal) -> Vec<Sealed> {
    let pending = read_journal(journal, |tx| tx.pending_facts(true, 0, usize::MAX)).await;
    pending.into_iter().map(sealed).collect()
}

pub(crate) fn sealed(pending: PendingFact) -> Sealed {
    let PendingFact { bytes, previous, hash, .. } = pending;
    Sealed { fact: decode(&bytes).unwrap(), bytes, previous, hash }
}

/// A second connection to a journal's file.
pub(crate) async fn file(folder: &Path) -> SqliteConnection {
    SqliteConnection::connect(folder.join("journal.db").to_str().unwrap()).await.unwrap()
}
