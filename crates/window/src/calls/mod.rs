//! The calls that screens can make, and the table by which they are dispatched.

mod call;
mod dialogs;
mod noted;
mod picks;
mod pictures;
mod record;
mod table;

use nosmoke_ports::contract::AppError;

use crate::shell::Shell;

use call::Call;

/// Runs the call with this name and returns its answer as JSON. `clicked_at` is when the key or button was pressed, in
/// ms since 1970.
///
/// # Errors
/// `not_authorised`, `invalid_input`, or an error of the call itself.
pub async fn answer(
    shell: &Shell,
    name: &str,
    input: serde_json::Value,
    clicked_at: Option<f64>,
) -> Result<String, AppError> {
    let call = Call { shell: shell.clone(), clicked_at };
    table::answer(&call, name, input).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::sync::Arc;

    use nosmoke_composition::Environment;
    use nosmoke_domain::words::Role;
    use nosmoke_ports::contract::{ErrorCode, Founded, LockScreen, StaffMember, Start};
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};
    use tempfile::TempDir;

    use super::*;
    use crate::testing::FakeHost;

    const PIN: &str = "135790";

    async fn ask<T: DeserializeOwned>(shell: &Shell, name: &str, input: Value) -> Result<T, AppError> {
        answer(shell, name, input, None).await.map(|json| serde_json::from_str(&json).unwrap())
    }

    /// A facility with one member of staff of each role, and their ids; the manager is signed in.
    async fn facility() -> (TempDir, Shell, [(Role, Value); 3]) {
        let root = tempfile::tempdir().unwrap();
        let (data, host) = (root.path().join("data"), Arc::new(FakeHost::default()));
        let shell = Shell::new(host, Some(data), None, Environment::of_system("test", "0"));
        assert!(matches!(shell.start().await, Start::SetUp { .. }));
        let founded: Founded = ask(
            &shell,
            "set_up",
            json!({
                "facilityName": "역", "terminalName": "단말", "areas": [{ "name": "옥상" }], "managerName": "박", "pin": PIN,
            }),
        )
        .await
        .unwrap();
        assert_eq!(founded.recovery_code.len(), 29);
        for (name, role) in [("이", "staff"), ("최", "supervisor")] {
            let input = json!({ "name": name, "role": role, "pin": PIN });
            let _: Vec<StaffMember> = ask(&shell, "save_staff", input).await.unwrap();
        }
        let staff: Vec<StaffMember> = ask(&shell, "staff_members", Value::Null).await.unwrap();
        let of = |role| (role, json!(staff.iter().find(|member| member.role == role).unwrap().staff_id));
        (root, shell, [of(Role::Staff), of(Role::Supervisor), of(Role::Manager)])
    }

    #[tokio::test]
    async fn while_locked_no_call_is_answered_that_needs_a_role() {
        let (_root, shell, people) = facility().await;
        let lock: LockScreen = ask(&shell, "lock", Value::Null).await.unwrap();
        assert_eq!(lock.staff.len(), 3);
        assert!(matches!(shell.start().await, Start::Locked { .. }));
        let mut refused = 0;
        for (name, act) in table::ACTS.iter().filter(|(_, act)| act.needs().role().is_some()) {
            // The act is checked before the input, so a refused call has done nothing with it.
            let error = answer(&shell, name, Value::Null, None).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::NotSignedIn, "{name}, {act:?}");
            refused += 1;
        }
        assert!(refused > 50, "{refused}");
        let _: Value = ask(&shell, "evacuation_list", Value::Null).await.unwrap();
        let input = json!({ "staffId": people[0].1, "pin": PIN });
        let session: Value = ask(&shell, "sign_in", input).await.unwrap();
        assert_eq!(session["staff"]["role"], "staff");
        let _: Value = ask(&shell, "occupancy", Value::Null).await.unwrap();
    }

    #[tokio::test]
    async fn each_call_is_answered_for_the_roles_of_the_table() {
        let (_root, shell, people) = facility().await;
        for (role, staff_id) in people {
            let _: Value = ask(&shell, "sign_in", json!({ "staffId": staff_id, "pin": PIN })).await.unwrap();
            let call = Call { shell: shell.clone(), clicked_at: None };
            for (name, act) in table::ACTS {
                let permitted = call.expect(*act).await;
                let may = act.needs().role().is_none_or(|needed| role >= needed);
                assert_eq!(permitted.is_ok(), may, "{name} by {role:?}");
                if !may {
                    let error = answer(&shell, name, Value::Null, None).await.unwrap_err();
                    assert_eq!(error.code, ErrorCode::NotAuthorised, "{name} by {role:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn an_approvers_pin_counts_for_one_command() {
        let (_root, shell, [(_, staff), (_, supervisor), _]) = facility().await;
        let _: Value = ask(&shell, "sign_in", json!({ "staffId": staff, "pin": PIN })).await.unwrap();
        let register = json!({ "type": "registerCustomer", "profile": { "name": "홍길동" } });
        let saved: Value = ask(&shell, "record", json!({ "idempotencyKey": "1", "command": register })).await.unwrap();
        let impose = json!({ "type": "imposePenalty", "customerId": saved["customerId"], "points": 3 });
        let with = |key: &str, pin: Option<&str>| {
            let approver = pin.map(|pin| json!({ "staffId": supervisor, "pin": pin }));
            json!({ "idempotencyKey": key, "command": impose, "approver": approver })
        };
        let error = ask::<Value>(&shell, "record", with("2", None)).await.unwrap_err();
        assert_eq!((error.code, &error.params["needed"]), (ErrorCode::NotAuthorised, &json!("supervisor")));
        let error = ask::<Value>(&shell, "record", with("2", Some("999999"))).await.unwrap_err();
        assert_eq!((error.code, &error.params["triesLeft"]), (ErrorCode::WrongPin, &json!(4)));
        let imposed: Value = ask(&shell, "record", with("2", Some(PIN))).await.unwrap();
        let again: Value = ask(&shell, "record", with("2", Some(PIN))).await.unwrap();
        assert_eq!(imposed, again, "one request");
        let error = ask::<Value>(&shell, "record", with("3", None)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotAuthorised);
    }
}
