//! Whatever call to the disk fails on the way of a payment or a penalty, and whenever the program is killed on that way: it is
//! there with its deduction or accrual, in every store, or it isn't there at all (N1, N2).

mod on_a_server;
mod received;

use std::process::Command;
use std::sync::Arc;

use nosmoke_application::commands::CommandBus;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AppError, ErrorCode, Outcome};
use nosmoke_tests::disk::{self, Fault};
use nosmoke_tests::doubles::{Mood, Moods, MoodyJournal};
use serde_json::{Value, json};

use crate::look::assert_contiguous;
use crate::mypage_store::{on_postgres, shared};
use crate::support::Desk;

/// More calls than any of these commands makes.
const STEPS: u64 = 400;

const GIVEN: i64 = 100_000;

/// Where Mypage's read model lies.
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

    /// A desk that was just opened, with its read model there.
    async fn of(self, desk: Desk) -> Desk {
        match self {
            Self::Sqlite => desk,
            Self::Postgres => Desk { terminal: on_postgres(&desk, shared().port()).await, ..desk },
        }
    }
}

/// A customer who can pay for long.
async fn customer(desk: &Desk) -> CustomerId {
    let customer = desk.customer("홍길동").await;
    let given = json!({ "type": "adjustPoints", "customerId": customer, "points": GIVEN, "reason": "other" });
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

/// What is recorded of payments and penalties: how many, and their sums.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counted {
    payments: usize,
    deducted: i128,
    penalties: usize,
    accrued: i128,
}

impl Counted {
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

/// What the journal's own facts say, and that nothing of them is half there.
async fn recorded(desk: &Desk) -> Counted {
    let changes = desk.changes().await;
    assert_contiguous(&changes);
    assert_eq!(desk.verify_after(None).await, changes.len() as u64);
    let mut counted = Counted::default();
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

/// What accounts, penalties and Mypage's store say once everything is projected.
async fn shown(desk: &Desk, customers: &[CustomerId]) -> Counted {
    desk.settle().await;
    let (mut spent, mut outstanding) = (0, 0);
    for customer in customers {
        let card = desk.card(*customer).await;
        spent += i128::from(GIVEN - card.points.balance);
        outstanding += i128::from(card.verdict.outstanding);
    }
    let rows = desk.rows().await;
    desk.terminal.workers.mypage.clear().await.unwrap();
    desk.settle().await;
    assert_eq!(desk.rows().await, rows, "Mypage as it came to be and Mypage made anew");
    let of = |kind: &str| {
        let is = |row: &&nosmoke_ports::EntryRow| serde_json::to_value(row.kind).unwrap() == kind;
        rows.iter().filter(is).collect::<Vec<_>>()
    };
    let (payments, penalties) = (of("payment"), of("penalty"));
    let counted = Counted {
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
    let recorder = desk.recorder().await;
    let request = json!({ "idempotencyKey": key, "command": command });
    desk.terminal.commands.record(recorder, request).await
}

/// Lets every call of commands that share a commit fail in turn.
async fn every_call(engine: Engine, fault: Fault, commands: impl Fn(CustomerId) -> Vec<Value>) {
    let desk = engine.desk().await;
    let customer = customer(&desk).await;
    let commands = commands(customer);
    let recorder = desk.recorder().await;
    let of = |kind: &str| commands.iter().filter(|command| command["type"] == kind).count();
    let (pays, imposes) = (of("pay"), of("imposePenalty"));
    let mut before = recorded(&desk).await;
    for step in 0..STEPS {
        let key = |place: usize| format!("{fault:?} {step} {place}");
        let fails = disk::fail(desk.folder.path(), fault, step);
        let given = commands.iter().enumerate().map(|(place, command)| {
            let request = json!({ "idempotencyKey": key(place), "command": command });
            desk.terminal.commands.record(recorder, request)
        });
        let answers = nosmoke_tests::together::together(desk.store.journal(), given.collect()).await;
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
        assert_eq!(recorded(&desk).await, before, "{fault:?} at call {step}, given again");
        if failed == 0 {
            assert!(step >= 4, "nothing was made to fail");
            assert_eq!(shown(&desk, &[customer]).await, before);
            return;
        }
    }
    panic!("more than {STEPS} calls");
}

#[tokio::test]
async fn n01_whatever_call_to_the_disk_fails_a_payment_is_there_with_its_deduction_or_not_at_all() {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        every_call(Engine::Sqlite, fault, |customer| vec![pay(customer)]).await;
    }
}

#[tokio::test]
async fn n02_whatever_call_to_the_disk_fails_a_penalty_is_there_with_its_accrual_or_not_at_all() {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        every_call(Engine::Sqlite, fault, |customer| vec![impose(customer)]).await;
    }
}

#[tokio::test]
async fn n01_commands_that_share_a_commit_which_fails_are_each_there_or_not_at_all() {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        every_call(Engine::Sqlite, fault, |customer| {
            vec![pay(customer), impose(customer), pay(customer), impose(customer)]
        })
        .await;
    }
}

/// Lets every call fail in turn while a payment and a penalty are projected.
async fn every_call_of_projecting(engine: Engine) {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        let (desk, mut customers) = (engine.desk().await, Vec::new());
        let mut expected = recorded(&desk).await;
        for step in 0..STEPS {
            // Always as many calls.
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
            assert!(step + 1 < STEPS, "more than {STEPS} calls");
        }
        assert_eq!(shown(&desk, &customers).await, expected);
    }
}

#[tokio::test]
async fn n01_whatever_call_to_the_disk_fails_while_it_is_projected_every_store_ends_the_same() {
    every_call_of_projecting(Engine::Sqlite).await;
}

#[tokio::test]
async fn n01_a_payment_that_panics_in_the_writer_is_not_there_and_those_beside_it_are() {
    let desk = Engine::Sqlite.desk().await;
    let customer = customer(&desk).await;
    let (well, moods) = (desk.terminal.commands.clone(), Moods::default());
    let mut sick = well.clone();
    sick.core.journal = Arc::new(MoodyJournal(well.core.journal.clone(), moods.clone()));
    let (pay, impose, recorder) = (pay(customer), impose(customer), desk.recorder().await);
    let give = |gateway: &CommandBus, key: &str, command: &Value| {
        let (gateway, request) = (gateway.clone(), json!({ "idempotencyKey": key, "command": command }));
        async move { gateway.record(recorder, request).await }
    };
    let before = recorded(&desk).await;
    moods.turn(Mood::PanicsInside);
    let given =
        [(&well, "1", &impose), (&sick, "2", &pay), (&well, "3", &pay), (&sick, "4", &impose), (&well, "5", &pay)];
    let given = given.map(|(gateway, key, command)| give(gateway, key, command));
    let answers = nosmoke_tests::together::together(desk.store.journal(), given.into()).await;
    let codes: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().map(|error| error.code)).collect();
    let panicked = Some(ErrorCode::Internal);
    assert_eq!(codes, [None, panicked, None, panicked, None], "{answers:?}");
    assert_eq!(recorded(&desk).await, before.with(2, 1));
    // With the same key, once it is well.
    moods.turn(Mood::Well);
    give(&sick, "2", &pay).await.unwrap();
    give(&sick, "4", &impose).await.unwrap();
    assert_eq!(recorded(&desk).await, before.with(3, 2));
    assert_eq!(shown(&desk, &[customer]).await, before.with(3, 2));
}

/// Lets the program die at calls of a command and of what comes of it, one after the other: at every one, or each so manyth.
async fn killed_at_calls(
    engine: Engine,
    each_so_many: usize,
    command: impl Fn(CustomerId) -> Value,
    each: (usize, usize),
) {
    let (mut desk, mut customers) = (engine.desk().await, Vec::new());
    let server = if engine == Engine::Postgres { shared().url() } else { String::new() };
    let mut expected = recorded(&desk).await;
    for step in (0..STEPS).step_by(each_so_many) {
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
        // Killed between the commit and the answer, it is there; whoever asks again learns it.
        assert!(found == expected.with(each.0, each.1) || (found == expected && !answered), "call {step}: {found:?}");
        give(&desk, &key, &command).await.unwrap();
        expected = expected.with(each.0, each.1);
        assert_eq!(recorded(&desk).await, expected, "call {step}, given again");
        if died.status.success() {
            assert!(step >= 8, "it was never killed");
            assert_eq!(shown(&desk, &customers).await, expected);
            return;
        }
        let said = String::from_utf8_lossy(&died.stderr).into_owned();
        assert!(said.is_empty(), "it died of something else: {said}");
    }
    panic!("more than {STEPS} calls");
}

#[tokio::test]
async fn n01_killed_at_any_call_to_the_disk_a_payment_is_there_with_its_deduction_or_not_at_all() {
    killed_at_calls(Engine::Sqlite, 1, pay, (1, 0)).await;
}

#[tokio::test]
async fn n02_killed_at_any_call_to_the_disk_a_penalty_is_there_with_its_accrual_or_not_at_all() {
    killed_at_calls(Engine::Sqlite, 1, impose, (0, 1)).await;
}
