//! A desk for tests: a terminal on real files, without a window.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nosmoke_application::commands::{Membership, set_up};
use nosmoke_application::jobs::{Jobs, Progress};
use nosmoke_application::permission::{Authority, By, Caller};
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId, StaffId, VisitId};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{
    AppError, Area, CustomerCard, ErrorCode, Job, JobKind, JobState, MypageEntry, MypageFilter, MypageInput,
    MypagePage, Outcome, SetUpInput,
};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Clock, Priority, RandomIds, ReferenceKind, StoreError, Worker, Write, write};
use nosmoke_reading::reference::{self, StaffBody};
use nosmoke_replication::incarnations::restore;
use nosmoke_store::Store;
use nosmoke_tests::{membership_of, sign_manager_in};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::clock::TestClock;

/// A facility with one terminal. Its workers run only in [`Desk::settle`], unless a test starts them.
pub struct Desk {
    pub folder: TempDir,
    pub store: Store,
    pub terminal: Terminal,
    pub clock: Arc<TestClock>,
    pub area: Area,
}

impl Desk {
    /// Sets up the facility `한빛역 환승센터` with the area `453!#FEQ`.
    pub async fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap()).await
    }

    /// Sets up another terminal of this desk's facility, with areas of its own.
    pub async fn beside(&self) -> Self {
        Self::of(membership_of(&*self.terminal.core.journal).await).await
    }

    pub async fn of(membership: Membership) -> Self {
        Self::set_up(tempfile::tempdir().unwrap(), membership).await
    }

    pub async fn in_folder(folder: TempDir) -> Self {
        Self::set_up(folder, Membership::founding(&RandomIds)).await
    }

    /// A folder that isn't set up. It has no area.
    pub async fn empty() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(TestClock::default()));
        let (store, terminal) = open(folder.path(), clock.clone()).await;
        let area = Area { area_id: AreaId(Uuid::nil()), name: String::new(), capacity: None };
        Self { folder, store, terminal, clock, area }
    }

    async fn set_up(folder: TempDir, membership: Membership) -> Self {
        let clock = Arc::new(TestClock::default());
        let (store, terminal) = open(folder.path(), clock.clone()).await;
        let input = SetUpInput {
            facility_name: "한빛역 환승센터".into(),
            terminal_name: "단말 1".into(),
            areas: serde_json::from_value(json!([{ "name": "453!#FEQ" }, { "name": "옥상", "capacity": 2 }])).unwrap(),
            manager_name: "박서연".into(),
            pin: "135790".into(),
        };
        let first = set_up(&*terminal.core.journal, Arc::new(RandomIds), clock.now(), membership, input).await.unwrap();
        terminal.people.enter(first.staff_id);
        let area = areas(&terminal).await.remove(0);
        Self { folder, store, terminal, clock, area }
    }

    /// Closes and reopens the folder, as a restart does.
    pub async fn restart(self) -> Self {
        self.restart_after(async |_| ()).await
    }

    /// Closes the folder, applies a change to it, and reopens it.
    pub async fn restart_after(self, change: impl AsyncFnOnce(&Path)) -> Self {
        let clock = self.clock.clone();
        let folder = self.close().await;
        change(folder.path()).await;
        Self::open(folder, clock).await
    }

    pub async fn close(self) -> TempDir {
        let Self { folder, store, terminal, .. } = self;
        drop(terminal);
        store.close().await;
        folder
    }

    /// Opens a folder that is already set up.
    pub async fn open(folder: TempDir, clock: Arc<TestClock>) -> Self {
        let (store, terminal) = open(folder.path(), clock.clone()).await;
        let area = areas(&terminal).await.remove(0);
        Self { folder, store, terminal, clock, area }
    }

    pub async fn areas(&self) -> Vec<Area> {
        areas(&self.terminal).await
    }

    pub async fn caller(&self) -> Caller {
        self.terminal.queries.caller().await.unwrap()
    }

    /// Lets a member of staff work at this terminal, as [`Self::staff`] returns them.
    pub fn hand_to(&self, caller: Caller) {
        let By::Staff(id) = caller.by else { panic!("{caller:?}") };
        self.terminal.people.enter(id);
    }

    pub async fn authority(&self) -> Authority {
        self.terminal.queries.authority().await.unwrap()
    }

    /// Adds a member of staff with this role, without a PIN.
    pub async fn staff(&self, role: Role) -> Caller {
        let staff_id = StaffId(Uuid::new_v4());
        let body = StaffBody { name: format!("{role:?}"), role, pin_hash: None, retired: false };
        self.put_staff(staff_id, body).await;
        Caller::staff(staff_id)
    }

    pub async fn put_staff(&self, staff_id: StaffId, body: StaffBody) {
        let now = self.clock.now();
        let unit =
            move |tx: &mut dyn Write| reference::put(tx, &RandomIds, now, (ReferenceKind::Staff, staff_id.0), &body);
        write::<_, StoreError>(&*self.terminal.core.journal, Priority::Command, unit).await.unwrap();
    }

    /// Gives a command with a new idempotency key.
    pub async fn give(&self, command: Value) -> Result<Outcome, AppError> {
        self.give_with_key(&Uuid::new_v4().to_string(), command).await
    }

    pub async fn give_with_key(&self, key: &str, command: Value) -> Result<Outcome, AppError> {
        let request = json!({ "idempotencyKey": key, "command": command });
        self.terminal.commands.record(self.caller().await, request).await
    }

    /// Gives a command that must be refused, and returns the error code. Checks that nothing was recorded.
    pub async fn refused(&self, command: Value) -> ErrorCode {
        self.refusal(command).await.code
    }

    pub async fn refusal(&self, command: Value) -> AppError {
        let before = self.facts().await;
        let error = self.give(command.clone()).await.expect_err(&command.to_string());
        assert_eq!(self.facts().await, before, "{command} was refused but recorded something");
        error
    }

    pub async fn facts(&self) -> u64 {
        self.store.sqlite_journal().count_facts().await.unwrap()
    }

    /// Steps every worker until all are idle.
    pub async fn settle(&self) {
        nosmoke_tests::settle::settle(&self.terminal.workers).await.unwrap();
    }

    /// Steps every worker except some until all are idle.
    pub async fn settle_but(&self, not: &[Worker]) {
        nosmoke_tests::settle::settle_but(&self.terminal.workers, not).await.unwrap();
    }

    pub async fn customer(&self, name: &str) -> CustomerId {
        match self.give(json!({ "type": "registerCustomer", "profile": { "name": name } })).await.unwrap() {
            Outcome::CustomerSaved { customer_id, .. } => customer_id,
            other => panic!("{other:?}"),
        }
    }

    pub async fn check_in(&self, customer: CustomerId) -> VisitId {
        let command = json!({ "type": "checkIn", "customerId": customer, "areaId": self.area.area_id });
        match self.give(command).await.unwrap() {
            Outcome::CheckedIn { visit_id, .. } => visit_id,
            other => panic!("{other:?}"),
        }
    }

    pub async fn check_out(&self, visit: VisitId) -> Outcome {
        self.give(json!({ "type": "checkOut", "visitId": visit })).await.unwrap()
    }

    /// Checks a customer in and out, and runs the workers so that the visit earns points.
    pub async fn visit(&self, customer: CustomerId) -> VisitId {
        let visit = self.check_in(customer).await;
        self.check_out(visit).await;
        self.settle().await;
        visit
    }

    pub async fn pay(&self, customer: CustomerId, points: u64) -> Result<Outcome, AppError> {
        self.give(json!({ "type": "pay", "customerId": customer, "points": points })).await
    }

    pub async fn penalty(&self, customer: CustomerId, points: u64) -> PenaltyId {
        let command = json!({ "type": "imposePenalty", "customerId": customer, "points": points });
        match self.give(command).await.unwrap() {
            Outcome::PenaltyImposed { penalty_id, .. } => penalty_id,
            other => panic!("{other:?}"),
        }
    }

    pub async fn deduct(&self, penalty: PenaltyId, ground: &str, points: Option<u64>) -> Result<Outcome, AppError> {
        let mut command = json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": ground });
        if let Some(points) = points {
            command["points"] = points.into();
        }
        self.give(command).await
    }

    pub async fn card(&self, customer: CustomerId) -> CustomerCard {
        self.terminal.queries.customer_card(customer).await.unwrap()
    }

    pub async fn balance(&self, customer: CustomerId) -> i64 {
        self.card(customer).await.points.balance
    }

    pub async fn page(&self, customer: CustomerId, filter: MypageFilter) -> MypagePage {
        self.try_page(customer, filter).await.unwrap()
    }

    pub async fn try_page(&self, customer: CustomerId, filter: MypageFilter) -> Result<MypagePage, AppError> {
        let customer_id = customer;
        let input = MypageInput { customer_id, filter, from: None, to: None, cursor: None, limit: 100, moment: None };
        self.terminal.queries.mypage(input).await
    }

    /// Returns Mypage's entries, oldest first, as (kind, status, points, penalty points).
    pub async fn lines(&self, customer: CustomerId, filter: MypageFilter) -> Vec<(String, String, i64, i64)> {
        let entries = self.page(customer, filter).await.entries;
        entries.iter().rev().map(line).collect()
    }
}

fn line(entry: &MypageEntry) -> (String, String, i64, i64) {
    let kind = serde_json::to_value(entry.kind).unwrap().as_str().unwrap().to_owned();
    (kind, entry.status.clone(), entry.points.unwrap_or(0), entry.penalty_points.unwrap_or(0))
}

/// Runs a background job and waits for its end.
pub async fn job<F, W>(desk: &Desk, kind: JobKind, work: W) -> Job
where
    F: Future<Output = Result<Option<PathBuf>, AppError>> + Send + 'static,
    W: FnOnce(Arc<Progress>) -> F,
{
    let last = Arc::new(Mutex::new(None));
    let observed = last.clone();
    let jobs = Jobs::new(desk.clock.clone(), Arc::new(RandomIds), move |job| *observed.lock().unwrap() = Some(job));
    Arc::new(jobs).start(kind, work).unwrap();
    let begun = Instant::now();
    loop {
        if let Some(job) = last.lock().unwrap().clone().filter(|job| job.state != JobState::Running) {
            return job;
        }
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Parses a CSV file with an independent library.
pub fn csv_rows(path: &Path) -> Vec<csv::StringRecord> {
    let bytes = std::fs::read(path).unwrap();
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    csv::Reader::from_reader(text).records().map(Result::unwrap).collect()
}

/// Opens a folder as the window does, but without starting the workers.
async fn open(folder: &Path, clock: Arc<TestClock>) -> (Store, Terminal) {
    let store = Store::open(folder, clock.clone()).await.unwrap();
    let (journal, ids) = (store.journal(), Arc::new(RandomIds));
    let ports = Ports {
        journal: journal.clone(),
        mypage: store.mypage(),
        access: store.access(),
        clock: clock.clone(),
        ids: ids.clone(),
        traces: Traces::default(),
    };
    let terminal = Terminal::new(ports).await.unwrap();
    restore::begin_incarnation(&*journal, ids.clone()).await.unwrap();
    if terminal.queries.expect_set_up().await.is_ok() {
        restore::take_over(&*journal, clock, ids).await.unwrap();
        sign_manager_in(&terminal).await;
    }
    (store, terminal)
}

async fn areas(terminal: &Terminal) -> Vec<Area> {
    let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
    terminal.queries.session(place).await.unwrap().unwrap().areas
}
