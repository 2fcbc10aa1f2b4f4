//! Disk faults and kills, tried at each call to the disk in turn: afterwards a payment with its deduction, or a penalty
//! with its accrual, is in every store or in none (N1, N2).

mod on_postgres;
mod received_facts;

use std::process::Command;
use std::sync::Arc;

use nosmoke_application::commands::CommandBus;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AppError, ErrorCode, Outcome};
use nosmoke_tests::disk::{self, Fault};
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal};
use serde_json::{Value, json};

use crate::inspection::assert_contiguous;
use crate::mypage_store::{on_postgres, shared};
use crate::support::Desk;

/// Bounds the calls to the disk that are tried; higher than any of these commands makes.
const MAX_DISK_CALLS: u64 = 400;

const STARTING_POINTS: i64 = 100_000;

/// The database in which Mypage's store keeps its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    async fn desk(self) -> Desk {
        disk::install();
        self.of(Desk::new().await).await
    }

    /// Lets a desk's Mypage use this engine.
    async fn of(self, desk: Desk) -> Desk {
        match self {
            Self::Sqlite => desk,
            Self::Postgres => Desk { terminal: on_postgres(&desk, shared().port()).await, ..desk },
        }
    }
}

/// Registers a customer with many points.
async fn customer(desk: &Desk) -> CustomerId {
    let customer = desk.customer("홍길동").await;
    let given = json!({ "type": "adjustPoints", "customerId": customer, "points": STARTING_POINTS, "reason": "other" });
    desk.give(given).await.unwrap();
    desk.settle().await;
    customer
}

fn pay(customer: CustomerId) -> Value {
    json!({ "type": "pay", "customerId": customer, "points": 7, "note": "커피" })
}

fn impose(customer: CustomerId) -> Value {
    json!({ "type": "imposePenalty", "customerId": customer, "points": 1, "note": "계단" })
}

/// The number of payments and of penalties, and the sum of each.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Totals {
    payments: usize,
    deducted: i128,
    penalties: usize,
    accrued: i128,
}

impl Totals {
    fn with(self, payments: usize, penalties: usize) -> Self {
        let [paid, imposed] = [payments, penalties].map(|count| i128::try_from(count).unwrap());
        Self {
            payments: self.payments + payments,
            deducted: self.deducted + 7 * paid,
            penalties: self.penalties + penalties,
            accrued: self.accrued + imposed,
        }
    }
}

/// Counts the facts in the journal, and checks that its chains are intact.
async fn recorded(desk: &Desk) -> Totals {
    let changes = desk.changes().await;
    assert_contiguous(&changes);
    assert_eq!(desk.verify_after(None).await, changes.len() as u64);
    let mut counted = Totals::default();
    for change in changes {
        match &change.recorded.fact.payload {
            Payload::Paid(p) => {
                counted.payments += 1;
                counted.deducted += p.points().sum();
            }
            Payload::PenaltyImposed(p) => {
                counted.penalties += 1;
                counted.accrued += p.points().sum();
            }
            _ => {}
        }
    }
    counted
}

/// Counts payments and penalties once everything is projected. Checks that the journal, the customers' accounts and
/// Mypage agree.
async fn shown(desk: &Desk, customers: &[CustomerId]) -> Totals {
    desk.settle().await;
    let (mut spent, mut outstanding) = (0, 0);
    for customer in customers {
        let card = desk.card(*customer).await;
        spent += i128::from(STARTING_POINTS - card.points.balance);
        outstanding += i128::from(card.verdict.outstanding);
    }
    let rows = desk.rows().await;
    desk.terminal.workers.mypage.clear().await.unwrap();
    desk.settle().await;
    assert_eq!(desk.rows().await, rows, "Mypage differs from its rebuild");
    let of = |kind: &str| {
        let is = |row: &&nosmoke_ports::EntryRow| serde_json::to_value(row.kind).unwrap() == kind;
        rows.iter().filter(is).collect::<Vec<_>>()
    };
    let (payments, penalties) = (of("payment"), of("penalty"));
    let counted = Totals {
        payments: payments.len(),
        deducted: payments.iter().map(|row| -i128::from(row.points)).sum(),
        penalties: penalties.len(),
        accrued: penalties.iter().map(|row| i128::from(row.penalty_points)).sum(),
    };
    assert!(payments.iter().all(|row| row.other_id.is_some()), "a payment shows its deduction");
    assert_eq!((spent, outstanding), (counted.deducted, counted.accrued));
    counted
}

async fn give(desk: &Desk, key: &str, command: &Value) -> Result<Outcome, AppError> {
    let caller = desk.caller().await;
    let request = json!({ "idempotencyKey": key, "command": command });
    desk.terminal.commands.record(caller, request).await
}

/// Gives commands that share a commit, again and again, each time with a fault at the next call to the disk.
async fn every_call(engine: Engine, fault: Fault, commands: impl Fn(CustomerId) -> Vec<Value>) {
    let desk = engine.desk().await;
    let customer = customer(&desk).await;
    let commands = commands(customer);
    let caller = desk.caller().await;
    let of = |kind: &str| commands.iter().filter(|command| command["type"] == kind).count();
    let (pays, imposes) = (of("pay"), of("imposePenalty"));
    let mut before = recorded(&desk).await;
    for step in 0..MAX_DISK_CALLS {
        let key = |place: usize| format!("{fault:?} {step} {place}");
        let fails = disk::fail(desk.folder.path(), fault, step);
        let given = commands.iter().enumerate().map(|(place, command)| {
            let request = json!({ "idempotencyKey": key(place), "command": command });
            desk.terminal.commands.record(caller, request)
        });
        let answers = nosmoke_tests::shared_commit::commit_together(desk.store.journal(), given.collect()).await;
        let failed = fails.count();
        drop(fails);
        let after = recorded(&desk).await;
        let mut kept = [0, 0];
        for (command, answer) in commands.iter().zip(&answers) {
            match answer {
                Ok(_) => kept[usize::from(command["type"] != "pay")] += 1,
                Err(error) => {
                    let known = [ErrorCode::DiskFull, ErrorCode::StorageFailed, ErrorCode::StorageCorrupt];
                    assert!(known.contains(&error.code) && failed > 0, "{error}");
                }
            }
        }
        assert_eq!(after, before.with(kept[0], kept[1]), "{fault:?} at call {step}: {answers:?}");
        for (place, command) in commands.iter().enumerate() {
            give(&desk, &key(place), command).await.unwrap();
        }
        before = before.with(pays, imposes);
        assert_eq!(recorded(&desk).await, before, "{fault:?} at call {step}, command repeated");
        if failed == 0 {
            assert!(step >= 4, "the fault has made no call fail");
            assert_eq!(shown(&desk, &[customer]).await, before);
            return;
        }
    }
    panic!("more than {MAX_DISK_CALLS} calls");
}

#[tokio::test]
async fn n01_a_disk_fault_at_any_call_leaves_a_payment_whole_or_absent() {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        every_call(Engine::Sqlite, fault, |customer| vec![pay(customer)]).await;
    }
}

#[tokio::test]
async fn n02_a_disk_fault_at_any_call_leaves_a_penalty_whole_or_absent() {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        every_call(Engine::Sqlite, fault, |customer| vec![impose(customer)]).await;
    }
}

#[tokio::test]
async fn n01_a_failed_shared_commit_leaves_each_command_whole_or_absent() {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        every_call(Engine::Sqlite, fault, |customer| {
            vec![pay(customer), impose(customer), pay(customer), impose(customer)]
        })
        .await;
    }
}

/// Projects a payment and a penalty, again and again, each time with a fault at the next call to the disk.
async fn every_call_of_projecting(engine: Engine) {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        let (desk, mut customers) = (engine.desk().await, Vec::new());
        let mut expected = recorded(&desk).await;
        for step in 0..MAX_DISK_CALLS {
            // Use a new customer each time, so that each attempt makes the same calls to the disk.
            let customer = customer(&desk).await;
            customers.push(customer);
            give(&desk, &format!("p{step}"), &pay(customer)).await.unwrap();
            give(&desk, &format!("q{step}"), &impose(customer)).await.unwrap();
            expected = expected.with(1, 1);
            let fails = disk::fail(desk.folder.path(), fault, step);
            let settled = nosmoke_tests::settle::settle(&desk.terminal.workers).await;
            let failed = fails.count();
            drop(fails);
            assert!(settled.is_ok() || failed > 0, "{settled:?}");
            if failed == 0 {
                break;
            }
            assert!(step + 1 < MAX_DISK_CALLS, "more than {MAX_DISK_CALLS} calls");
        }
        assert_eq!(shown(&desk, &customers).await, expected);
    }
}

#[tokio::test]
async fn n01_a_disk_fault_while_projecting_leaves_every_store_the_same() {
    every_call_of_projecting(Engine::Sqlite).await;
}

#[tokio::test]
async fn n01_a_payment_that_panics_in_the_writer_is_absent_and_its_neighbours_stand() {
    let desk = Engine::Sqlite.desk().await;
    let customer = customer(&desk).await;
    let (normal, switch) = (desk.terminal.commands.clone(), FaultSwitch::default());
    let mut faulty = normal.clone();
    faulty.core.journal = Arc::new(FaultyJournal(normal.core.journal.clone(), switch.clone()));
    let (pay, impose, caller) = (pay(customer), impose(customer), desk.caller().await);
    let give = |bus: &CommandBus, key: &str, command: &Value| {
        let (bus, request) = (bus.clone(), json!({ "idempotencyKey": key, "command": command }));
        async move { bus.record(caller, request).await }
    };
    let before = recorded(&desk).await;
    switch.set(Behaviour::PanicsInside);
    let given = [
        (&normal, "1", &impose),
        (&faulty, "2", &pay),
        (&normal, "3", &pay),
        (&faulty, "4", &impose),
        (&normal, "5", &pay),
    ];
    let given = given.map(|(bus, key, command)| give(bus, key, command));
    let answers = nosmoke_tests::shared_commit::commit_together(desk.store.journal(), given.into()).await;
    let codes: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().map(|error| error.code)).collect();
    let panicked = Some(ErrorCode::Internal);
    assert_eq!(codes, [None, panicked, None, panicked, None], "{answers:?}");
    assert_eq!(recorded(&desk).await, before.with(2, 1));
    // Without the fault, the commands succeed when repeated with the same keys.
    switch.set(Behaviour::Normal);
    give(&faulty, "2", &pay).await.unwrap();
    give(&faulty, "4", &impose).await.unwrap();
    assert_eq!(recorded(&desk).await, before.with(3, 2));
    assert_eq!(shown(&desk, &[customer]).await, before.with(3, 2));
}

/// Runs the program `failpoint` again and again, and kills it each time at a later call to the disk, `interval` calls
/// on, during a command or its projections.
async fn killed_at_calls(engine: Engine, interval: usize, command: impl Fn(CustomerId) -> Value, each: (usize, usize)) {
    let (mut desk, mut customers) = (engine.desk().await, Vec::new());
    let server = if engine == Engine::Postgres { shared().url() } else { String::new() };
    let mut expected = recorded(&desk).await;
    for step in (0..MAX_DISK_CALLS).step_by(interval) {
        customers.push(customer(&desk).await);
        let command = command(customers[customers.len() - 1]);
        let clock = desk.clock.clone();
        let folder = desk.close().await;
        let key = format!("killed {step}");
        let died = Command::new(env!("CARGO_BIN_EXE_failpoint"))
            .args([folder.path().to_str().unwrap(), &step.to_string(), &key, &command.to_string(), &server])
            .output()
            .unwrap();
        let answered = String::from_utf8_lossy(&died.stdout).contains("outcome");
        desk = engine.of(Desk::open(folder, clock).await).await;
        let found = recorded(&desk).await;
        // After a kill between commit and answer, the fact is recorded although the command wasn't answered.
        assert!(found == expected.with(each.0, each.1) || (found == expected && !answered), "call {step}: {found:?}");
        give(&desk, &key, &command).await.unwrap();
        expected = expected.with(each.0, each.1);
        assert_eq!(recorded(&desk).await, expected, "call {step}, command repeated");
        if died.status.success() {
            assert!(step >= 8, "the program was never killed");
            assert_eq!(shown(&desk, &customers).await, expected);
            return;
        }
        let errors = String::from_utf8_lossy(&died.stderr).into_owned();
        assert!(errors.is_empty(), "the program failed for another reason: {errors}");
    }
    panic!("more than {MAX_DISK_CALLS} calls");
}

#[tokio::test]
async fn n01_a_kill_at_any_call_leaves_a_payment_whole_or_absent() {
    killed_at_calls(Engine::Sqlite, 1, pay, (1, 0)).await;
}

#[tokio::test]
async fn n02_a_kill_at_any_call_leaves_a_penalty_whole_or_absent() {
    killed_at_calls(Engine::Sqlite, 1, impose, (0, 1)).await;
}
