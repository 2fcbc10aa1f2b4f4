//! Disk faults and kills with Mypage's store on PostgreSQL; also cuts of the connection to the server.

use nosmoke_domain::ids::CustomerId;
use nosmoke_tests::cutting_proxy::{Cut, CuttingProxy};
use nosmoke_tests::disk::Fault;
use serde_json::Value;

use super::{Engine, Totals, customer, every_call, every_call_of_projecting, give, impose, killed_at_calls};
use super::{pay, recorded, shown};
use crate::mypage_store::{on_postgres, shared};
use crate::support::Desk;

/// Bounds the messages that are tried; higher than one step of Mypage's projector sends.
const MAX_MESSAGES: u64 = 100;
/// Kills at every 7th call to the disk only, because each run must connect to the server again. The messages to the
/// server are all covered by `cut_off_at_every_message`.
const KILL_INTERVAL: usize = 7;

#[tokio::test]
async fn n01_with_postgresql_a_disk_fault_leaves_every_store_the_same() {
    every_call(Engine::Postgres, Fault::Full, |customer| vec![pay(customer), impose(customer)]).await;
    every_call_of_projecting(Engine::Postgres).await;
}

#[tokio::test]
async fn n01_with_postgresql_a_kill_leaves_a_payment_whole_or_absent() {
    killed_at_calls(Engine::Postgres, KILL_INTERVAL, pay, (1, 0)).await;
}

#[tokio::test]
async fn n02_with_postgresql_a_kill_leaves_a_penalty_whole_or_absent() {
    killed_at_calls(Engine::Postgres, KILL_INTERVAL, impose, (0, 1)).await;
}

/// Counts the payments and penalties in Mypage's rows. Checks that each payment has its deduction and each penalty its
/// accrual.
async fn rows(desk: &Desk) -> Totals {
    let mut counted = Totals::default();
    for row in desk.rows().await {
        match serde_json::to_value(row.kind).unwrap().as_str() {
            Some("payment") => {
                assert!(row.other_id.is_some() && row.points < 0, "{row:?}");
                counted.payments += 1;
                counted.deducted -= i128::from(row.points);
            }
            Some("penalty") => {
                assert!(row.accrued_after.is_some() && row.penalty_points > 0, "{row:?}");
                counted.penalties += 1;
                counted.accrued += i128::from(row.penalty_points);
            }
            _ => {}
        }
    }
    counted
}

/// Cuts the connection to the server at each message of a step in turn: once before the server receives the message,
/// and once after the server has handled it.
async fn cut_off_at_every_message(command: fn(CustomerId) -> Value, each: (usize, usize)) {
    for cut in [Cut::Before, Cut::After] {
        let desk = Engine::Sqlite.desk().await;
        let proxy = CuttingProxy::to(shared().port());
        let desk = Desk { terminal: on_postgres(&desk, proxy.port()).await, ..desk };
        let customer = customer(&desk).await;
        let (mut before, mut failed) = (recorded(&desk).await, 0);
        for step in 0..MAX_MESSAGES {
            give(&desk, &format!("{cut:?} {step}"), &command(customer)).await.unwrap();
            let expected = before.with(each.0, each.1);
            assert_eq!(recorded(&desk).await, expected);
            proxy.cut(cut, step);
            let settled = nosmoke_tests::settle::settle(&desk.terminal.workers).await;
            let was_cut = proxy.stop_cutting();
            // The step itself retries if the connection is cut before the first query, so it may succeed.
            assert!(settled.is_ok() || was_cut, "{cut:?} at message {step}: {settled:?}");
            failed += u32::from(settled.is_err());
            let found = rows(&desk).await;
            assert!(found == before || found == expected, "{cut:?} at message {step}: {found:?}");
            desk.settle().await;
            assert_eq!(rows(&desk).await, expected, "{cut:?} at message {step}, once more");
            if !was_cut {
                assert!(failed >= 5, "only {failed} of {step} cuts made the step fail");
                assert_eq!(shown(&desk, &[customer]).await, expected);
                break;
            }
            assert!(step + 1 < MAX_MESSAGES, "more than {MAX_MESSAGES} messages");
            before = expected;
        }
    }
}

#[tokio::test]
async fn n01_a_cut_connection_to_postgresql_leaves_a_payment_shown_once() {
    cut_off_at_every_message(pay, (1, 0)).await;
}

#[tokio::test]
async fn n02_a_cut_connection_to_postgresql_leaves_a_penalty_shown_once() {
    cut_off_at_every_message(impose, (0, 1)).await;
}
