//! Runs a terminal, composed as in the window, in its own process, for tests of several terminals. With `--before`, the
//! terminal behaves like an older program that doesn't know this type of fact. The arguments:
//!
//! `terminal <data folder> <folder of marks> <servers> <prefix> <name> [--join <code>] [--clock-ms <offset>]
//! [--uptime-rate <n>] [--before <type of fact>]`
//!
//! With `--uptime-rate`, the process's time passes n times as fast, so that two minutes of silence take seconds.
//!
//! Prints `{"ready": <terminal id>}`, then reads requests, one a line (`{"id", "do", …}`), and answers each with a line
//! `{"id", "ok"}` or `{"id", "error"}`. The process ends when its input closes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a part of a test")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::jobs::Jobs;
use nosmoke_application::jobs::reclaim_terminal;
use nosmoke_application::permission::{Authority, Caller};
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::Terminal;
use nosmoke_application::tokens::Tokens;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose};
use nosmoke_domain::fact::{Catalogue, FACT_TYPES};
use nosmoke_domain::point::Account;
use nosmoke_ports::contract::{AppError, Connection, ConnectionInput, CustomerSearch, JobKind, JoinInput, SetUpInput};
use nosmoke_ports::{Clock, RandomIds, StoreError, SystemClock, read};
use nosmoke_reading::state::load;
use nosmoke_replication::joining::connection::ConnectionChange;
use nosmoke_replication::joining::pairing;
use nosmoke_runtime::Core;
use nosmoke_runtime::measures::Node;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

/// The system's clock with an offset, and a process time that passes faster.
#[derive(Debug)]
struct OffClock {
    off: TimeDelta,
    uptime_rate: u32,
}

impl Clock for OffClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.off
    }

    fn uptime(&self) -> Duration {
        SystemClock.uptime() * self.uptime_rate
    }
}

struct Arguments {
    folder: PathBuf,
    marks: PathBuf,
    connection: Connection,
    name: String,
    code: Option<String>,
    clock: Arc<OffClock>,
    catalogue: Catalogue,
}

fn arguments() -> Arguments {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, marks, servers, prefix, name, options @ ..] = words.as_slice() else {
        panic!("the top of this file lists the arguments")
    };
    let option = |name: &str| options.chunks(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone());
    let connection = Connection { servers: servers.clone(), prefix: prefix.clone(), ..Connection::default() };
    let off = TimeDelta::milliseconds(option("--clock-ms").map_or(0, |text| text.parse().unwrap()));
    let uptime_rate = option("--uptime-rate").map_or(1, |text| text.parse().unwrap());
    Arguments {
        folder: folder.into(),
        marks: marks.into(),
        connection,
        name: name.clone(),
        code: option("--join"),
        clock: Arc::new(OffClock { off, uptime_rate }),
        catalogue: option("--before").map_or(Catalogue::default(), |added| {
            let lacking = FACT_TYPES.chunks(1).find(|it| it[0].name() == added);
            Catalogue::before(lacking.expect("a type of fact"))
        }),
    }
}

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_env_filter("warn").with_writer(std::io::stderr).init();
    let arguments = arguments();
    let environment = Environment {
        clock: arguments.clock.clone(),
        ids: Arc::new(RandomIds),
        version: env!("CARGO_PKG_VERSION").into(),
        client: arguments.name.clone(),
        catalogue: arguments.catalogue,
    };
    let place = FolderOptions {
        folder: arguments.folder.clone(),
        purpose: Purpose::Record { marks: Some(arguments.marks.clone()) },
        // Without servers the terminal stays offline, even if its folder has a saved connection.
        replicates: !arguments.connection.servers.is_empty(),
        connection: (!arguments.connection.servers.is_empty()).then(|| ConnectionChange {
            servers: Some(arguments.connection.servers.clone()),
            prefix: Some(arguments.connection.prefix.clone()),
            ..ConnectionChange::default()
        }),
        mypage: None,
    };
    let mut open = OpenFolder::open(environment, place, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        begin(&mut open, &arguments).await;
    }
    let (terminal, tokens) = (open.terminal().clone(), open.tokens().clone());
    let journal = terminal.core.journal.clone();
    let here = read::<_, StoreError>(&*journal, |tx| tx.origin()).await.unwrap().unwrap();
    say(&json!({ "ready": here.terminal_id }));

    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let request: Value = serde_json::from_str(&line).unwrap();
        if request["do"] == "stop" {
            break;
        }
        let (terminal, tokens) = (terminal.clone(), tokens.clone());
        tokio::spawn(async move {
            let id = request["id"].clone();
            match answer(&terminal, &tokens, request).await {
                Ok(ok) => say(&json!({ "id": id, "ok": ok })),
                Err(error) => say(&json!({ "id": id, "error": error })),
            }
        });
    }
    drop((terminal, tokens, journal));
    open.close().await;
}

/// Sets up a new folder, as a new facility or, with a pairing code, as another terminal of one.
async fn begin(open: &mut OpenFolder, arguments: &Arguments) {
    if let Some(code) = arguments.code.clone() {
        let input = JoinInput {
            code,
            terminal_name: arguments.name.clone(),
            connection: ConnectionInput { connection: arguments.connection.clone(), password: None },
        };
        open.join(input).await.unwrap();
    } else {
        let input = SetUpInput {
            facility_name: "한빛역 환승센터".into(),
            terminal_name: arguments.name.clone(),
            areas: serde_json::from_value(json!([{ "name": "453!#FEQ" }])).unwrap(),
            manager_name: "박서연".into(),
            pin: "135790".into(),
        };
        open.set_up(input).await.unwrap();
    }
}

async fn answer(terminal: &Arc<Terminal>, tokens: &Tokens, request: Value) -> Result<Value, AppError> {
    let queries = &terminal.queries;
    let customer = || serde_json::from_value(request["customer"].clone()).unwrap();
    let context = || serde_json::from_value(request["context"].clone()).unwrap();
    Ok(match request["do"].as_str().unwrap() {
        "record" => {
            let caller = caller(terminal, tokens, &request["token"]);
            let command = json!({ "idempotencyKey": request["key"], "command": request["command"] });
            to_value(&terminal.commands.record(caller, command).await?)
        }
        "view" => to_value(&queries.sync_view().await?),
        "chip" => to_value(&queries.sync_chip().await?),
        "card" => to_value(&queries.customer_card(customer()).await?),
        "search" => {
            let text = request["text"].as_str().unwrap().to_owned();
            to_value(&queries.search(CustomerSearch { text, limit: 200, cursor: None }).await?)
        }
        "session" => to_value(&queries.session(place()).await?),
        "lock_screen" => to_value(&queries.lock_screen(place()).await?),
        "sign_in" => to_value(&terminal.people.sign_in(input(&request)).await?),
        "save_staff" => to_value(&terminal.people.save_staff(queries.caller().await?, input(&request)).await?),
        "retire_staff" => to_value(&terminal.people.retire_staff(queries.caller().await?, input(&request)).await?),
        "staff" => to_value(&queries.staff_members().await?),
        "make_token" => to_value(&tokens.make(input(&request)).await?),
        "recorders" => to_value(&queries.recorders().await?),
        "who" => to_value(&queries.who_did_what(input(&request)).await?),
        "review_count" => to_value(&queries.review_count().await?),
        "quarantine" => to_value(&queries.quarantine(request["after"].as_i64()).await?),
        "pairing" => to_value(&pairing::pairing(&*terminal.core.journal).await?),
        "accept" => {
            pairing::accept(&*terminal.core.journal, request["code"].as_str().unwrap()).await?;
            terminal.core.connection.retry();
            Value::Null
        }
        "renew" => {
            pairing::renew(&*terminal.core.journal, terminal.core.ids.clone()).await?;
            terminal.core.connection.retry();
            Value::Null
        }
        "retry" => {
            terminal.core.connection.retry();
            Value::Null
        }
        "reclaim" => {
            let lost = serde_json::from_value(request["terminal"].clone()).unwrap();
            reclaim(terminal, lost).await?;
            Value::Null
        }
        "stop_context" => to_value(&terminal.stop_context(Authority::OWNER, Node::Screen, context(), None).await?),
        "start_context" => to_value(&terminal.start_context(&Authority::OWNER, context()).await?),
        "contexts" => to_value(&terminal.contexts().await?),
        "rules_editor" => to_value(&queries.rules_editor().await?),
        "accounts" => accounts(terminal).await?,
        "heads" => {
            let heads = read::<_, StoreError>(&*terminal.core.journal, |tx| Ok(tx.extent()?.heads)).await?;
            to_value(&heads)
        }
        other => panic!("{other}"),
    })
}

/// The machine with this secret; without one, whoever is signed in, else the owner of the computer.
fn caller(terminal: &Terminal, tokens: &Tokens, secret: &Value) -> Caller {
    if let Some(secret) = secret.as_str() {
        return tokens.caller(secret).expect("a valid secret");
    }
    terminal.people.signed_in().map_or(Caller::OWNER, Caller::staff)
}

fn place() -> Place {
    Place { data_folder: String::new(), demonstration: false, version: String::new() }
}

fn input<T: serde::de::DeserializeOwned>(request: &Value) -> T {
    serde_json::from_value(request["input"].clone()).unwrap()
}

fn to_value<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

async fn reclaim(terminal: &Arc<Terminal>, lost: nosmoke_domain::ids::TerminalId) -> Result<(), AppError> {
    let Core { clock, ids, .. } = terminal.core.clone();
    let (sender, mut outcome) = tokio::sync::mpsc::unbounded_channel();
    let jobs = Arc::new(Jobs::new(clock, ids, |_| ()));
    let authority = Authority::OWNER;
    let terminal = terminal.clone();
    jobs.start(JobKind::Reclaim, move |progress| async move {
        drop(sender.send(reclaim_terminal(&terminal, authority, lost, progress).await));
        Ok(None)
    })?;
    outcome.recv().await.unwrap()
}

/// Returns for each customer the balance, the sum of all facts that the balance must equal, and the lowest holding of
/// any incarnation that is neither reclaimed nor forked.
async fn accounts(terminal: &Terminal) -> Result<Value, AppError> {
    let now = terminal.core.clock.now();
    read(&*terminal.core.journal, move |tx| {
        let forked = tx.forked()?;
        let mut accounts = BTreeMap::new();
        for customer in tx.customers_with_facts(None, usize::MAX)? {
            let account: Account = load(tx, customer)?.state;
            let holdings = &account.holdings;
            let live = holdings.all().filter(|(id, _)| !forked.contains(id) && !holdings.is_reclaimed(*id));
            let made = holdings.earned.0 + holdings.voided.0 + holdings.adjusted.0 + holdings.written_off(&forked);
            accounts.insert(
                customer.to_string(),
                json!({
                    "balance": i64::try_from(account.balance(now)).unwrap(),
                    "madeUp": i64::try_from(made - holdings.paid.0 - holdings.taken_back.0).unwrap(),
                    "writtenOff": i64::try_from(holdings.written_off(&forked)).unwrap(),
                    "lowest": i64::try_from(live.map(|(_, lots)| -lots.below_zero()).min().unwrap_or(0)).unwrap(),
                    "outstanding": i64::try_from(account.outstanding(now)).unwrap(),
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
