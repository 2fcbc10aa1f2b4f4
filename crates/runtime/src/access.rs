//! Takes the rows of the access log from whoever does something, and writes them beside the desk: noting a row never waits
//! and never fails. Rows that can't be written wait, up to a bound, and the status says so.

use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::contract::{AccessAct, AccessOutcome};
use nosmoke_ports::{Access, AccessBy, AccessLog, AccessRow, Clock, Journal, StoreError, read};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often waiting rows are written.
const WRITE_INTERVAL: Duration = Duration::from_millis(500);
/// How long the last write at the end may take.
const LAST_WRITE_TIMEOUT: Duration = Duration::from_secs(1);
/// Rows of one write.
const WRITE_BATCH: usize = 1_000;
/// Most rows that wait. More are lost, and counted.
const WAITING_MAX: usize = 20_000;
/// Lists, and repeated reads of one person, are one row in this time.
const COUNTED_FOR: TimeDelta = TimeDelta::minutes(1);
/// Most counts that are kept at a time; what comes beyond gets a row each.
const COUNTS_MAX: usize = 10_000;
/// How often old rows are looked for.
const PRUNE_INTERVAL: Duration = Duration::from_hours(24);
/// Rows are deleted when they are this old.
pub const KEPT_YEARS: u32 = 2;

/// Why rows can't be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessProblem {
    pub since: DateTime<Utc>,
    pub error: StoreError,
    pub waiting: usize,
    pub lost: u32,
}

#[derive(Debug, Clone, Copy)]
struct Noted {
    at: DateTime<Utc>,
    access: Access,
}

/// Reads in the current minute of one party.
#[derive(Debug, Clone, Copy)]
struct Counted {
    since: DateTime<Utc>,
    /// What was shown after the row was written.
    more: u32,
}

type CountKey = (AccessBy, AccessAct, Option<CustomerId>);

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Noted>,
    counts: BTreeMap<CountKey, Counted>,
    problem: Option<(DateTime<Utc>, StoreError)>,
    /// Rows that were dropped since the last one that says so was written.
    lost: u32,
    changed_at: Option<i64>,
}

/// The rows that wait to be written to the access log.
#[derive(Debug)]
pub struct AccessNotes {
    log: Arc<dyn AccessLog>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Held while rows are written, so that they are in order.
    writing: tokio::sync::Mutex<()>,
}

impl AccessNotes {
    pub fn new(log: Arc<dyn AccessLog>, clock: Arc<dyn Clock>) -> Self {
        Self { log, clock, state: Mutex::default(), writing: tokio::sync::Mutex::default() }
    }

    pub fn log(&self) -> &dyn AccessLog {
        &*self.log
    }

    /// Notes what was done. Of lists, and of a person's data read again and again, at most one row a minute is made: the first
    /// at once, the number of the others when the minute is over.
    pub fn note(&self, access: Access) {
        let at = self.clock.now();
        let mut state = self.state.lock();
        if is_counted(&access) {
            let key = (access.by, access.act, access.whose);
            if let Some(counted) = state.counts.get_mut(&key).filter(|counted| is_current(counted, at)) {
                counted.more = counted.more.saturating_add(access.count);
                return;
            }
            state.end_count(&key, at);
            if state.counts.len() < COUNTS_MAX {
                state.counts.insert(key, Counted { since: at, more: 0 });
            }
        }
        state.push(Noted { at, access });
    }

    /// Returns why rows can't be written now; `None` if they can.
    pub fn problem(&self) -> Option<AccessProblem> {
        let state = self.state.lock();
        let (since, error) = state.problem.clone()?;
        Some(AccessProblem { since, error, waiting: state.waiting.len(), lost: state.lost })
    }

    /// The first row that isn't as it was written, as the last check found.
    pub fn changed_at(&self) -> Option<i64> {
        self.state.lock().changed_at
    }

    /// Checks the chain of the whole file.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn verify(&self) -> Result<Option<i64>, StoreError> {
        let changed_at = self.log.verify().await?;
        if let Some(number) = changed_at {
            tracing::error!(number, "the access log was changed by something else than this program");
        }
        self.state.lock().changed_at = changed_at;
        Ok(changed_at)
    }

    /// Writes all rows that wait.
    ///
    /// # Errors
    /// An error of the store; the rows go on waiting.
    pub async fn write(&self, terminal_id: Option<TerminalId>) -> Result<(), StoreError> {
        let _writing = self.writing.lock().await;
        loop {
            let (rows, lost) = self.state.lock().next_rows(self.clock.now(), terminal_id);
            if rows.is_empty() {
                return Ok(());
            }
            let of_queue = rows.len() - usize::from(lost > 0);
            let written = self.log.append(rows).await;
            let mut state = self.state.lock();
            match written {
                Ok(()) => {
                    state.waiting.drain(..of_queue);
                    state.lost = state.lost.saturating_sub(lost);
                    if state.problem.take().is_some() {
                        tracing::info!("the access log can be written again");
                    }
                }
                Err(error) => {
                    if state.problem.is_none() {
                        tracing::error!(%error, "the access log can't be written; the desk goes on");
                    }
                    let since = state.problem.take().map_or_else(|| self.clock.now(), |(since, _)| since);
                    state.problem = Some((since, error.clone()));
                    return Err(error);
                }
            }
        }
    }

    /// Writes the waiting rows twice a second until the terminal stops, then once more. Checks the file at the start, and
    /// deletes old rows daily.
    pub async fn run(self: Arc<Self>, journal: Arc<dyn Journal>, mut stopped: watch::Receiver<bool>) {
        let checked = self.clone();
        let checking = tokio::spawn(async move {
            if let Err(error) = checked.verify().await {
                tracing::warn!(%error, "the access log can't be checked");
            }
        });
        let (mut writes, mut prunes) = (interval(WRITE_INTERVAL), interval(PRUNE_INTERVAL));
        writes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut terminal_id = None;
        let mut stop = pin!(async move { drop(stopped.wait_for(|stopped| *stopped).await) });
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = writes.tick() => {
                    self.state.lock().end_counts(self.clock.now());
                    if self.has_work() {
                        terminal_id = terminal_of(&*journal, terminal_id).await;
                        // Said in the status; tried again at the next tick.
                        let _ = self.write(terminal_id).await;
                    }
                }
                _ = prunes.tick() => self.prune().await,
            }
        }
        checking.abort();
        self.end(terminal_id).await;
    }

    /// Writes what is left, also the counts of a minute that isn't over.
    pub async fn end(&self, terminal_id: Option<TerminalId>) {
        self.state.lock().end_all_counts(self.clock.now());
        if timeout(LAST_WRITE_TIMEOUT, self.write(terminal_id)).await.is_err() {
            tracing::warn!("the access log isn't written in time");
        }
    }

    fn has_work(&self) -> bool {
        let state = self.state.lock();
        !state.waiting.is_empty() || state.lost > 0
    }

    async fn prune(&self) {
        let now = self.clock.now();
        let cutoff = now - TimeDelta::days(i64::from(KEPT_YEARS) * 365 + 1);
        match self.log.prune(now, cutoff).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old rows of the access log were deleted"),
            Err(error) => tracing::warn!(%error, "old rows of the access log can't be deleted"),
        }
    }
}

/// Reads this terminal's id, once it is set up.
async fn terminal_of(journal: &dyn Journal, known: Option<TerminalId>) -> Option<TerminalId> {
    if known.is_some() {
        return known;
    }
    let origin = read::<_, StoreError>(journal, |tx| tx.origin()).await;
    origin.ok().flatten().map(|origin| origin.terminal_id)
}

/// Whether several of these are one row. What was refused or failed always has a row of its own.
fn is_counted(access: &Access) -> bool {
    let by_minute = match access.act {
        AccessAct::CardOpened | AccessAct::MypageOpened | AccessAct::ListShown | AccessAct::PersonRead => true,
        AccessAct::SignIn
        | AccessAct::Approve
        | AccessAct::Recover
        | AccessAct::FirstManager
        | AccessAct::StaffChanged
        | AccessAct::PinChanged
        | AccessAct::EvacuationList
        | AccessAct::Exported
        | AccessAct::Printed
        | AccessAct::Imported
        | AccessAct::ImportTakenBack
        | AccessAct::BackedUp
        | AccessAct::Restored
        | AccessAct::PairingShown
        | AccessAct::KeyChanged
        | AccessAct::Erased
        | AccessAct::EntryRefused
        | AccessAct::TokenMade
        | AccessAct::TokenRotated
        | AccessAct::TokenRevoked
        | AccessAct::ContextStopped
        | AccessAct::ContextStarted
        | AccessAct::LogSeen
        | AccessAct::LogConfirmed
        | AccessAct::NotLogged
        | AccessAct::Refused => false,
    };
    by_minute && access.outcome == AccessOutcome::Done
}

fn is_current(counted: &Counted, now: DateTime<Utc>) -> bool {
    // A clock that was set back begins another minute.
    (counted.since..counted.since + COUNTED_FOR).contains(&now)
}

impl State {
    fn push(&mut self, noted: Noted) {
        if self.waiting.len() < WAITING_MAX {
            self.waiting.push_back(noted);
        } else {
            self.lost = self.lost.saturating_add(1);
        }
    }

    /// Ends a count. Only lists say how many more there were: that a person was read is said already.
    fn end_count(&mut self, key: &CountKey, now: DateTime<Utc>) {
        let Some(counted) = self.counts.remove(key) else { return };
        let (by, act, whose) = *key;
        if act == AccessAct::ListShown && counted.more > 0 {
            self.push(Noted { at: now, access: Access::done(by, act).of(whose).counting(counted.more) });
        }
    }

    fn end_counts(&mut self, now: DateTime<Utc>) {
        let over = self.counts.iter().filter(|(_, counted)| !is_current(counted, now));
        let over: Vec<CountKey> = over.map(|(key, _)| *key).collect();
        for key in over {
            self.end_count(&key, now);
        }
    }

    fn end_all_counts(&mut self, now: DateTime<Utc>) {
        let all: Vec<CountKey> = self.counts.keys().copied().collect();
        for key in all {
            self.end_count(&key, now);
        }
    }

    /// Returns the next rows to write, and how many lost ones the last of them reports.
    fn next_rows(&self, now: DateTime<Utc>, terminal_id: Option<TerminalId>) -> (Vec<AccessRow>, u32) {
        let row = |noted: &Noted| AccessRow { at: noted.at, terminal_id, access: noted.access };
        let mut rows: Vec<AccessRow> = self.waiting.iter().take(WRITE_BATCH).map(row).collect();
        // After those that waited longer.
        let reported = if self.waiting.len() <= WRITE_BATCH { self.lost } else { 0 };
        if reported > 0 {
            let access = Access::done(AccessBy::Program, AccessAct::NotLogged).counting(reported);
            rows.push(AccessRow { at: now, terminal_id, access });
        }
        (rows, reported)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use async_trait::async_trait;
    use nosmoke_domain::ids::StaffId;
    use nosmoke_ports::contract::AppError;
    use nosmoke_ports::contract::ErrorCode;
    use nosmoke_ports::{AccessExtent, AccessQuery, StoredAccess};
    use uuid::Uuid;

    use super::*;

    /// A log in memory that can be made to fail.
    #[derive(Debug, Default)]
    struct Memory {
        rows: Mutex<Vec<AccessRow>>,
        fails: Mutex<bool>,
    }

    #[async_trait]
    impl AccessLog for Memory {
        async fn append(&self, rows: Vec<AccessRow>) -> Result<(), StoreError> {
            if *self.fails.lock() {
                return Err(StoreError::DiskFull);
            }
            self.rows.lock().extend(rows);
            Ok(())
        }

        async fn page(&self, _: AccessQuery) -> Result<Vec<StoredAccess>, StoreError> {
            Ok(Vec::new())
        }

        async fn extent(&self) -> Result<AccessExtent, StoreError> {
            Ok(AccessExtent::default())
        }

        async fn verify(&self) -> Result<Option<i64>, StoreError> {
            Ok(None)
        }

        async fn prune(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<u64, StoreError> {
            Ok(0)
        }

        async fn count_about(&self, _: Vec<CustomerId>) -> Result<u32, StoreError> {
            Ok(0)
        }
    }

    #[derive(Debug)]
    struct SetClock(Mutex<DateTime<Utc>>);

    impl Clock for SetClock {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock()
        }
    }

    struct Desk {
        notes: AccessNotes,
        log: Arc<Memory>,
        clock: Arc<SetClock>,
    }

    fn desk() -> Desk {
        let (log, clock) = (Arc::new(Memory::default()), Arc::new(SetClock(Mutex::new(DateTime::UNIX_EPOCH))));
        Desk { notes: AccessNotes::new(log.clone(), clock.clone()), log, clock }
    }

    impl Desk {
        fn after_seconds(&self, seconds: i64) {
            *self.clock.0.lock() += TimeDelta::seconds(seconds);
            self.notes.state.lock().end_counts(self.clock.now());
        }

        async fn counts(&self) -> Vec<u32> {
            self.notes.write(None).await.unwrap();
            self.log.rows.lock().iter().map(|row| row.access.count).collect()
        }
    }

    fn staff() -> AccessBy {
        AccessBy::Staff(StaffId(Uuid::from_u128(1)))
    }

    #[tokio::test]
    async fn lists_are_one_row_a_minute_with_their_number() {
        let desk = desk();
        let shown = Access::done(staff(), AccessAct::ListShown).counting(50);
        desk.notes.note(shown);
        assert_eq!(desk.counts().await, [50]);
        for _ in 0..3 {
            desk.after_seconds(10);
            desk.notes.note(shown);
        }
        assert_eq!(desk.counts().await, [50]);
        desk.after_seconds(31);
        assert_eq!(desk.counts().await, [50, 150]);
        desk.after_seconds(100);
        assert_eq!(desk.counts().await, [50, 150]);
    }

    #[tokio::test]
    async fn a_person_read_again_and_again_is_one_row_a_minute_and_each_refusal_one() {
        let desk = desk();
        let of = |n| Access::done(staff(), AccessAct::PersonRead).of(Some(CustomerId(Uuid::from_u128(n))));
        for _ in 0..10 {
            desk.notes.note(of(1));
            desk.notes.note(of(2));
        }
        assert_eq!(desk.counts().await.len(), 2);
        desk.after_seconds(60);
        desk.notes.note(of(1));
        assert_eq!(desk.counts().await.len(), 3);
        let refused: Result<(), _> = Err(AppError::new(ErrorCode::NotAuthorised));
        desk.notes.note(of(1).ended(&refused));
        desk.notes.note(of(1).ended(&refused));
        assert_eq!(desk.counts().await.len(), 5);
        // A clock that is set back doesn't hide a minute.
        desk.after_seconds(-3_600);
        desk.notes.note(of(1));
        assert_eq!(desk.counts().await.len(), 6);
    }

    #[tokio::test]
    async fn rows_wait_while_the_file_cannot_be_written_and_lost_ones_are_counted() {
        let desk = desk();
        *desk.log.fails.lock() = true;
        let row = Access::done(staff(), AccessAct::Printed);
        desk.notes.note(row);
        assert_eq!(desk.notes.problem(), None);
        desk.notes.write(None).await.unwrap_err();
        desk.after_seconds(5);
        for _ in 0..WAITING_MAX + 4 {
            desk.notes.note(row);
        }
        desk.notes.write(None).await.unwrap_err();
        let problem = desk.notes.problem().unwrap();
        assert_eq!((problem.since, problem.error), (DateTime::UNIX_EPOCH, StoreError::DiskFull));
        assert_eq!((problem.waiting, problem.lost), (WAITING_MAX, 5));
        *desk.log.fails.lock() = false;
        desk.notes.write(None).await.unwrap();
        assert_eq!(desk.notes.problem(), None);
        let rows = desk.log.rows.lock();
        assert_eq!(rows.len(), WAITING_MAX + 1);
        let last = rows.last().unwrap().access;
        assert_eq!((last.act, last.count), (AccessAct::NotLogged, 5));
    }

    #[tokio::test]
    async fn what_is_left_is_written_at_the_end() {
        let desk = desk();
        let shown = Access::done(staff(), AccessAct::ListShown).counting(2);
        desk.notes.note(shown);
        desk.notes.note(shown);
        desk.notes.end(None).await;
        let counts: Vec<u32> = desk.log.rows.lock().iter().map(|row| row.access.count).collect();
        assert_eq!(counts, [2, 2]);
    }
}
