//! The same with Mypage's read model on PostgreSQL, which can also be cut off.

use nosmoke_domain::ids::CustomerId;
use nosmoke_tests::disk::Fault;
use nosmoke_tests::way::{Cut, Way};
use serde_json::Value;

use super::{Counted, Engine, customer, every_call, every_call_of_projecting, give, impose, killed_at_calls};
use super::{pay, recorded, shown};
use crate::mypage_store::{on_postgres, shared};
use crate::support::Desk;

/// More messages than a step of Mypage's sends.
const MESSAGES: u64 = 100;
/// The program is killed at each so manyth call: it connects anew each time. Every step of the server's own is cut off below.
const SOME: usize = 7;

#[tokio::test]
async fn n01_with_mypage_on_a_server_whatever_call_to_the_disk_fails_every_store_ends_the_same() {
    every_call(Engine::Postgres, Fault::Full, |customer| vec![pay(customer), impose(customer)]).await;
    every_call_of_projecting(Engine::Postgres).await;
}

#[tokio::test]
async fn n01_with_mypage_on_a_server_killed_on_the_way_a_payment_is_there_with_its_deduction_or_not_at_all() {
    killed_at_calls(Engine::Postgres, SOME, pay, (1, 0)).await;
}

#[tokio::test]
async fn n02_with_mypage_on_a_server_killed_on_the_way_a_penalty_is_there_with_its_accrual_or_not_at_all() {
    killed_at_calls(Engine::Postgres, SOME, impose, (0, 1)).await;
}

/// What Mypage's rows say just now; a payment has its deduction beside it, a penalty its accrual.
async fn rows(desk: &Desk) -> Counted {
    let mut counted = Counted::default();
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

/// Cuts Mypage off from its server at every message of a step in turn, before and after the server has done what it says.
async fn cut_off_at_every_message(command: fn(CustomerId) -> Value, each: (usize, usize)) {
    for cut in [Cut::Before, Cut::After] {
        let desk = Engine::Sqlite.desk().await;
        let way = Way::to(shared().port());
        let desk = Desk { terminal: on_postgres(&desk, way.port()).await, ..desk };
        let customer = customer(&desk).await;
        let (mut before, mut failed) = (recorded(&desk).await, 0);
        for step in 0..MESSAGES {
            give(&desk, &format!("{cut:?} {step}"), &command(customer)).await.unwrap();
            let expected = before.with(each.0, each.1);
            assert_eq!(recorded(&desk).await, expected);
            way.cut(cut, step);
            let settled = nosmoke_tests::settle::settle(&desk.terminal.workers).await;
            let was_cut = way.mend();
            // One that was cut off before it asked anything has asked again.
            assert!(settled.is_ok() || was_cut, "{cut:?} at message {step}: {settled:?}");
            failed += u32::from(settled.is_err());
            let found = rows(&desk).await;
            assert!(found == before || found == expected, "{cut:?} at message {step}: {found:?}");
            desk.settle().await;
            assert_eq!(rows(&desk).await, expected, "{cut:?} at message {step}, once more");
            if !was_cut {
                assert!(failed >= 5, "it was cut off {failed} times of {step}");
                assert_eq!(shown(&desk, &[customer]).await, expected);
                break;
            }
            assert!(step + 1 < MESSAGES, "more than {MESSAGES} messages");
            before = expected;
        }
    }
}

#[tokio::test]
async fn n01_cut_off_from_mypage_s_server_at_any_message_a_payment_shows_with_its_deduction_once() {
    cut_off_at_every_message(pay, (1, 0)).await;
}

#[tokio::test]
async fn n02_cut_off_from_mypage_s_server_at_any_message_a_penalty_shows_with_its_accrual_once() {
    cut_off_at_every_message(impose, (0, 1)).await;
}
