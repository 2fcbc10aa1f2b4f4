//! Penalties over HTTP.

use serde_json::json;

use super::Rest;
use crate::support::Desk;

#[tokio::test]
async fn s06_a_deduction_is_voided_and_shown_as_voided() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 40).await;
    let service = json!({ "ground": "service", "point": 15 });
    let (status, deducted) = rest.post(&format!("/penalties/{penalty}/deductions"), service).await;
    assert_eq!((status, &deducted["standing"]), (201, &json!("WARNED")), "{deducted}");
    let deduction = deducted["id"].as_str().unwrap();
    let path = |penalty: &str, deduction: &str| format!("/penalties/{penalty}/deductions/{deduction}/void");
    let void = path(&penalty.to_string(), deduction);
    let (status, voided) = rest.post(&void, json!({ "reason": "wrong_amount" })).await;
    let expected = json!({
        "id": deduction, "penaltyId": penalty, "status": "VOIDED", "point": 15, "outstanding": 40,
        "standing": "PROHIBITED", "price": null, "balance": null,
    });
    assert_eq!((status, voided), (200, expected));
    let (status, problem) = rest.post(&void, json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_voided")), "{problem}");
    for (penalty, deduction, code) in [
        (penalty.to_string(), uuid::Uuid::new_v4().to_string(), "unknown_deduction"),
        (penalty.to_string(), "x".to_owned(), "unknown_deduction"),
        (uuid::Uuid::new_v4().to_string(), deduction.to_owned(), "unknown_penalty"),
    ] {
        let (status, problem) = rest.post(&path(&penalty, &deduction), json!({})).await;
        assert_eq!((status, &problem["code"]), (404, &json!(code)), "{problem}");
    }
    desk.settle().await;
    let shown = rest.get(&format!("/penalties/{penalty}")).await.1;
    assert_eq!((&shown["outstanding"], &shown["deductions"][0]["status"]), (&json!(40), &json!("VOIDED")), "{shown}");
    let why = rest.get(&format!("/prohibits/{customer}")).await.1;
    let kinds: Vec<_> =
        why["explanation"].as_array().unwrap().iter().map(|line| (&line["kind"], &line["point"])).collect();
    let [imposed, deducted, voided] = [json!("imposed"), json!("deducted"), json!("deductionVoided")];
    assert_eq!(kinds, [(&imposed, &json!(40)), (&deducted, &json!(-15)), (&voided, &json!(15))]);
    rest.stop().await;
}
