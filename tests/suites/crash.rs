//! Kills a terminal at random moments: no answered command is lost, and none is recorded twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_domain::fact::Payload;
use nosmoke_ports::contract::Outcome;
use nosmoke_ports::{Change, Clock, StoreError, SystemClock, read};
use nosmoke_store::ChainCursor;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::clock::TestClock;
use crate::inspection::{assert_contiguous, balances};
use crate::support::Desk;

const KILLS: usize = 50;
const CUSTOMERS: usize = 12;
/// Bounds the time until a kill. In even rounds it counts from the start of the process, in odd ones from the first
/// command of the burst.
const MAX_BURST_MS: u64 = 200;

/// The commands and answers that the program `burst` printed before it was killed.
#[derive(Default)]
struct BurstLog {
    /// The commands given, by idempotency key.
    given: BTreeMap<String, Value>,
    answered: BTreeMap<String, Outcome>,
    refused: BTreeSet<String>,
}

/// A process of the program `burst`; dropping this value kills the process.
pub struct Burst(Child);

impl Drop for Burst {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn start(folder: &Path, round: usize, output: &Path) -> Burst {
    let (out, errors) = (File::create(output).unwrap(), File::create(output.with_extension("errors")).unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_burst"));
    command.arg(folder).arg(round.to_string()).stdin(Stdio::null()).stdout(out).stderr(errors);
    Burst(command.spawn().unwrap())
}

/// Lets the program `burst` run for this long, kills it, and reads its output.
async fn killed_after(time: Duration, folder: &Path, round: usize, output: &Path) -> BurstLog {
    let mut burst = start(folder, round, output);
    let begun = Instant::now();
    while round % 2 == 1 && std::fs::metadata(output).unwrap().len() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the burst doesn't start");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(time).await;
    assert_eq!(burst.0.try_wait().unwrap(), None, "{}", std::fs::read_to_string(output).unwrap());
    drop(burst); // SIGKILL
    assert_eq!(std::fs::read_to_string(output.with_extension("errors")).unwrap(), "");
    let text = std::fs::read_to_string(output).unwrap();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut result = BurstLog::default();
    for line in whole.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let key = line["key"].as_str().unwrap_or_else(|| panic!("{line}")).to_owned();
        if !line["command"].is_null() {
            result.given.insert(key, line["command"].take());
        } else if !line["outcome"].is_null() {
            result.answered.insert(key, serde_json::from_value(line["outcome"].take()).unwrap());
        } else {
            result.refused.insert(key);
        }
    }
    result
}

/// Returns the type and the subject of the fact that a successful command recorded.
fn recorded(outcome: &Outcome) -> (&'static str, Uuid) {
    match outcome {
        Outcome::CheckedIn { visit_id, .. } => ("CheckedIn", visit_id.0),
        Outcome::CheckedOut { visit_id, .. } => ("CheckedOut", visit_id.0),
        Outcome::Paid { payment_id, .. } => ("Paid", payment_id.0),
        Outcome::PenaltyImposed { penalty_id, .. } => ("PenaltyImposed", penalty_id.0),
        other => panic!("{other:?}"),
    }
}

/// Counts the facts of each type and subject.
fn count(changes: &[Change]) -> BTreeMap<(&'static str, Uuid), usize> {
    let mut counts = BTreeMap::new();
    for change in changes {
        let place = match &change.recorded.fact.payload {
            Payload::CheckedIn(p) => ("CheckedIn", p.visit_id.0),
            Payload::CheckedOut(p) => ("CheckedOut", p.visit_id.0),
            Payload::Paid(p) => ("Paid", p.payment_id().0),
            Payload::PenaltyImposed(p) => ("PenaltyImposed", p.penalty_id().0),
            Payload::Earned(p) => ("Earned", p.visit_id.0),
            other => panic!("{other:?}"),
        };
        *counts.entry(place).or_default() += 1;
    }
    counts
}

/// Repeats every command with its idempotency key, all concurrently.
async fn repeat(desk: &Desk, given: &BTreeMap<String, Value>) -> BTreeMap<String, Outcome> {
    let caller = desk.caller().await;
    let mut tasks = JoinSet::new();
    for (key, command) in given.clone() {
        let bus = desk.terminal.commands.clone();
        let request = serde_json::json!({ "idempotencyKey": key, "command": command });
        tasks.spawn(async move { (key, bus.record(caller, request).await) });
    }
    let answers = tasks.join_all().await;
    answers.into_iter().filter_map(|(key, answer)| Some((key, answer.ok()?))).collect()
}

async fn remembered(desk: &Desk, keys: Vec<String>) -> BTreeMap<String, Outcome> {
    read::<_, StoreError>(&*desk.terminal.core.journal, |tx| {
        let mut found = BTreeMap::new();
        for key in keys {
            if let Some(remembered) = tx.remembered(&key)? {
                found.insert(key, serde_json::from_str(&remembered.outcome).unwrap());
            }
        }
        Ok(found)
    })
    .await
    .unwrap()
}

async fn reopen(folder: TempDir) -> Desk {
    let clock = Arc::new(TestClock::default());
    clock.stop_at(SystemClock.now());
    clock.go_on();
    Desk::open(folder, clock).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_lose_nothing_answered_and_do_nothing_twice() {
    let desk = Desk::new().await;
    for number in 0..CUSTOMERS {
        desk.customer(&format!("고객 {number}")).await;
    }
    let mut folder = desk.close().await;
    let outputs = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(50);
    let mut first_answers: BTreeMap<String, (Value, Outcome)> = BTreeMap::new();
    let (mut changes, mut verified) = (Vec::<Change>::new(), None::<ChainCursor>);
    let (mut busy, mut unanswered_but_kept) = (0, 0);
    for round in 0..KILLS {
        let time = Duration::from_millis(random.u64(0..MAX_BURST_MS));
        let log = killed_after(time, folder.path(), round, &outputs.path().join(round.to_string())).await;
        busy += usize::from(!log.answered.is_empty());

        let desk = reopen(folder).await;
        // The journal remembers every answer that was given before the kill.
        let kept = remembered(&desk, log.given.keys().cloned().collect()).await;
        for (key, outcome) in &log.answered {
            assert_eq!(kept.get(key), Some(outcome), "round {round}: the answer of {key} is lost");
        }
        assert!(log.refused.iter().all(|key| !kept.contains_key(key)));
        unanswered_but_kept += kept.len() - log.answered.len();

        // A repeated command gets its first answer. A command that wasn't recorded before the kill is recorded now.
        let given: BTreeMap<_, _> = log.given.into_iter().filter(|(key, _)| !log.refused.contains(key)).collect();
        let answers = repeat(&desk, &given).await;
        for (key, outcome) in kept {
            assert_eq!(answers.get(&key), Some(&outcome), "round {round}: {key}");
        }
        first_answers.extend(answers.into_iter().map(|(key, outcome)| {
            let command = given[&key].clone();
            (key, (command, outcome))
        }));

        // The hash chain continues without a gap.
        let after = changes.last().map_or(0, |change| change.change_seq);
        let newer = desk.changes_after(after).await;
        assert_eq!(desk.verify_after(verified).await, newer.len() as u64);
        changes.extend(newer);
        assert_contiguous(&changes);
        verified = changes.last().map(|change| {
            let fact = &change.recorded.fact;
            ChainCursor { incarnation: fact.origin.incarnation, seq: fact.seq, change_seq: change.change_seq }
        });
        balances(&changes);
        folder = desk.close().await;
    }
    assert!(busy > KILLS / 4, "only {busy} of {KILLS} bursts answered a command before the kill");

    let desk = reopen(folder).await;
    let given = first_answers.iter().map(|(key, (command, _))| (key.clone(), command.clone())).collect();
    let answers = repeat(&desk, &given).await;
    assert!(first_answers.iter().all(|(key, (_, outcome))| answers.get(key) == Some(outcome)));
    desk.settle().await;
    let changes = desk.changes().await;
    assert_eq!(desk.verify_after(None).await, changes.len() as u64);
    let balances = balances(&changes);
    let counts = count(&changes);
    assert!(counts.values().all(|count| *count == 1), "a fact is recorded twice");
    let expected: BTreeSet<_> = first_answers.values().map(|(_, outcome)| recorded(outcome)).collect();
    let found: BTreeSet<_> = counts.keys().copied().filter(|(kind, _)| *kind != "Earned").collect();
    assert_eq!(found, expected, "each command has its fact, and each fact its command");
    for (_, outcome) in first_answers.values() {
        if let Outcome::CheckedOut { visit_id, points: Some(_), .. } = outcome {
            assert_eq!(counts.get(&("Earned", visit_id.0)), Some(&1), "{visit_id:?}");
        }
    }
    for (customer, balance) in balances {
        assert_eq!(i128::from(desk.balance(customer).await), balance);
    }
    let incremental = desk.rows().await;
    desk.terminal.workers.mypage.clear().await.unwrap();
    desk.settle().await;
    assert_eq!(desk.rows().await, incremental);
    eprintln!(
        "{KILLS} kills, {busy} in the middle of a burst; {} facts, {} commands, {unanswered_but_kept} kept unanswered",
        changes.len(),
        first_answers.len(),
    );
}

#[tokio::test]
async fn a_second_process_cannot_open_the_folder() {
    let desk = Desk::new().await;
    let outputs = tempfile::tempdir().unwrap();
    let output = outputs.path().join("output");
    let mut burst = start(desk.folder.path(), 0, &output);
    assert!(burst.0.wait().unwrap().success());
    let text = std::fs::read_to_string(&output).unwrap();
    assert_eq!(text, "{\"failed\":\"another program has the data folder open\"}\n");
}
