//! The recovery code, and the first manager of a facility that was founded without staff.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::commands::{Membership, Unattended, set_up_unattended};
use nosmoke_application::queries::Place;
use nosmoke_application::terminal::Terminal;
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode, FirstManagerInput, LockScreen, RecoverInput};
use nosmoke_ports::{Clock, RandomIds};
use nosmoke_tests::membership_of;

use super::{MANAGER_PIN, body};
use crate::restore::{backed_up, restored};
use crate::support::Desk;

async fn recover(desk: &Desk, code: &str, staff_id: StaffId, pin: &str) -> Result<String, AppError> {
    let input = RecoverInput { code: code.into(), staff_id, pin: pin.into() };
    desk.terminal.people.recover(input).await.map(|next| next.next_code)
}

async fn code_of(desk: &Desk) -> String {
    desk.terminal.people.renew_recovery_code(desk.caller().await).await.unwrap().next_code
}

#[tokio::test]
async fn the_recovery_code_sets_a_managers_pin_once_and_gives_the_next_one() {
    let desk = Desk::new().await;
    let (manager, code) = (desk.manager_id().await, code_of(&desk).await);
    desk.terminal.people.lock();
    for _ in 0..5 {
        desk.sign_in(manager, "999999").await.unwrap_err();
    }
    let next = recover(&desk, &code.to_lowercase(), manager, "246801").await.unwrap();
    assert_eq!(desk.terminal.people.signed_in(), None, "the code signs nobody in");
    desk.sign_in(manager, "246801").await.expect("the code ended the wait");
    assert_eq!(desk.sign_in(manager, MANAGER_PIN).await.unwrap_err().code, ErrorCode::WrongPin);
    for _ in 0..2 {
        assert_eq!(recover(&desk, &code, manager, "111222").await.unwrap_err().code, ErrorCode::WrongPin);
    }
    let last = recover(&desk, &next, manager, "333444").await.unwrap();
    assert_ne!(last, next);
    desk.sign_in(manager, "333444").await.unwrap();
}

#[tokio::test]
async fn the_recovery_code_is_behind_the_same_lock() {
    let desk = Desk::new().await;
    let (manager, old) = (desk.manager_id().await, code_of(&desk).await);
    let code = code_of(&desk).await;
    for _ in 0..5 {
        assert_eq!(recover(&desk, &old, manager, "246801").await.unwrap_err().code, ErrorCode::WrongPin);
    }
    assert_eq!(recover(&desk, &code, manager, "246801").await.unwrap_err().code, ErrorCode::PinWait);
    desk.sign_in(manager, MANAGER_PIN).await.expect("nobody else waits");
    desk.clock.run(Duration::from_secs(31));
    recover(&desk, &code, manager, "246801").await.unwrap();
}

#[tokio::test]
async fn a_code_for_nobody_or_with_a_short_pin_is_no_try() {
    let desk = Desk::new().await;
    let (manager, code) = (desk.manager_id().await, code_of(&desk).await);
    let staff = desk.add("이하은", Role::Staff, "1357").await;
    assert_eq!(recover(&desk, &code, staff, "246801").await.unwrap_err().code, ErrorCode::UnknownStaff);
    assert_eq!(recover(&desk, &code, manager, "2468").await.unwrap_err().code, ErrorCode::InvalidPin);
    assert_eq!(recover(&desk, "ABC", manager, "246801").await.unwrap_err().code, ErrorCode::BadRecoveryCode);
    recover(&desk, &code, manager, "246801").await.unwrap();
}

#[tokio::test]
async fn where_no_manager_is_left_the_code_makes_one() {
    let desk = Desk::new().await;
    let (manager, code) = (desk.manager_id().await, code_of(&desk).await);
    let staff = desk.add("이하은", Role::Staff, "1357").await;
    // Two terminals apart have each retired the other's manager.
    let retired = body("박서연", Role::Manager, MANAGER_PIN).await;
    desk.put_staff(manager, nosmoke_reading::reference::StaffBody { retired: true, ..retired }).await;
    recover(&desk, &code, staff, "246801").await.unwrap();
    desk.sign_in(staff, "246801").await.unwrap();
    assert_eq!(desk.authority().await.role(), Role::Manager);
}

#[tokio::test]
async fn a_used_code_stays_used_after_a_restore() {
    let desk = Desk::new().await;
    let (manager, code, into) = (desk.manager_id().await, code_of(&desk).await, tempfile::tempdir().unwrap());
    let backup = backed_up(&desk, into.path()).await;
    let next = recover(&desk, &code, manager, "246801").await.unwrap();
    let desk = restored(desk, &backup).await;
    assert_eq!(recover(&desk, &code, manager, "111222").await.unwrap_err().code, ErrorCode::WrongPin);
    recover(&desk, &next, manager, "111222").await.unwrap();
}

/// A folder that `nosmoke serve` has set up.
async fn unattended(desk: &Desk, membership: Option<Membership>) {
    let input = Unattended { terminal_name: None, membership };
    set_up_unattended(&*desk.terminal.core.journal, Arc::new(RandomIds), desk.clock.now(), input).await.unwrap();
}

async fn lock_screen(terminal: &Terminal) -> LockScreen {
    let place = Place { data_folder: String::new(), demonstration: false, version: String::new() };
    terminal.queries.lock_screen(place).await.unwrap()
}

async fn first_manager(desk: &Desk, pin: &str) -> Result<String, AppError> {
    let input = FirstManagerInput { name: "김하늘".into(), pin: pin.into() };
    desk.terminal.people.first_manager(input).await.map(|first| first.recovery_code)
}

#[tokio::test]
async fn a_folder_that_was_founded_without_staff_asks_for_the_first_manager_once() {
    let desk = Desk::empty().await;
    assert_eq!(first_manager(&desk, "246801").await.unwrap_err().code, ErrorCode::NotSetUp);
    unattended(&desk, None).await;
    let screen = lock_screen(&desk.terminal).await;
    assert!(screen.needs_first_manager && !screen.waits_for_staff && screen.staff.is_empty());
    assert_eq!(first_manager(&desk, "2468").await.unwrap_err().code, ErrorCode::InvalidPin);
    let code = first_manager(&desk, "246801").await.unwrap();
    assert_eq!(desk.authority().await.role(), Role::Manager, "signed in at once");
    let screen = lock_screen(&desk.terminal).await;
    assert!(!screen.needs_first_manager && screen.has_recovery_code);
    assert_eq!(first_manager(&desk, "135791").await.unwrap_err().code, ErrorCode::AlreadySetUp);
    recover(&desk, &code, screen.staff[0].staff_id, "135791").await.unwrap();
}

#[tokio::test]
async fn a_folder_that_joined_waits_for_the_staff_of_its_facility() {
    let (desk, founder) = (Desk::empty().await, Desk::new().await);
    unattended(&desk, Some(membership_of(&*founder.terminal.core.journal).await)).await;
    let screen = lock_screen(&desk.terminal).await;
    assert!(screen.waits_for_staff && !screen.needs_first_manager);
    assert_eq!(first_manager(&desk, "246801").await.unwrap_err().code, ErrorCode::AlreadySetUp);
    // The staff have come.
    let manager = founder.manager_id().await;
    desk.put_staff(manager, body("박서연", Role::Manager, MANAGER_PIN).await).await;
    assert!(!lock_screen(&desk.terminal).await.waits_for_staff);
    desk.sign_in(manager, MANAGER_PIN).await.unwrap();
}
