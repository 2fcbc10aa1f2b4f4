//! Killed at any moment, a terminal loses nothing that it had answered, and does nothing twice.

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
use crate::look::{assert_contiguous, balances};
use crate::support::Desk;

const KILLS: usize = 50;
const CUSTOMERS: usize = 12;
/// Every second time it is killed while it starts or soon after, else so long into the burst at most.
const LONGEST_MS: u64 = 200;

/// What a burst wrote before it was killed.
#[derive(Default)]
struct Said {
    /// Commands given, by key.
    given: BTreeMap<String, Value>,
    answered: BTreeMap<String, Outcome>,
    refused: BTreeSet<String>,
}

/// Killed with the test, however that ends.
struct Burst(Child);

impl Drop for Burst {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(folder: &Path, round: usize, said: &Path) -> Burst {
    let (out, errors) = (File::create(said).unwrap(), File::create(said.with_extension("errors")).unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_burst"));
    command.arg(folder).arg(round.to_string()).stdin(Stdio::null()).stdout(out).stderr(errors);
    Burst(command.spawn().unwrap())
}

/// Lets a terminal live for so long, kills it, and reads what it said.
async fn killed_after(life: Duration, folder: &Path, round: usize, said: &Path) -> Said {
    let mut burst = start(folder, round, said);
    let begun = Instant::now();
    while round % 2 == 1 && std::fs::metadata(said).unwrap().len() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it doesn't start");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(life).await;
    assert_eq!(burst.0.try_wait().unwrap(), None, "{}", std::fs::read_to_string(said).unwrap());
    drop(burst); // SIGKILL
    assert_eq!(std::fs::read_to_string(said.with_extension("errors")).unwrap(), "");
    let text = std::fs::read_to_string(said).unwrap();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut result = Said::default();
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

/// What a successful command recorded: its kind of fact and its subject.
fn recorded(outcome: &Outcome) -> (&'static str, Uuid) {
    match outcome {
        Outcome::CheckedIn { visit_id, .. } => ("CheckedIn", visit_id.0),
        Outcome::CheckedOut { visit_id, .. } => ("CheckedOut", visit_id.0),
        Outcome::Paid { payment_id, .. } => ("Paid", payment_id.0),
        Outcome::PenaltyImposed { penalty_id, .. } => ("PenaltyImposed", penalty_id.0),
        other => panic!("{other:?}"),
    }
}

/// How often each command's fact is in the journal.
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

/// Gives every command with its key again, all at the same time.
async fn repeat(desk: &Desk, given: &BTreeMap<String, Value>) -> BTreeMap<String, Outcome> {
    let recorder = desk.recorder().await;
    let mut tasks = JoinSet::new();
    for (key, command) in given.clone() {
        let gateway = desk.terminal.commands.clone();
        let request = serde_json::json!({ "idempotencyKey": key, "command": command });
        tasks.spawn(async move { (key, gateway.record(recorder, request).await) });
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
async fn killed_fifty_times_nothing_answered_is_lost_and_nothing_is_done_twice() {
    let desk = Desk::new().await;
    for number in 0..CUSTOMERS {
        desk.customer(&format!("고객 {number}")).await;
    }
    let mut folder = desk.close().await;
    let said = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(50);
    let mut first_answers: BTreeMap<String, (Value, Outcome)> = BTreeMap::new();
    let (mut changes, mut verified) = (Vec::<Change>::new(), None::<ChainCursor>);
    let (mut busy, mut unanswered_but_kept) = (0, 0);
    for round in 0..KILLS {
        let life = Duration::from_millis(random.u64(0..LONGEST_MS));
        let said = killed_after(life, folder.path(), round, &said.path().join(round.to_string())).await;
        busy += usize::from(!said.answered.is_empty());

        let desk = reopen(folder).await;
        // Nothing answered is lost.
        let kept = remembered(&desk, said.given.keys().cloned().collect()).await;
        for (key, outcome) in &said.answered {
            assert_eq!(kept.get(key), Some(outcome), "round {round}: {key} was answered and is lost");
        }
        assert!(said.refused.iter().all(|key| !kept.contains_key(key)));
        unanswered_but_kept += kept.len() - said.answered.len();

        // A repeated command gives the first answer; one that was never taken is taken now.
        let given: BTreeMap<_, _> = said.given.into_iter().filter(|(key, _)| !said.refused.contains(key)).collect();
        let answers = repeat(&desk, &given).await;
        for (key, outcome) in kept {
            assert_eq!(answers.get(&key), Some(&outcome), "round {round}: {key}");
        }
        first_answers.extend(answers.into_iter().map(|(key, outcome)| {
            let command = given[&key].clone();
            (key, (command, outcome))
        }));

        // The chain goes on where it ended.
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
    assert!(busy > KILLS / 4, "only {busy} of {KILLS} lives were long enough");

    let desk = reopen(folder).await;
    let given = first_answers.iter().map(|(key, (command, _))| (key.clone(), command.clone())).collect();
    let answers = repeat(&desk, &given).await;
    assert!(first_answers.iter().all(|(key, (_, outcome))| answers.get(key) == Some(outcome)));
    desk.settle().await;
    let changes = desk.changes().await;
    assert_eq!(desk.verify_after(None).await, changes.len() as u64);
    let balances = balances(&changes);
    let counts = count(&changes);
    assert!(counts.values().all(|count| *count == 1), "something is there twice");
    let expected: BTreeSet<_> = first_answers.values().map(|(_, outcome)| recorded(outcome)).collect();
    let found: BTreeSet<_> = counts.keys().copied().filter(|(kind, _)| *kind != "Earned").collect();
    assert_eq!(found, expected, "every fact is of a command that was given, and every command has its fact");
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
async fn another_process_can_not_open_the_folder() {
    let desk = Desk::new().await;
    let said = tempfile::tempdir().unwrap();
    let said = said.path().join("said");
    let mut burst = start(desk.folder.path(), 0, &said);
    assert!(burst.0.wait().unwrap().success());
    let text = std::fs::read_to_string(&said).unwrap();
    assert_eq!(text, "{\"failed\":\"the data folder is in use\"}\n");
}
