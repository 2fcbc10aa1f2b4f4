//! What each role may do at the desk, and what a supervisor's PIN over a staff member's screen adds.

use nosmoke_application::permission::{Authority, Caller};
use nosmoke_domain::fact::{Approver, Recorder};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, Approval, ErrorCode, Outcome};
use serde_json::{Value, json};
use uuid::Uuid;

use super::id_of;
use crate::support::Desk;

async fn give(desk: &Desk, caller: Caller, command: Value) -> Result<Outcome, AppError> {
    desk.terminal.commands.record(caller, json!({ "idempotencyKey": Uuid::new_v4(), "command": command })).await
}

/// Gives a command that needs this role as each of the three.
async fn needs(desk: &Desk, role: Role, command: impl AsyncFn() -> Value) {
    for by in [Role::Staff, Role::Supervisor, Role::Manager] {
        let (caller, command) = (desk.staff(by).await, command().await);
        let given = give(desk, caller, command.clone()).await;
        match given {
            Ok(_) => assert!(by >= role, "{by:?} may {command}"),
            Err(error) => {
                assert!(by < role, "{by:?} may not {command}: {error}");
                assert_eq!((error.code, error.params), (ErrorCode::NotAuthorised, json!({ "needed": role })));
            }
        }
    }
}

#[tokio::test]
async fn each_role_does_what_the_table_says() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = async || desk.penalty(customer, 4).await;
    needs(&desk, Role::Staff, async || json!({ "type": "imposePenalty", "customerId": customer })).await;
    needs(&desk, Role::Supervisor, async || json!({ "type": "imposePenalty", "customerId": customer, "points": 3 }))
        .await;
    for (ground, points, role) in [
        ("education", None, Role::Staff),
        ("service", Some(1), Role::Staff),
        ("appeal", Some(1), Role::Supervisor),
        ("waiver", Some(1), Role::Supervisor),
    ] {
        let deduct = async || {
            let mut command = json!({ "type": "deductPenalty", "penaltyId": penalty().await, "ground": ground });
            if let Some(points) = points {
                command["points"] = json!(points);
            }
            command
        };
        needs(&desk, role, deduct).await;
    }
    let adjust = async || json!({ "type": "adjustPoints", "customerId": customer, "points": 5, "reason": "goodwill" });
    needs(&desk, Role::Manager, adjust).await;
    needs(&desk, Role::Manager, async || json!({ "type": "saveEvacuation", "content": "counts" })).await;
}

#[tokio::test]
async fn staff_void_what_they_recorded_themselves_and_supervisors_anything() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let (one, other) = (desk.staff(Role::Staff).await, desk.staff(Role::Staff).await);
    let pay =
        async |caller| match give(&desk, caller, json!({ "type": "pay", "customerId": customer, "points": 5 })).await {
            Ok(Outcome::Paid { payment_id, .. }) => payment_id,
            other => panic!("{other:?}"),
        };
    let void = |payment| json!({ "type": "voidPayment", "paymentId": payment, "reason": "mistaken" });
    let own = pay(one).await;
    let refused = give(&desk, other, void(own)).await.unwrap_err();
    assert_eq!((refused.code, refused.params), (ErrorCode::NotAuthorised, json!({ "needed": "supervisor" })));
    give(&desk, one, void(own)).await.unwrap();
    let theirs = pay(one).await;
    give(&desk, desk.staff(Role::Supervisor).await, void(theirs)).await.unwrap();

    let enter = json!({ "type": "checkIn", "areaId": desk.area.area_id });
    let Ok(Outcome::CheckedIn { visit_id, .. }) = give(&desk, one, enter).await else { panic!() };
    let void = json!({ "type": "voidVisit", "visitId": visit_id, "reason": "mistaken" });
    assert_eq!(give(&desk, other, void.clone()).await.unwrap_err().code, ErrorCode::NotAuthorised);
    give(&desk, one, void).await.unwrap();

    let impose = json!({ "type": "imposePenalty", "customerId": customer });
    let Ok(Outcome::PenaltyImposed { penalty_id, .. }) = give(&desk, one, impose).await else { panic!() };
    let deduct = json!({ "type": "deductPenalty", "penaltyId": penalty_id, "ground": "service", "points": 1 });
    let Ok(Outcome::PenaltyDeducted { deduction_id, .. }) = give(&desk, one, deduct).await else { panic!() };
    let void_deduction = json!({
        "type": "voidPenaltyDeduction", "penaltyId": penalty_id, "deductionId": deduction_id, "reason": "mistaken",
    });
    let void_penalty = json!({ "type": "voidPenalty", "penaltyId": penalty_id, "reason": "mistaken" });
    for command in [void_deduction, void_penalty] {
        assert_eq!(give(&desk, other, command.clone()).await.unwrap_err().code, ErrorCode::NotAuthorised);
        give(&desk, one, command).await.unwrap();
    }
}

#[tokio::test]
async fn a_supervisors_pin_over_a_staff_members_screen_is_in_the_fact() {
    let desk = Desk::new().await;
    let (customer, staff) = (desk.customer("홍길동").await, desk.staff(Role::Staff).await);
    let supervisor = desk.add("최민준", Role::Supervisor, "2468").await;
    let people = &desk.terminal.people;
    let approve = async |pin: &str| people.approver(&Approval { staff_id: supervisor, pin: pin.into() }).await;
    assert_eq!(approve("1111").await.unwrap_err().code, ErrorCode::WrongPin);
    let caller = Caller { approver: Some(approve("2468").await.unwrap()), ..staff };
    let impose = json!({ "type": "imposePenalty", "customerId": customer, "points": 5 });
    give(&desk, staff, impose.clone()).await.unwrap_err();
    give(&desk, caller, impose).await.unwrap();
    let fact = desk.changes().await.pop().unwrap().recorded.fact;
    assert_eq!(fact.recorded_by, Recorder::Staff { id: id_of(staff), role: Role::Staff });
    assert_eq!(fact.approved_by, Some(Approver { id: supervisor, role: Role::Supervisor }));
    assert_eq!(Authority::OWNER.role(), Role::Manager);
}

#[tokio::test]
async fn the_evacuation_list_names_those_inside_unless_a_manager_chose_counts() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.check_in(customer).await;
    desk.settle().await;
    desk.terminal.people.lock();
    let list = desk.terminal.queries.evacuation_list().await.unwrap();
    assert_eq!((list.total, list.areas[0].people[0].name.as_deref()), (1, Some("홍길동")));
    nosmoke_tests::sign_manager_in(&desk.terminal).await;
    desk.give(json!({ "type": "saveEvacuation", "content": "counts" })).await.unwrap();
    desk.give(json!({ "type": "saveFacility", "name": "서울역" })).await.unwrap();
    desk.terminal.people.lock();
    let list = desk.terminal.queries.evacuation_list().await.unwrap();
    assert_eq!((list.total, list.areas[0].present, list.areas[0].people.len()), (1, 1, 0));
    assert!(!serde_json::to_string(&list).unwrap().contains("홍길동"));
}
