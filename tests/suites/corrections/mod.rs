//! Corrections: what Mypage's menu offers is what the commands then do, for each role, time and terminal.

mod table;

use nosmoke_domain::ids::{CustomerId, PaymentId};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, Correctable, Correction, CorrectionKind, ErrorCode, Outcome};
use serde_json::json;
use uuid::Uuid;

use crate::support::Desk;

async fn corrections(desk: &Desk, of: Correctable) -> Vec<Correction> {
    desk.terminal.queries.corrections(of).await.unwrap()
}

/// The answer to one kind of correction; panics if that isn't offered.
async fn answer(desk: &Desk, of: Correctable, kind: CorrectionKind) -> Result<(), AppError> {
    let found = corrections(desk, of).await;
    let of_kind = found.iter().find(|it| it.kind == kind).unwrap_or_else(|| panic!("{kind:?}: {found:?}"));
    of_kind.refused.clone().map_or(Ok(()), Err)
}

async fn paid(desk: &Desk, customer: CustomerId) -> PaymentId {
    match desk.pay(customer, 10).await.unwrap() {
        Outcome::Paid { payment_id, .. } => payment_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_visit_offers_what_its_status_allows() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit_id = desk.check_in(customer).await;
    let of = Correctable::Visit { visit_id };
    let kinds = async || corrections(&desk, of).await.into_iter().map(|it| it.kind).collect::<Vec<_>>();
    assert_eq!(kinds().await, [CorrectionKind::CloseVisit, CorrectionKind::VoidVisit]);
    desk.check_out(visit_id).await;
    desk.settle().await;
    let ended = [CorrectionKind::TakeBackCheckOut, CorrectionKind::VoidVisit, CorrectionKind::AdjustPoints];
    assert_eq!(kinds().await, ended);
    desk.give(json!({ "type": "voidVisit", "visitId": visit_id, "reason": "mistaken" })).await.unwrap();
    assert_eq!(kinds().await, [CorrectionKind::VoidVisit, CorrectionKind::AdjustPoints]);
    let voided = answer(&desk, of, CorrectionKind::VoidVisit).await.unwrap_err();
    assert_eq!(voided.code, ErrorCode::AlreadyVoided);
    assert_eq!(corrections(&desk, Correctable::Payment { payment_id: PaymentId(Uuid::new_v4()) }).await, []);
}

#[tokio::test]
async fn a_correction_says_until_when_and_since_when_not() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let staff = desk.staff(Role::Staff).await;
    desk.hand_to(staff);
    let of = Correctable::Payment { payment_id: paid(&desk, customer).await };
    let until = corrections(&desk, of).await[0].until.unwrap();
    desk.clock.pass(chrono::TimeDelta::minutes(16));
    let passed = answer(&desk, of, CorrectionKind::VoidPayment).await.unwrap_err();
    assert_eq!((passed.code, &passed.params["until"]), (ErrorCode::VoidWindowPassed, &json!(until)));
    assert_eq!(passed.params["needed"], "supervisor");
}

#[tokio::test]
async fn check_outs_of_one_act_are_taken_back_together_as_long_as_one_can() {
    let desk = Desk::new().await;
    let visit = desk.check_in(desk.customer("가").await).await;
    desk.check_in(desk.customer("나").await).await;
    desk.settle().await;
    let out = desk.give(json!({ "type": "checkOutArea", "areaId": desk.area.area_id })).await.unwrap();
    let Outcome::AreaCheckedOut { act: Some(act), .. } = out else { panic!("{out:?}") };
    let of = Correctable::CheckOuts { act };
    desk.give(json!({ "type": "takeBackCheckOut", "visitId": visit })).await.unwrap();
    assert_eq!(answer(&desk, of, CorrectionKind::TakeBackCheckOut).await, Ok(()));
    desk.give(json!({ "type": "takeBackAreaCheckOut", "act": act })).await.unwrap();
    let none = answer(&desk, of, CorrectionKind::TakeBackCheckOut).await.unwrap_err();
    assert_eq!(none.code, ErrorCode::NotCheckedOut);
}
