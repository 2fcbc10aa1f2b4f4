//! Each fact says who recorded it and who approved it, with the role read in the transaction of its command.

use nosmoke_application::jobs::{check_take_back, import_customers, imports, take_back_import};
use nosmoke_application::permission::{By, Caller};
use nosmoke_domain::fact::{Approver, Fact, Payload, Recorder};
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode, JobKind, JobState, Outcome};
use nosmoke_reading::reference::StaffBody;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::imports::compared_list;
use crate::support::{Desk, job};

async fn give(desk: &Desk, caller: Caller, key: &str, command: &Value) -> Result<Outcome, AppError> {
    desk.terminal.commands.record(caller, json!({ "idempotencyKey": key, "command": command })).await
}

async fn once(desk: &Desk, caller: Caller, command: &Value) -> Result<Outcome, AppError> {
    give(desk, caller, &Uuid::new_v4().to_string(), command).await
}

async fn last_fact(desk: &Desk) -> Fact {
    desk.changes().await.pop().unwrap().recorded.fact
}

fn id_of(caller: Caller) -> StaffId {
    let By::Staff(id) = caller.by else { panic!("{caller:?} isn't staff") };
    id
}

/// Gives a member of staff another role, or retires the person.
async fn change(desk: &Desk, caller: Caller, role: Role, retired: bool) {
    let body = StaffBody { name: "이도윤".into(), role, pin_hash: None, retired };
    desk.put_staff(id_of(caller), body).await;
}

#[tokio::test]
async fn a_fact_says_who_recorded_it_with_the_role_at_that_time() {
    let desk = Desk::new().await;
    let (customer, staff) = (desk.customer("홍길동").await, desk.staff(Role::Supervisor).await);
    let penalty = json!({ "type": "imposePenalty", "customerId": customer });
    once(&desk, staff, &penalty).await.unwrap();
    let fact = last_fact(&desk).await;
    assert_eq!(fact.recorded_by, Recorder::Staff { id: id_of(staff), role: Role::Supervisor });
    assert_eq!(fact.approved_by, None);
    change(&desk, staff, Role::Staff, false).await;
    once(&desk, staff, &penalty).await.unwrap();
    assert_eq!(last_fact(&desk).await.recorded_by, Recorder::Staff { id: id_of(staff), role: Role::Staff });
    once(&desk, Caller::OWNER, &penalty).await.unwrap();
    let bytes =
        desk.changes().await.pop().map(|change| serde_json::to_value(change.recorded.fact.recorded_by).unwrap());
    assert_eq!(bytes, Some(json!({ "kind": "token", "id": "owner", "role": "manager" })));
}

#[tokio::test]
async fn a_right_that_was_taken_away_is_gone_with_the_next_command() {
    let desk = Desk::new().await;
    let (customer, manager) = (desk.customer("홍길동").await, desk.staff(Role::Manager).await);
    let adjust = json!({ "type": "adjustPoints", "customerId": customer, "points": 5, "reason": "goodwill" });
    once(&desk, manager, &adjust).await.unwrap();
    change(&desk, manager, Role::Staff, false).await;
    let facts = desk.facts().await;
    assert_eq!(once(&desk, manager, &adjust).await.unwrap_err().code, ErrorCode::NotAuthorised);
    change(&desk, manager, Role::Manager, true).await;
    assert_eq!(once(&desk, manager, &adjust).await.unwrap_err().code, ErrorCode::NotSignedIn, "retired");
    let unknown = Caller::staff(StaffId(Uuid::new_v4()));
    assert_eq!(once(&desk, unknown, &adjust).await.unwrap_err().code, ErrorCode::NotSignedIn);
    assert_eq!(desk.facts().await, facts);
}

#[tokio::test]
async fn an_approved_act_names_both_and_lasts_for_one_command() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 10).await;
    let (staff, supervisor) = (desk.staff(Role::Staff).await, desk.staff(Role::Supervisor).await);
    let waive = json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "waiver", "points": 5 });
    let approved = |by| Caller { approver: Some(id_of(by)), ..staff };
    assert_eq!(once(&desk, staff, &waive).await.unwrap_err().code, ErrorCode::NotAuthorised);
    let other = desk.staff(Role::Staff).await;
    assert_eq!(once(&desk, approved(other), &waive).await.unwrap_err().code, ErrorCode::NotAuthorised);
    once(&desk, approved(supervisor), &waive).await.unwrap();
    let fact = last_fact(&desk).await;
    assert_eq!(fact.recorded_by, Recorder::Staff { id: id_of(staff), role: Role::Staff });
    assert_eq!(fact.approved_by, Some(Approver { id: id_of(supervisor), role: Role::Supervisor }));
    assert_eq!(once(&desk, staff, &waive).await.unwrap_err().code, ErrorCode::NotAuthorised);
    change(&desk, supervisor, Role::Supervisor, true).await;
    assert_eq!(once(&desk, approved(supervisor), &waive).await.unwrap_err().code, ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn a_repeated_key_answers_its_first_caller_alone() {
    let desk = Desk::new().await;
    let (customer, staff) = (desk.customer("홍길동").await, desk.staff(Role::Staff).await);
    let penalty = json!({ "type": "imposePenalty", "customerId": customer });
    let first = give(&desk, staff, "key", &penalty).await.unwrap();
    let facts = desk.facts().await;
    for other in [Caller::OWNER, desk.staff(Role::Staff).await, desk.caller().await] {
        assert_eq!(give(&desk, other, "key", &penalty).await.unwrap_err().code, ErrorCode::KeyReused);
    }
    assert_eq!(give(&desk, staff, "key", &penalty).await.unwrap(), first);
    // The first caller gets the answer also after losing the right to ask again.
    change(&desk, staff, Role::Staff, true).await;
    assert_eq!(give(&desk, staff, "key", &penalty).await.unwrap(), first);
    assert_eq!(desk.facts().await, facts);
    let (commands, act) = (&desk.terminal.commands, async || Ok("done".to_owned()));
    assert_eq!(commands.once(Caller::OWNER, "action".into(), &1, act()).await.unwrap(), "done");
    assert_eq!(commands.once(Caller::OWNER, "action".into(), &1, act()).await.unwrap(), "done");
    let other = commands.once(staff, "action".into(), &1, act()).await;
    assert_eq!(other.unwrap_err().code, ErrorCode::KeyReused);
}

#[tokio::test]
async fn the_program_signs_what_its_policies_record_with_the_cause() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let facts: Vec<Fact> = desk.changes().await.into_iter().map(|change| change.recorded.fact).collect();
    let of = |is: fn(&Payload) -> bool| facts.iter().find(|fact| is(&fact.payload)).unwrap();
    let earned = of(|payload| matches!(payload, Payload::Earned(_)));
    let checked_out = of(|payload| matches!(payload, Payload::CheckedOut(_)));
    assert_eq!((earned.recorded_by, earned.causation_id), (Recorder::Program, Some(checked_out.event_id)));
    assert!(matches!(checked_out.recorded_by, Recorder::Staff { role: Role::Manager, .. }));
}

#[tokio::test]
async fn a_job_records_to_its_end_for_the_manager_who_began_it() {
    let desk = Desk::new().await;
    let manager = desk.staff(Role::Manager).await;
    let authority = desk.terminal.queries.authority_of(manager).await.unwrap();
    let file = compared_list(&desk, "이름\n김하나\n이둘\n").await;
    let bus = desk.terminal.commands.clone();
    let imported = job(&desk, JobKind::Import, |progress| import_customers(bus, authority, file, progress)).await;
    assert_eq!(imported.state, JobState::Done);
    let import_id = imports(&*desk.terminal.core.journal).await.unwrap()[0].import_id;
    check_take_back(&desk.terminal, authority, import_id).await.unwrap();
    change(&desk, manager, Role::Staff, true).await;
    let bus = desk.terminal.commands.clone();
    let taken_back = job(&desk, JobKind::TakeBackImport, |progress| async move {
        take_back_import(bus, authority, import_id, progress).await.map(|()| None)
    });
    assert_eq!(taken_back.await.error, None);
    let began = Recorder::Staff { id: id_of(manager), role: Role::Manager };
    let erased: Vec<_> = desk.changes().await.into_iter().map(|change| change.recorded.fact.recorded_by).collect();
    assert_eq!(erased, [began, began]);
}
