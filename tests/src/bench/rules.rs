//! Rules in a large facility: a preview of a draft, and the levels of a new set for everybody with something outstanding,
//! with kills in the middle (ADR 0041). How long commands take meanwhile is compared with an idle desk.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::jobs::{Progress, preview_rules};
use nosmoke_domain::fact::{Draft, Payload, PenaltyImposed, Recorder};
use nosmoke_domain::ids::{AccrualId, CustomerId, EventId, PenaltyId};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::contract::{JobKind, RevisionView};
use nosmoke_ports::search_keys::keys;
use nosmoke_ports::{Clock, Ids, Priority, Profile, RandomIds, StoreError, SystemClock, Write, read, write};
use nosmoke_runtime::feed::WORKERS;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::desk::{Desk, p99};
use crate::facility::{Facility, open};
use crate::measure::float;
use crate::table::{Limit, Table};

const CUSTOMERS: u32 = 100_000;
/// Those with an open penalty when the draft is previewed.
const PENALISED: u32 = 20_000;
const BATCH: u32 = 1_000;
/// The parts of the revision at which the program is killed.
const KILLED_AT: [f64; 2] = [0.2, 0.5];
const LOOK_INTERVAL: Duration = Duration::from_millis(20);
/// The word with which this program runs as the process that is killed.
pub(crate) const REVISE: &str = "revise";

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Rules: 100,000 customers");
    let facility = Facility::new().await;
    let mut desk = Desk::new(&facility).await;
    for batch in 0..CUSTOMERS / BATCH {
        record(&facility, batch, batch < PENALISED / BATCH).await;
    }
    let running = facility.terminal.start(|_| ());
    caught_up(&facility).await;
    let idle = p99(desk.latencies(&facility).await);
    let began = Instant::now();
    let queries = facility.terminal.queries.clone();
    let draft = queries.rules_editor().await.unwrap().form;
    let mut stricter = draft.clone();
    (stricter.warn_at, stricter.levels[0].at) = ("10".into(), "20".into());
    queries.save_rules_draft(stricter).await.unwrap();
    let progress = Arc::new(Progress::unfollowed(JobKind::PreviewRules, &facility.terminal.core.clock));
    let preview = tokio::spawn(async move { preview_rules(&queries, progress).await.map(|it| (it, began.elapsed())) });
    let busy = desk.latencies_until(&facility, || preview.is_finished()).await;
    let (previewed, took) = preview.await.unwrap().unwrap();
    assert_eq!(previewed.customers, u64::from(PENALISED));
    table.row("seconds of a preview over 20,000 open penalties", took.as_secs_f64(), Limit::AtMost(10.0));
    let ratio = p99(busy).as_secs_f64() / idle.as_secs_f64();
    table.row("p99 of a desk command during the preview, to idle", ratio, Limit::AtMost(2.0));

    for batch in PENALISED / BATCH..CUSTOMERS / BATCH {
        penalise(&facility, batch).await;
    }
    caught_up(&facility).await;
    publish(&facility).await;
    running.stop().await;
    revise(facility.close().await, idle, table).await;
}

/// Lets the revision run to its end, through kills, and checks that it reached every customer exactly once.
async fn revise(folder: TempDir, idle: Duration, table: &mut Table) {
    let mut spent = Duration::ZERO;
    for part in KILLED_AT {
        spent += killed_at(folder.path(), part);
    }
    let facility = Facility::reopened(folder).await;
    let mut desk = Desk::new(&facility).await;
    let running = facility.terminal.start(|_| ());
    let (core, began) = (facility.terminal.core.clone(), Instant::now());
    let (queries, looked) = (facility.terminal.queries.clone(), Arc::new(std::sync::OnceLock::new()));
    let ended = looked.clone();
    let looking = tokio::spawn(async move {
        while !revision(queries.rules_editor().await.unwrap().revision).complete {
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
        ended.set(began.elapsed()).unwrap();
    });
    let busy = desk.latencies_until(&facility, || looked.get().is_some()).await;
    looking.await.unwrap();
    spent += *looked.get().unwrap();
    running.stop().await;
    let revised = read::<_, StoreError>(&*core.journal, |tx| {
        let (mut revised, mut after) = (BTreeMap::<CustomerId, u32>::new(), 0);
        loop {
            let changes = tx.changes(after, 4_096)?;
            let Some(last) = changes.last() else { return Ok(revised) };
            after = last.change_seq;
            let facts = changes.iter().map(|change| &change.recorded.fact);
            for fact in facts.filter(|fact| matches!(fact.payload, Payload::LevelsRevised(_))) {
                *revised.entry(fact.customer_id).or_default() += 1;
            }
        }
    })
    .await
    .unwrap();
    let twice = revised.values().filter(|times| **times != 1).count();
    let count = float(revised.len().try_into().unwrap());
    table.row("customers whose levels were revised, of 100,000", count, Limit::Exactly(f64::from(CUSTOMERS)));
    table.row("of them not exactly once", float(twice.try_into().unwrap()), Limit::Exactly(0.0));
    table.row("seconds of the revision, killed twice", spent.as_secs_f64(), Limit::None);
    let ratio = p99(busy).as_secs_f64() / idle.as_secs_f64();
    // A revision of everybody happens once in years, and each of its steps is one transaction before the command's.
    table.row("p99 of a desk command during the revision, to idle", ratio, Limit::AtMost(3.0));
    facility.close().await;
}

/// Runs the revision in a process of its own and kills it (SIGKILL) once it has reached a part of the customers. Returns how
/// long it ran.
fn killed_at(folder: &Path, part: f64) -> Duration {
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program).arg(REVISE).arg(folder).stdout(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let revised: f64 = line.unwrap().parse().unwrap();
        if revised >= part * f64::from(CUSTOMERS) {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    began.elapsed()
}

/// The process that is killed: runs the workers and prints how many customers the revision has reached.
pub(crate) async fn run_until_killed(folder: &Path) {
    let (_store, terminal) = open(folder).await;
    let _running = terminal.start(|_| ());
    loop {
        let revised = revision(terminal.queries.rules_editor().await.unwrap().revision).revised;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{revised}").and_then(|()| out.flush()).unwrap();
        drop(out);
        tokio::time::sleep(LOOK_INTERVAL).await;
    }
}

fn revision(view: Option<RevisionView>) -> RevisionView {
    view.expect("a set for present standings")
}

async fn caught_up(facility: &Facility) {
    while !facility.terminal.core.feed.caught_up(&WORKERS).await {}
}

/// Publishes higher levels for present standings.
async fn publish(facility: &Facility) {
    let editor = facility.terminal.queries.rules_editor().await.unwrap();
    let (mut form, base) = (editor.form, editor.in_force.id);
    (form.warn_at, form.levels[0].at) = ("30".into(), "60".into());
    let command = json!({ "type": "publishRules", "base": base, "form": form, "reason": "bench", "toPresent": true });
    facility.give(command).await;
}

fn customer(number: u32) -> CustomerId {
    CustomerId(Uuid::from_u128(0x0191_b2b2_0000_4000_8000_0000_0000_0000 + u128::from(number)))
}

/// Registers a batch of customers, each with a penalty if wanted.
async fn record(facility: &Facility, batch: u32, is_penalised: bool) {
    let now = SystemClock.now();
    let profile = move |number: u32| {
        let (name, card) = (format!("고객 {number}"), format!("NS-{number:06}"));
        let keys = keys(Some(&name), None, Some(&card));
        let profile = Profile {
            customer_id: customer(number),
            revision: 1,
            event_id: EventId(Uuid::new_v4()),
            base_revision: 0,
            bases: Vec::new(),
            name: Some(name),
            phone: None,
            card: Some(card),
            registered_at: now,
            consent_on: None,
            erased: false,
        };
        (profile, keys)
    };
    let profiles: Vec<_> = (batch * BATCH..(batch + 1) * BATCH).map(profile).collect();
    let put = move |tx: &mut dyn Write| profiles.iter().try_for_each(|(profile, keys)| tx.put_profile(profile, keys));
    write::<_, StoreError>(&*facility.terminal.core.journal, Priority::Command, put).await.unwrap();
    if is_penalised {
        penalise(facility, batch).await;
    }
}

/// Imposes a penalty on each customer of a batch: 10, 20, 30 or 40 points, over the last weeks.
async fn penalise(facility: &Facility, batch: u32) {
    let now = SystemClock.now();
    let drafts: Vec<Draft> = (batch * BATCH..(batch + 1) * BATCH).map(|number| penalty(number, now)).collect();
    let append = move |tx: &mut dyn Write| tx.append(drafts.clone());
    let journal = &*facility.terminal.core.journal;
    let (_, written) = write::<_, StoreError>(journal, Priority::Command, append).await.unwrap();
    facility.terminal.core.feed.wrote(written.unwrap().last_change);
}

fn penalty(number: u32, now: DateTime<Utc>) -> Draft {
    let (penalty_id, accrual_id) = (PenaltyId(Uuid::new_v4()), AccrualId(Uuid::new_v4()));
    let points = Points::new(u64::from(10 * (1 + number % 4))).unwrap();
    let levels = Rules::default().levels;
    let at = now - TimeDelta::hours(i64::from(1 + number % 700));
    Draft {
        event_id: EventId(RandomIds.ordered(at)),
        customer_id: customer(number),
        occurred_at: at,
        recorded_at: at,
        recorded_by: Recorder::Program,
        approved_by: None,
        causation_id: None,
        rules: 1,
        traceparent: None,
        payload: PenaltyImposed::new(penalty_id, accrual_id, points, PenaltyCode::BASIC, levels).into(),
    }
}
