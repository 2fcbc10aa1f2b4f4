//! Every command is refused if the staff member's role may not perform its act.

use nosmoke_application::jobs::check_reclaim;
use nosmoke_domain::ids::TerminalId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Desk;

/// Gives a command as a staff member with this role. If the role isn't allowed to, returns the role that the error
/// names.
async fn refused(desk: &Desk, role: Role, command: &Value) -> Option<Value> {
    let caller = desk.staff(role).await;
    let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
    let error = desk.terminal.commands.record(caller, request).await.err()?;
    (error.code == ErrorCode::NotAuthorised).then(|| error.params["needed"].clone())
}

#[tokio::test]
async fn a_command_is_refused_below_the_role_of_its_act() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    let (penalty, facts) = (desk.penalty(customer, 10).await, desk.facts().await);
    let manager = [
        json!({ "type": "checkOut", "visitId": visit, "points": 500 }),
        json!({ "type": "adjustPoints", "customerId": customer, "points": 5, "reason": "goodwill" }),
        json!({ "type": "linkCustomers", "customerId": customer, "otherId": customer }),
        json!({ "type": "eraseCustomer", "customerId": customer }),
        json!({ "type": "saveArea", "name": "새 구역" }),
        json!({ "type": "retireArea", "areaId": desk.area.area_id }),
        json!({ "type": "saveFacility", "name": "다른 이름" }),
        json!({ "type": "saveTerminal", "name": "다른 이름" }),
        json!({ "type": "saveHub", "terminalId": null }),
    ];
    for command in manager {
        for role in [Role::Staff, Role::Supervisor] {
            assert_eq!(refused(&desk, role, &command).await, Some(json!("manager")), "{command} by {role:?}");
        }
    }
    let area = desk.area.area_id;
    let supervisor = [
        json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "waiver", "points": 5 }),
        json!({ "type": "checkIn", "customerId": customer, "areaId": area, "admission": "medical" }),
    ];
    for command in &supervisor {
        assert_eq!(refused(&desk, Role::Staff, command).await, Some(json!("supervisor")), "{command}");
    }
    assert_eq!(desk.facts().await, facts, "what was refused recorded something");
    for command in &supervisor {
        assert_eq!(refused(&desk, Role::Supervisor, command).await, None, "{command}");
    }
    assert_eq!(refused(&desk, Role::Staff, &json!({ "type": "checkOut", "visitId": visit })).await, None);
    assert_eq!(desk.facts().await, facts + 2, "a waiver and a check-out");
}

#[tokio::test]
async fn a_reclaim_is_refused_before_its_job_starts() {
    let desk = Desk::new().await;
    let lost = TerminalId(Uuid::new_v4());
    let check = async |role| {
        let authority = desk.terminal.queries.authority_of(desk.staff(role).await).await.unwrap();
        check_reclaim(&desk.terminal, authority, lost).await.unwrap_err().code
    };
    assert_eq!(check(Role::Supervisor).await, ErrorCode::NotAuthorised);
    assert_eq!(check(Role::Manager).await, ErrorCode::NotConnected);
}
