//! A PIN is in no file of the data folder, and in no digest.

use std::fs;

use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ChangePinInput, RecordInput, RecoverInput, ResetPinInput};
use serde_json::json;

use super::MANAGER_PIN;
use crate::support::Desk;

/// The bytes of all files of the data folder.
fn files(desk: &Desk) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(desk.folder.path()).unwrap().filter_map(Result::ok);
    let read = |entry: fs::DirEntry| {
        let bytes = fs::read(entry.path()).ok()?;
        Some((entry.file_name().to_string_lossy().into_owned(), bytes))
    };
    entries.filter_map(read).collect()
}

#[tokio::test]
async fn no_pin_and_no_recovery_code_is_in_a_file() {
    const PINS: [&str; 5] = ["271828182845", "314159265358", "161803398874", "141421356237", "173205080756"];
    let desk = Desk::new().await;
    let people = &desk.terminal.people;
    let (manager, staff) = (desk.manager_id().await, desk.add("이하은", Role::Staff, PINS[0]).await);
    let reset = ResetPinInput { staff_id: staff, pin: PINS[1].into() };
    people.reset_pin(desk.caller().await, reset).await.unwrap();
    let code = people.renew_recovery_code(desk.caller().await).await.unwrap().next_code;
    let recovered = RecoverInput { code: code.as_str().into(), staff_id: manager, pin: PINS[2].into() };
    let next = people.recover(recovered).await.unwrap().next_code;
    desk.sign_in(staff, PINS[1]).await.unwrap();
    people.change_own_pin(ChangePinInput { pin: PINS[1].into(), new_pin: PINS[3].into() }).await.unwrap();
    desk.sign_in(staff, PINS[4]).await.unwrap_err();

    let customer = desk.customer("홍길동").await;
    let input: RecordInput = serde_json::from_value(json!({
        "idempotencyKey": "key",
        "command": { "type": "imposePenalty", "customerId": customer, "points": 5 },
        "approver": { "staffId": manager, "pin": PINS[2] },
    }))
    .unwrap();
    assert!(!format!("{input:?}").contains(PINS[2]));
    let (request, approval) = input.split();
    assert!(!serde_json::to_string(&request).unwrap().contains(PINS[2]), "no part of what is digested");
    let approver = people.approver(&approval.unwrap()).await.unwrap();
    let caller = nosmoke_application::permission::Caller { approver: Some(approver), ..desk.caller().await };
    desk.terminal.commands.run(caller, request).await.unwrap();

    let letters = |code: &str| code.replace('-', "");
    let secrets = PINS.map(str::to_owned).into_iter().chain([MANAGER_PIN.into(), letters(&code), letters(&next)]);
    let (files, secrets) = (files(&desk), secrets.chain([code.clone(), next.clone()]).collect::<Vec<_>>());
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(files.iter().any(|(_, bytes)| holds(bytes, "홍길동")), "the files are read");
    for (name, bytes) in &files {
        for secret in &secrets {
            // Six digits may come by chance in ids and times; those of eight and more don't.
            assert!(secret.len() < 8 || !holds(bytes, secret), "{secret} is in {name}");
        }
    }
}
