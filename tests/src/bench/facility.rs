//! A terminal on real files, in the folder of the bench program: the system's folder for temporary files may be in
//! memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_application::commands::{Membership, set_up};
use nosmoke_application::permission::Caller;
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_application::workers::REST_BEFORE_HANDING_OVER;
use nosmoke_domain::ids::{AreaId, CustomerId, VisitId};
use nosmoke_ports::contract::{AppError, Outcome, SetUpInput};
use nosmoke_ports::{Clock, RandomIds, SystemClock};
use nosmoke_replication::incarnations::restore;
use nosmoke_store::Store;
use nosmoke_tests::disk::{Calls, calls};
use nosmoke_tests::{membership_of, sign_manager_in};
use nosmoke_traces::Recording;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// Makes a temporary folder on the measured disk.
pub(crate) fn folder() -> TempDir {
    let program = std::env::current_exe().unwrap();
    TempDir::with_prefix_in("bench-", program.parent().unwrap()).unwrap()
}

/// A facility with one terminal, whose workers run only if a bench starts them.
pub(crate) struct Facility {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    pub(crate) terminal: Terminal,
    pub(crate) caller: Caller,
    area: AreaId,
}

/// The system's clock, in a process that has already run for ten minutes.
#[derive(Debug)]
struct RestedClock;

impl Clock for RestedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn uptime(&self) -> Duration {
        SystemClock.uptime() + REST_BEFORE_HANDING_OVER
    }
}

impl Facility {
    pub(crate) async fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock)).await
    }

    /// Another terminal of the same facility, with areas of its own.
    pub(crate) async fn beside(&self) -> Self {
        Self::joining(membership_of(&*self.terminal.core.journal).await).await
    }

    pub(crate) async fn joining(membership: Membership) -> Self {
        Self::set_up(Arc::new(SystemClock), membership).await
    }

    /// A terminal that hands over its points at once: it has already run for ten minutes without anything happening.
    pub(crate) async fn rested() -> Self {
        Self::with_clock(Arc::new(RestedClock)).await
    }

    async fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self::set_up(clock, Membership::founding(&RandomIds)).await
    }

    async fn set_up(clock: Arc<dyn Clock>, membership: Membership) -> Self {
        let folder = folder();
        let (store, terminal) = open_with(folder.path(), clock).await;
        let input = SetUpInput {
            facility_name: "한빛역 환승센터".into(),
            terminal_name: "단말 1".into(),
            areas: serde_json::from_value(json!([{ "name": "453!#FEQ" }])).unwrap(),
            manager_name: "박서연".into(),
            pin: "135790".into(),
        };
        let (journal, now) = (&*terminal.core.journal, SystemClock.now());
        let first = set_up(journal, Arc::new(RandomIds), now, membership, input).await.unwrap();
        terminal.people.enter(first.staff_id);
        Self::of(folder, store, terminal).await
    }

    /// Opens a facility's folder again.
    pub(crate) async fn reopened(folder: TempDir) -> Self {
        let (store, terminal) = open(folder.path()).await;
        sign_manager_in(&terminal).await;
        Self::of(folder, store, terminal).await
    }

    async fn of(folder: TempDir, store: Store, terminal: Terminal) -> Self {
        let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
        let area = terminal.queries.session(place).await.unwrap().unwrap().areas[0].area_id;
        let caller = terminal.queries.caller().await.unwrap();
        Self { folder, store, terminal, caller, area }
    }

    pub(crate) async fn close(self) -> TempDir {
        let Self { folder, store, terminal, .. } = self;
        drop(terminal);
        store.close().await;
        folder
    }

    pub(crate) fn area(&self) -> AreaId {
        self.area
    }

    /// Returns the counters of SQLite's disk calls for one file of the data folder.
    pub(crate) fn calls(&self, file: &str) -> &'static Calls {
        calls(&self.folder.path().join(file))
    }

    pub(crate) async fn give(&self, command: Value) -> Outcome {
        self.try_give(command).await.unwrap()
    }

    pub(crate) async fn try_give(&self, command: Value) -> Result<Outcome, AppError> {
        let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
        self.terminal.commands.record(self.caller, request).await
    }

    /// Registers customers for the bench to check in and out.
    pub(crate) async fn guests(&self, count: usize) -> Vec<Guest> {
        let mut guests = Vec::with_capacity(count);
        for number in 0..count {
            let profile = json!({ "name": format!("고객 {number}") });
            match self.give(json!({ "type": "registerCustomer", "profile": profile })).await {
                Outcome::CustomerSaved { customer_id, .. } => {
                    guests.push(Guest { customer: customer_id, inside: None });
                }
                other => panic!("{other:?}"),
            }
        }
        guests
    }
}

/// A customer who is checked in and out in turn.
#[derive(Debug)]
pub(crate) struct Guest {
    customer: CustomerId,
    inside: Option<VisitId>,
}

impl Guest {
    /// A customer who isn't inside.
    pub(crate) fn of(customer: CustomerId) -> Self {
        Self { customer, inside: None }
    }

    pub(crate) async fn step(&mut self, facility: &Facility) {
        let command = match self.inside {
            Some(visit) => json!({ "type": "checkOut", "visitId": visit }),
            None => json!({ "type": "checkIn", "customerId": self.customer, "areaId": facility.area }),
        };
        self.inside = match facility.give(command).await {
            Outcome::CheckedIn { visit_id, .. } => Some(visit_id),
            _ => None,
        };
    }
}

/// Opens a folder as the window does, but without starting the workers.
pub(crate) async fn open(folder: &Path) -> (Store, Terminal) {
    open_with(folder, Arc::new(SystemClock)).await
}

async fn open_with(folder: &Path, clock: Arc<dyn Clock>) -> (Store, Terminal) {
    let ids = Arc::new(RandomIds);
    let store = Store::open(folder, clock.clone()).await.unwrap();
    let journal = store.journal();
    let ports = Ports {
        journal: journal.clone(),
        mypage: store.mypage(),
        access: store.access(),
        clock: clock.clone(),
        ids: ids.clone(),
        traces: Recording::begin(store.spans(), "bench").traces(),
    };
    let terminal = Terminal::new(ports).await.unwrap();
    restore::begin_incarnation(&*journal, ids.clone()).await.unwrap();
    if terminal.queries.expect_set_up().await.is_ok() {
        restore::take_over(&*journal, clock, ids).await.unwrap();
    }
    (store, terminal)
}
