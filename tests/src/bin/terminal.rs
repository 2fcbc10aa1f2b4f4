//! A terminal in a process of its own, composed as the window composes one, for tests of many terminals:
//! `terminal <data folder> <folder of marks> <servers> <prefix> <name> [--join <code>] [--clock-ms <offset>]
//! [--before <type of fact>]`. The last makes it a program of before that type was added.
//!
//! Each line of its input is `{"id", "do", …}`; each answer a line `{"id", "ok"}` or `{"id", "error"}`. It first says
//! `{"ready": <terminal id>}`, and ends when its input does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of a test")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::jobs::Jobs;
use nosmoke_application::jobs::reclaim_terminal;
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::Terminal;
use nosmoke_composition::{Means, OpenFolder, Place as FolderPlace};
use nosmoke_domain::fact::{Catalogue, FACT_TYPES};
use nosmoke_domain::point::Account;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, Connection, ConnectionInput, CustomerSearch, JobKind, JoinInput, SetUpInput};
use nosmoke_ports::{Clock, RandomIds, StoreError, SystemClock, read};
use nosmoke_reading::state::load;
use nosmoke_replication::joining::pairing;
use nosmoke_runtime::Core;
use nosmoke_runtime::measures::Node;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

/// The system's clock, off by some time.
#[derive(Debug)]
struct OffClock(TimeDelta);

impl Clock for OffClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.0
    }
}

struct Given {
    folder: PathBuf,
    marks: PathBuf,
    connection: Connection,
    name: String,
    code: Option<String>,
    clock: Arc<OffClock>,
    catalogue: Catalogue,
}

fn given() -> Given {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, marks, servers, prefix, name, options @ ..] = words.as_slice() else {
        panic!("see the head of this file")
    };
    let option = |name: &str| options.chunks(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone());
    let connection = Connection { servers: servers.clone(), prefix: prefix.clone(), ..Connection::default() };
    let off = option("--clock-ms").map_or(0, |text| text.parse().unwrap());
    Given {
        folder: folder.into(),
        marks: marks.into(),
        connection,
        name: name.clone(),
        code: option("--join"),
        clock: Arc::new(OffClock(TimeDelta::milliseconds(off))),
        catalogue: option("--before").map_or(Catalogue::default(), |added| {
            let lacking = FACT_TYPES.chunks(1).find(|it| it[0].name() == added);
            Catalogue::before(lacking.expect("a type of fact"))
        }),
    }
}

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_env_filter("warn").with_writer(std::io::stderr).init();
    let given = given();
    let means = Means {
        clock: given.clock.clone(),
        ids: Arc::new(RandomIds),
        version: env!("CARGO_PKG_VERSION").into(),
        client: given.name.clone(),
        catalogue: given.catalogue,
    };
    let place = FolderPlace {
        folder: given.folder.clone(),
        marks: Some(given.marks.clone()),
        // Without servers it is out of reach, whatever the folder keeps.
        linked: !given.connection.servers.is_empty(),
        connection: Some(given.connection.clone()).filter(|connection| !connection.servers.is_empty()),
        mypage: None,
    };
    let mut open = OpenFolder::open(means, place, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        begin(&mut open, &given).await;
    }
    let terminal = open.terminal().clone();
    let journal = terminal.core.journal.clone();
    let here = read::<_, StoreError>(&*journal, |tx| tx.origin()).await.unwrap().unwrap();
    say(&json!({ "ready": here.terminal_id }));

    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let request: Value = serde_json::from_str(&line).unwrap();
        if request["do"] == "stop" {
            break;
        }
        let terminal = terminal.clone();
        tokio::spawn(async move {
            let id = request["id"].clone();
            match answer(&terminal, request).await {
                Ok(ok) => say(&json!({ "id": id, "ok": ok })),
                Err(error) => say(&json!({ "id": id, "error": error })),
            }
        });
    }
    drop((terminal, journal));
    open.close().await;
}

/// Sets a new folder up, as a facility of its own or as another terminal of one.
async fn begin(open: &mut OpenFolder, given: &Given) {
    if let Some(code) = given.code.clone() {
        let input = JoinInput {
            code,
            terminal_name: given.name.clone(),
            manager_name: format!("{} 담당", given.name),
            pin: "1234".into(),
            connection: ConnectionInput { connection: given.connection.clone(), password: None },
        };
        open.join(input).await.unwrap();
    } else {
        let input = SetUpInput {
            facility_name: "한빛역 환승센터".into(),
            terminal_name: given.name.clone(),
            areas: serde_json::from_value(json!([{ "name": "453!#FEQ" }])).unwrap(),
            manager_name: "박서연".into(),
            pin: "1234".into(),
        };
        open.set_up(input).await.unwrap();
    }
}

async fn answer(terminal: &Arc<Terminal>, request: Value) -> Result<Value, AppError> {
    let queries = &terminal.queries;
    let customer = || serde_json::from_value(request["customer"].clone()).unwrap();
    let context = || serde_json::from_value(request["context"].clone()).unwrap();
    Ok(match request["do"].as_str().unwrap() {
        "record" => {
            let recorder = queries.recorder().await?;
            let command = json!({ "idempotencyKey": request["key"], "command": request["command"] });
            to_value(&terminal.commands.record(recorder, command).await?)
        }
        "view" => to_value(&queries.sync_view().await?),
        "chip" => to_value(&queries.sync_chip().await?),
        "card" => to_value(&queries.customer_card(customer()).await?),
        "search" => {
            let text = request["text"].as_str().unwrap().to_owned();
            to_value(&queries.search(CustomerSearch { text, limit: 200, cursor: None }).await?)
        }
        "session" => {
            let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
            to_value(&queries.session(place).await?)
        }
        "quarantine" => to_value(&queries.quarantine(request["after"].as_i64()).await?),
        "pairing" => to_value(&pairing::pairing(&*terminal.core.journal).await?),
        "accept" => {
            pairing::accept(&*terminal.core.journal, request["code"].as_str().unwrap()).await?;
            terminal.core.link.retry();
            Value::Null
        }
        "retry" => {
            terminal.core.link.retry();
            Value::Null
        }
        "reclaim" => {
            let lost = serde_json::from_value(request["terminal"].clone()).unwrap();
            reclaim(terminal, lost).await?;
            Value::Null
        }
        "stop_context" => {
            to_value(&terminal.stop_context(queries.recorder().await?, Node::Screen, context(), None).await?)
        }
        "start_context" => to_value(&terminal.start_context(Role::Manager, context()).await?),
        "contexts" => to_value(&terminal.contexts().await?),
        "accounts" => accounts(terminal).await?,
        "heads" => {
            let heads = read::<_, StoreError>(&*terminal.core.journal, |tx| Ok(tx.extent()?.heads)).await?;
            to_value(&heads)
        }
        other => panic!("{other}"),
    })
}

fn to_value<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

async fn reclaim(terminal: &Arc<Terminal>, lost: nosmoke_domain::ids::TerminalId) -> Result<(), AppError> {
    let Core { clock, ids, .. } = terminal.core.clone();
    let (told, mut outcome) = tokio::sync::mpsc::unbounded_channel();
    let jobs = Arc::new(Jobs::new(clock, ids, |_| ()));
    let recorder = terminal.queries.recorder().await?;
    let terminal = terminal.clone();
    jobs.start(JobKind::Reclaim, move |progress| async move {
        drop(told.send(reclaim_terminal(&terminal, recorder, lost, progress).await));
        Ok(None)
    })?;
    outcome.recv().await.unwrap()
}

/// Of every customer: balance, what must make it up, and the lowest holding of a life that is neither reclaimed nor forked.
async fn accounts(terminal: &Terminal) -> Result<Value, AppError> {
    read(&*terminal.core.journal, |tx| {
        let forked = tx.forked()?;
        let mut accounts = BTreeMap::new();
        for customer in tx.customers_with_facts(None, usize::MAX)? {
            let account: Account = load(tx, customer)?.state;
            let holdings = &account.holdings;
            let live = holdings.holders().filter(|(life, _)| !forked.contains(life) && !holdings.is_reclaimed(*life));
            let made = holdings.earned.0 + holdings.voided.0 + holdings.adjusted.0 + holdings.written_off(&forked);
            accounts.insert(
                customer.to_string(),
                json!({
                    "balance": i64::try_from(account.balance()).unwrap(),
                    "madeUp": i64::try_from(made - holdings.paid.0).unwrap(),
                    "writtenOff": i64::try_from(holdings.written_off(&forked)).unwrap(),
                    "lowest": i64::try_from(live.map(|(_, held)| held).min().unwrap_or(0)).unwrap(),
                    "outstanding": i64::try_from(account.outstanding()).unwrap(),
                }),
            );
        }
        Ok(json!(accounts))
    })
    .await
}

fn say(line: &Value) {
    let line = format!("{line}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).unwrap();
}
