//! Managers add, change and retire staff.

use std::time::Duration;

use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ChangePinInput, ErrorCode, ResetPinInput, StaffMember};
use nosmoke_reading::reference::StaffBody;

use super::{MANAGER_PIN, body};
use crate::restore::{backed_up, restored};
use crate::support::Desk;

async fn members(desk: &Desk) -> Vec<StaffMember> {
    desk.terminal.queries.staff_members().await.unwrap()
}

#[tokio::test]
async fn staff_are_added_changed_retired_and_come_back() {
    let desk = Desk::new().await;
    let staff = desk.add("이하은", Role::Staff, "1357").await;
    assert_eq!(
        desk.save(None, "이하은 ", Role::Staff, Some("1357")).await.unwrap_err().code,
        ErrorCode::StaffNameTaken
    );
    assert_eq!(desk.save(None, "김", Role::Staff, None).await.unwrap_err().code, ErrorCode::PinNeeded);
    assert_eq!(desk.save(None, "", Role::Staff, Some("1357")).await.unwrap_err().code, ErrorCode::Empty);
    desk.save(Some(staff), "이하은", Role::Supervisor, None).await.unwrap();
    desk.sign_in(staff, "1357").await.expect("the PIN is as it was");
    assert_eq!(desk.authority().await.role(), Role::Supervisor);
    // A supervisor changes nobody.
    assert_eq!(desk.save(None, "김", Role::Staff, Some("1357")).await.unwrap_err().code, ErrorCode::NotAuthorised);

    nosmoke_tests::sign_manager_in(&desk.terminal).await;
    desk.terminal.people.retire_staff(desk.caller().await, staff).await.unwrap();
    assert_eq!(desk.sign_in(staff, "1357").await.unwrap_err().code, ErrorCode::UnknownStaff);
    let of = |member: &StaffMember| (member.name.clone(), member.retired);
    assert_eq!(
        members(&desk).await.iter().map(of).collect::<Vec<_>>(),
        [("박서연".to_owned(), false), ("이하은".to_owned(), true)]
    );
    assert_eq!(
        desk.save(Some(staff), "이하은", Role::Staff, None).await.unwrap_err().code,
        ErrorCode::PinNeeded,
        "others may know the old one"
    );
    desk.save(Some(staff), "이하은", Role::Staff, Some("2468")).await.unwrap();
    desk.sign_in(staff, "2468").await.unwrap();
}

#[tokio::test]
async fn who_is_signed_in_and_retired_does_nothing_more() {
    let desk = Desk::new().await;
    let manager = desk.manager_id().await;
    let staff = desk.add("이하은", Role::Staff, "1357").await;
    desk.sign_in(staff, "1357").await.unwrap();
    desk.customer("홍길동").await;
    let retired = StaffBody { retired: true, ..body("이하은", Role::Staff, "1357").await };
    desk.put_staff(staff, retired).await;
    assert_eq!(desk.terminal.queries.authority().await.unwrap_err().code, ErrorCode::NotSignedIn);
    let command = serde_json::json!({ "type": "registerCustomer", "profile": { "name": "김" } });
    assert_eq!(desk.refused(command).await, ErrorCode::NotSignedIn);

    // A manager who retires oneself is signed out.
    desk.sign_in(manager, MANAGER_PIN).await.unwrap();
    desk.add("최민준", Role::Manager, "246801").await;
    desk.terminal.people.retire_staff(desk.caller().await, manager).await.unwrap();
    assert_eq!(desk.terminal.people.signed_in(), None);
}

#[tokio::test]
async fn the_last_manager_is_neither_retired_nor_demoted() {
    let desk = Desk::new().await;
    let (manager, caller) = (desk.manager_id().await, desk.caller().await);
    let people = &desk.terminal.people;
    let expect_last = async || {
        assert_eq!(people.retire_staff(caller, manager).await.unwrap_err().code, ErrorCode::LastManager);
        let demoted = desk.save(Some(manager), "박서연", Role::Supervisor, None).await;
        assert_eq!(demoted.unwrap_err().code, ErrorCode::LastManager);
        assert!(members(&desk).await.iter().any(|member| member.staff_id == manager && member.last_manager));
    };
    expect_last().await;
    // One who can't sign in is no manager who is left.
    desk.staff(Role::Manager).await;
    expect_last().await;
    let other = desk.add("최민준", Role::Manager, "246801").await;
    desk.save(Some(manager), "박서연", Role::Supervisor, None).await.unwrap();
    desk.sign_in(other, "246801").await.unwrap();
    let last = members(&desk).await.into_iter().find(|member| member.last_manager).unwrap();
    assert_eq!(last.staff_id, other);
}

#[tokio::test]
async fn a_promotion_to_manager_needs_a_long_pin() {
    let desk = Desk::new().await;
    let staff = desk.add("이하은", Role::Supervisor, "1357").await;
    let promote = async |pin| desk.save(Some(staff), "이하은", Role::Manager, pin).await;
    let error = promote(None).await.unwrap_err();
    assert_eq!((error.code, error.params["min"].as_u64()), (ErrorCode::PinNeeded, Some(6)));
    assert_eq!(promote(Some("1357")).await.unwrap_err().code, ErrorCode::InvalidPin);
    promote(Some("135799")).await.unwrap();
    desk.sign_in(staff, "135799").await.unwrap();
    let reset = ResetPinInput { staff_id: staff, pin: "2468".into() };
    let refused = desk.terminal.people.reset_pin(desk.caller().await, reset).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidPin);
}

#[tokio::test]
async fn a_reset_here_ends_the_wait_and_ones_own_pin_is_changed_with_the_old_one() {
    let desk = Desk::new().await;
    let staff = desk.add("이하은", Role::Staff, "1357").await;
    for _ in 0..5 {
        desk.sign_in(staff, "9999").await.unwrap_err();
    }
    let reset = ResetPinInput { staff_id: staff, pin: "2468".into() };
    desk.terminal.people.reset_pin(desk.caller().await, reset).await.unwrap();
    desk.sign_in(staff, "2468").await.unwrap();

    let change = async |pin: &str, new_pin: &str| {
        desk.terminal.people.change_own_pin(ChangePinInput { pin: pin.into(), new_pin: new_pin.into() }).await
    };
    assert_eq!(change("2468", "12").await.unwrap_err().code, ErrorCode::InvalidPin);
    for _ in 0..5 {
        assert_eq!(change("9999", "1111").await.unwrap_err().code, ErrorCode::WrongPin);
    }
    assert_eq!(change("2468", "1111").await.unwrap_err().code, ErrorCode::PinWait, "the same lock");
    desk.clock.run(Duration::from_secs(31));
    change("2468", "1111").await.unwrap();
    desk.sign_in(staff, "1111").await.unwrap();
    assert_eq!(desk.sign_in(staff, "2468").await.unwrap_err().code, ErrorCode::WrongPin);
}

#[tokio::test]
async fn a_backup_from_before_a_demotion_keeps_the_demotion() {
    let desk = Desk::new().await;
    let other = desk.add("최민준", Role::Manager, "246801").await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, into.path()).await;
    desk.save(Some(other), "최민준", Role::Staff, None).await.unwrap();
    let desk = restored(desk, &backup).await;
    desk.sign_in(other, "246801").await.unwrap();
    assert_eq!(desk.authority().await.role(), Role::Staff);
    assert_eq!(desk.save(None, "김", Role::Staff, Some("1357")).await.unwrap_err().code, ErrorCode::NotAuthorised);
}
