//! A terminal on real files, on the disk that the program was built on: a folder for temporary files may be in memory.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::commands::set_up;
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::{AreaId, CustomerId, VisitId};
use nosmoke_ports::contract::{Outcome, SetUpInput};
use nosmoke_ports::{Clock, RandomIds, SystemClock};
use nosmoke_replication::lives::restore;
use nosmoke_store::Store;
use nosmoke_tests::disk::{Calls, calls};
use nosmoke_traces::Recording;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// A folder on the disk that is measured.
pub(crate) fn folder() -> TempDir {
    let program = std::env::current_exe().unwrap();
    TempDir::with_prefix_in("bench-", program.parent().unwrap()).unwrap()
}

/// One facility on one terminal, whose workers don't run unless they are started.
pub(crate) struct Facility {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    pub(crate) terminal: Terminal,
    pub(crate) recorder: Recorder,
    area: AreaId,
}

impl Facility {
    pub(crate) async fn new() -> Self {
        let folder = folder();
        let (store, terminal) = open(folder.path()).await;
        let input = SetUpInput {
            facility_name: "한빛역 환승센터".into(),
            terminal_name: "단말 1".into(),
            areas: serde_json::from_value(json!([{ "name": "453!#FEQ" }])).unwrap(),
            manager_name: "박서연".into(),
            pin: "1234".into(),
        };
        set_up(&*terminal.core.journal, Arc::new(RandomIds), SystemClock.now(), input).await.unwrap();
        let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
        let area = terminal.queries.session(place).await.unwrap().unwrap().areas[0].area_id;
        let recorder = terminal.queries.recorder().await.unwrap();
        Self { folder, store, terminal, recorder, area }
    }

    pub(crate) async fn close(self) -> TempDir {
        let Self { folder, store, terminal, .. } = self;
        drop(terminal);
        store.close().await;
        folder
    }

    /// SQLite's calls for one of the folder's files.
    pub(crate) fn calls(&self, file: &str) -> &'static Calls {
        calls(&self.folder.path().join(file))
    }

    pub(crate) async fn give(&self, command: Value) -> Outcome {
        let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
        self.terminal.commands.record(self.recorder, request).await.unwrap()
    }

    /// Registers customers who come and go.
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

/// A customer who checks in when outside and out when inside.
#[derive(Debug)]
pub(crate) struct Guest {
    customer: CustomerId,
    inside: Option<VisitId>,
}

impl Guest {
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

/// As the window opens a folder, but for the workers, which aren't started.
pub(crate) async fn open(folder: &Path) -> (Store, Terminal) {
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
    let store = Store::open(folder, clock.clone()).await.unwrap();
    let journal = store.journal();
    let ports = Ports {
        journal: journal.clone(),
        mypage: store.mypage(),
        clock: clock.clone(),
        ids: ids.clone(),
        traces: Recording::begin(store.spans(), "bench").traces(),
    };
    let terminal = Terminal::new(ports).await.unwrap();
    restore::begin_incarnation(&*journal, ids.clone()).await.unwrap();
    if let Ok(recorder) = terminal.queries.recorder().await {
        restore::take_over(&*journal, clock, ids, recorder).await.unwrap();
    }
    (store, terminal)
}
