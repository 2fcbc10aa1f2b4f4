//! The lock needs no clock, and outlives restarts, restores and what other terminals do.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_application::people::{DEMONSTRATION_PINS_SETTING, KeptDemonstrationPin};
use nosmoke_application::queries::Place;
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ChangePinInput, DemonstrationPin, ErrorCode, LockScreen, SignInInput};
use nosmoke_ports::setting::PIN_LOCK;
use nosmoke_ports::{Priority, Read, StoreError, Write, read, setting, write};
use nosmoke_reading::reference;
use serde_json::json;

use super::{MANAGER_PIN, body};
use crate::restore::{backed_up, restored};
use crate::support::Desk;

const WRONG: &str = "999999";

async fn lock_screen(desk: &Desk) -> LockScreen {
    let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
    desk.terminal.queries.lock_screen(place).await.unwrap()
}

/// How long a person waits at this terminal, in whole tens of seconds, rounded up: the test itself takes a moment.
async fn waits(desk: &Desk, staff_id: StaffId) -> Option<u64> {
    let screen = lock_screen(desk).await;
    let wait_ms = screen.staff.into_iter().find(|staff| staff.staff_id == staff_id).unwrap().wait_ms;
    wait_ms.map(|ms| ms.div_ceil(10_000) * 10)
}

/// Types wrong PINs until the first wait of 30 s begins.
async fn lock_out(desk: &Desk, staff_id: StaffId) {
    for left in (0..5).rev() {
        let error = desk.sign_in(staff_id, WRONG).await.unwrap_err();
        assert_eq!((error.code, &error.params["triesLeft"]), (ErrorCode::WrongPin, &json!(left)));
        assert_eq!(error.params["waitMs"].is_null(), left > 0);
    }
    assert_eq!(waits(desk, staff_id).await, Some(30));
}

#[tokio::test]
async fn a_right_pin_signs_in_within_a_second_and_only_after_the_wait() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    desk.terminal.people.lock();
    assert_eq!(desk.terminal.queries.caller().await.unwrap_err().code, ErrorCode::NotSignedIn);
    let begun = Instant::now();
    desk.sign_in(manager, MANAGER_PIN).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(desk.manager_id().await, manager);

    lock_out(&desk, manager).await;
    let error = desk.sign_in(manager, MANAGER_PIN).await.unwrap_err();
    assert_eq!((error.code, &error.params["whole"]), (ErrorCode::PinWait, &json!(false)), "not even the right one");
    desk.clock.run(Duration::from_secs(31));
    desk.sign_in(manager, MANAGER_PIN).await.unwrap();
    lock_out(&desk, manager).await;
}

#[tokio::test]
async fn what_cannot_be_a_pin_is_no_try() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    for pin in ["", "12", "abcdef", "1234567890123"] {
        for _ in 0..6 {
            assert_eq!(desk.sign_in(manager, pin).await.unwrap_err().code, ErrorCode::InvalidPin);
        }
    }
    desk.sign_in(manager, MANAGER_PIN).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_tries_take_seconds_and_find_nothing() {
    let desk = Desk::new().await;
    let (manager, begun) = (desk.manager_id().await, Instant::now());
    let mut tried = 0;
    for pin in 0..10_000 {
        let error = desk.sign_in(manager, &format!("{pin:06}")).await.unwrap_err();
        tried += u32::from(error.code == ErrorCode::WrongPin);
        desk.clock.run(Duration::from_secs(1));
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    // 10,000 s are less than the first six waits with an hour more.
    assert!((5..=11).contains(&tried), "{tried} were compared");
}

#[tokio::test]
async fn a_pc_clock_that_is_set_changes_no_wait() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    lock_out(&desk, manager).await;
    desk.clock.pass(TimeDelta::days(3_650));
    assert_eq!(waits(&desk, manager).await, Some(30));
    let desk = desk.restart().await;
    assert_eq!(waits(&desk, manager).await, Some(30), "also after a restart");
    desk.clock.pass(TimeDelta::days(-7_300));
    let desk = desk.restart().await;
    assert_eq!(waits(&desk, manager).await, Some(30));
    assert_eq!(desk.sign_in(manager, MANAGER_PIN).await.unwrap_err().code, ErrorCode::PinWait);
}

#[tokio::test]
async fn a_wait_goes_on_after_a_restore_and_a_reset_elsewhere() {
    let desk = Desk::new().await;
    let (manager, into) = (desk.manager_id().await, tempfile::tempdir().unwrap());
    let backup = backed_up(&desk, into.path()).await;
    lock_out(&desk, manager).await;
    let desk = restored(desk, &backup).await;
    assert_eq!(waits(&desk, manager).await, Some(30), "a restore ends no wait");

    // As if another terminal's manager had set this PIN, and its record had come.
    desk.put_staff(manager, body("박서연", Role::Manager, "246801").await).await;
    assert_eq!(desk.sign_in(manager, "246801").await.unwrap_err().code, ErrorCode::PinWait);
    desk.clock.run(Duration::from_secs(31));
    desk.sign_in(manager, "246801").await.unwrap();
    assert_eq!(waits(&desk, manager).await, None);
    assert_eq!(desk.sign_in(manager, MANAGER_PIN).await.unwrap_err().code, ErrorCode::WrongPin);

    // A backup that was made in a wait brings none along.
    lock_out_again(&desk, manager).await;
    let backup = backed_up(&desk, into.path()).await;
    desk.clock.run(Duration::from_secs(31));
    desk.sign_in(manager, "246801").await.unwrap();
    let desk = restored(desk, &backup).await;
    assert_eq!(waits(&desk, manager).await, None);
}

async fn lock_out_again(desk: &Desk, manager: StaffId) {
    for _ in 0..4 {
        desk.sign_in(manager, WRONG).await.unwrap_err();
    }
    assert_eq!(waits(desk, manager).await, Some(30));
}

#[tokio::test]
async fn twenty_wrong_tries_of_anybody_lock_this_terminal_and_no_other() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    let mut people = Vec::new();
    for number in 0..5 {
        people.push(desk.add(&format!("직원 {number}"), Role::Staff, "1357").await);
    }
    for staff_id in &people {
        for _ in 0..4 {
            assert_eq!(desk.sign_in(*staff_id, "1358").await.unwrap_err().code, ErrorCode::WrongPin);
        }
    }
    let error = desk.sign_in(manager, MANAGER_PIN).await.unwrap_err();
    assert_eq!((error.code, &error.params["whole"]), (ErrorCode::PinWait, &json!(true)));
    let left = lock_screen(&desk).await.terminal_wait_ms.unwrap();
    assert!((25_000..=30_000).contains(&left), "{left}");
    let other = desk.beside().await;
    assert_eq!(lock_screen(&other).await.terminal_wait_ms, None);
    desk.clock.run(Duration::from_secs(31));
    desk.sign_in(manager, MANAGER_PIN).await.unwrap();
    assert_eq!(lock_screen(&desk).await.terminal_wait_ms, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_try_that_is_killed_while_it_is_compared_counts() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    for round in 1..=5 {
        let people = desk.terminal.people.clone();
        let input = SignInInput { staff_id: manager, pin: MANAGER_PIN.into() };
        let trying = tokio::spawn(async move { people.sign_in(input).await });
        let counted = format!("\"wrong\":{round}");
        let saved = async || read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.setting(PIN_LOCK)).await;
        while !saved().await.unwrap().is_some_and(|saved| saved.contains(&counted)) {
            assert!(!trying.is_finished(), "compared before it was counted");
        }
        trying.abort();
        let _ = trying.await;
    }
    let desk = desk.restart().await;
    assert_eq!(waits(&desk, manager).await, Some(30));
}

#[tokio::test(start_paused = true)]
async fn what_is_left_is_saved_while_a_wait_runs() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    lock_out(&desk, manager).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let saving = tokio::spawn(desk.terminal.people.clone().keep_saved(stopped));
    desk.clock.run(Duration::from_secs(20));
    tokio::time::sleep(Duration::from_secs(11)).await;
    stop.send_replace(true);
    saving.await.unwrap();
    let desk = desk.restart().await;
    assert_eq!(waits(&desk, manager).await, Some(10), "of 30 s");
}

#[tokio::test]
async fn the_demonstration_shows_a_pin_only_while_it_is_the_persons_pin() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    let find = move |tx: &mut dyn Read| reference::staff(tx, manager);
    let staff = read::<_, StoreError>(&*desk.terminal.core.journal, find).await.unwrap().unwrap();
    let shown = DemonstrationPin { staff_id: manager, pin: MANAGER_PIN.into() };
    let pins = [KeptDemonstrationPin { shown: shown.clone(), pin_hash: staff.pin_hash.unwrap() }];
    let put = move |tx: &mut dyn Write| setting::put(tx, DEMONSTRATION_PINS_SETTING, &pins);
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Command, put).await.unwrap();
    let pins = async || {
        let place = Place { data_folder: String::new(), demonstration: true, version: String::new() };
        desk.terminal.queries.lock_screen(place).await.unwrap().demonstration_pins
    };
    assert_eq!(pins().await, Some(vec![shown]));
    let input = ChangePinInput { pin: MANAGER_PIN.into(), new_pin: "975310".into() };
    desk.terminal.people.change_own_pin(input).await.unwrap();
    assert_eq!(pins().await, Some(Vec::new()));
    assert_eq!(lock_screen(&desk).await.demonstration_pins, None);
}
