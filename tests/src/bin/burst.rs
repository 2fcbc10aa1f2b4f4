//! `burst <folder> <round>`: runs a terminal, composed as in the window, in a process that a test kills.
//!
//! Gives commands for many customers concurrently until the process is killed. For each command, prints a line before
//! it is given (`{"key", "command"}`), and another once it is answered (`{"key", "outcome"}` or `{"key", "refused"}`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of a test")]

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::permission::Caller;
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::{AreaId, CustomerId, VisitId};
use nosmoke_ports::contract::{CustomerSearch, ErrorCode, Outcome};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{RandomIds, SystemClock};
use nosmoke_replication::incarnations::restore;
use nosmoke_store::Store;
use serde_json::{Value, json};

/// A bound in case the test ended without killing this process.
const MAX_RUNTIME: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, round] = arguments.as_slice() else { panic!("burst <folder> <round>") };
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
    let store = match Store::open(&PathBuf::from(folder), clock.clone()).await {
        Ok(store) => store,
        Err(error) => return say(&json!({ "failed": error.to_string() })),
    };
    let ports = Ports {
        journal: store.journal(),
        mypage: store.mypage(),
        access: store.access(),
        clock: clock.clone(),
        ids: ids.clone(),
        traces: Traces::default(),
    };
    let terminal = Arc::new(Terminal::new(ports).await.unwrap());
    restore::begin_incarnation(&*terminal.core.journal, ids.clone()).await.unwrap();
    nosmoke_tests::sign_manager_in(&terminal).await;
    let caller = terminal.queries.caller().await.unwrap();
    restore::take_over(&*terminal.core.journal, clock, ids).await.unwrap();
    let running = terminal.start(|_| ());

    let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
    let session = terminal.queries.session(place).await.unwrap().unwrap();
    let all = CustomerSearch { text: String::new(), limit: 200, cursor: None };
    for (place, hit) in terminal.queries.search(all).await.unwrap().hits.into_iter().enumerate() {
        let customer = hit.customer.customer_id;
        let desk = |kind: &str| Desk {
            terminal: terminal.clone(),
            caller,
            customer,
            area: session.areas[0].area_id,
            keys: format!("{round}-{place}-{kind}"),
        };
        tokio::spawn(desk("visits").visits(hit.inside.map(|inside| inside.visit_id)));
        tokio::spawn(desk("points").points());
    }
    tokio::time::sleep(MAX_RUNTIME).await;
    running.stop().await;
}

/// One of two desks that serve the same customer at the same time, each in its own task.
struct Desk {
    terminal: Arc<Terminal>,
    caller: Caller,
    customer: CustomerId,
    area: AreaId,
    keys: String,
}

impl Desk {
    async fn visits(self, mut inside: Option<VisitId>) {
        for number in 0.. {
            let command = match inside {
                Some(visit_id) => json!({ "type": "checkOut", "visitId": visit_id }),
                None => json!({ "type": "checkIn", "customerId": self.customer, "areaId": self.area }),
            };
            inside = match self.give(number, command).await {
                Some(Outcome::CheckedIn { visit_id, .. }) => Some(visit_id),
                _ => None,
            };
        }
    }

    async fn points(self) {
        for number in 0.. {
            let command = if fastrand::u8(..) < 4 {
                json!({ "type": "imposePenalty", "customerId": self.customer, "points": 1 })
            } else {
                json!({ "type": "pay", "customerId": self.customer, "points": fastrand::u32(1..80) })
            };
            if self.give(number, command).await.is_none() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    }

    async fn give(&self, number: u32, command: Value) -> Option<Outcome> {
        let key = format!("{}-{number}", self.keys);
        say(&json!({ "key": key, "command": command }));
        let request = json!({ "idempotencyKey": key, "command": command });
        match self.terminal.commands.record(self.caller, request).await {
            Ok(outcome) => {
                say(&json!({ "key": key, "outcome": outcome }));
                Some(outcome)
            }
            Err(error) => {
                let expected = [ErrorCode::InsufficientPoints, ErrorCode::Prohibited, ErrorCode::AlreadyCheckedOut];
                assert!(expected.contains(&error.code), "{command}: {error}");
                say(&json!({ "key": key, "refused": error.code }));
                None
            }
        }
    }
}

fn say(line: &Value) {
    let line = format!("{line}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).unwrap();
}
