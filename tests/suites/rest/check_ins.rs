//! Visits over HTTP that need a test clock or other rules than the default ones.

use chrono::TimeDelta;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::Outcome;
use nosmoke_ports::{Clock, Priority, RandomIds, ReferenceKind, StoreError, Write, write};
use nosmoke_reading::reference;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Rest, answer};
use crate::support::Desk;

async fn check_out(rest: &Rest, visit: &str, body: Value) -> (u16, Value) {
    answer(rest.request(Method::PUT, &format!("/checkIns/{visit}")).json(&body)).await
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("{field} in {answer}")).to_owned()
}

#[tokio::test]
async fn s06_an_unknown_area_is_added_only_where_the_rules_allow_it() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let enter = async |area: &str| rest.post("/checkIns", json!({ "smokingAreaId": area })).await;
    assert_eq!(enter("새 구역").await.0, 201);
    let (areas, facts) = (desk.areas().await, desk.facts().await);
    assert!(areas.iter().any(|area| area.name == "새 구역"));

    let strict = Rules { generation: 2, unknown_areas_allowed: false, ..Rules::default() };
    let now = desk.clock.now();
    let publish =
        move |tx: &mut dyn Write| reference::put(tx, &RandomIds, now, (ReferenceKind::Rules, Uuid::new_v4()), &strict);
    write::<(), StoreError>(&*desk.terminal.core.journal, Priority::Command, publish).await.unwrap();
    for area in ["다른 구역", "453!#FEQ2", " 새  구역x"] {
        let (status, problem) = enter(area).await;
        assert_eq!((status, &problem["code"]), (404, &json!("unknown_area")), "{area}: {problem}");
    }
    assert_eq!((desk.areas().await, desk.facts().await), (areas, facts), "nothing is added");
    // Areas that exist already are still accepted.
    assert_eq!([enter("새 구역").await.0, enter("453!#FEQ").await.0], [201, 201]);
    rest.stop().await;
}

#[tokio::test]
async fn s06_a_visit_that_ends_without_points_is_closed() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    // The customer's next check-in closes a visit that wasn't checked out.
    let customer = desk.customer("홍길동").await;
    let enter = async || rest.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ", "customerId": customer })).await;
    let (_, forgotten) = enter().await;
    let forgotten = text(&forgotten, "id");
    desk.clock.pass(TimeDelta::hours(13));
    let (status, second) = enter().await;
    assert_eq!(status, 201, "{second}");
    assert_eq!(second["closed"][0]["id"], json!(forgotten), "it says which visit it closed");
    assert_eq!(second["closed"][0]["smokingAreaId"], json!(desk.area.area_id));
    desk.settle().await;
    let closed = async || rest.get(&format!("/checkIns/{forgotten}")).await.1;
    let shown = closed().await;
    assert_eq!((&shown["status"], &shown["earnId"], &shown["point"]), (&json!("CLOSED"), &Value::Null, &Value::Null));
    assert!(shown["checkedOutAt"].is_string(), "{shown}");
    // A visit that was closed this way can't be checked out, so it earns no points.
    let (status, problem) = check_out(&rest, &forgotten, json!({ "point": 100 })).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_inside")), "{problem}");
    desk.settle().await;
    assert_eq!(closed().await, shown);
    assert_eq!(rest.get(&format!("/earns?customerId={customer}")).await.1["items"], json!([]));

    // A prohibited customer who is admitted by exception earns no points, and the answer to the check-out says so.
    let banned = desk.customer("이하나").await;
    desk.penalty(banned, 40).await;
    desk.settle().await;
    let admit = json!({ "type": "checkIn", "customerId": banned, "areaId": desk.area.area_id, "admission": "medical" });
    let Outcome::CheckedIn { visit_id, .. } = desk.give(admit).await.unwrap() else { panic!("no check-in") };
    let (status, left) = check_out(&rest, &visit_id.to_string(), json!({})).await;
    assert_eq!((status, &left["status"], &left["earnId"]), (200, &json!("CLOSED"), &Value::Null), "{left}");
    desk.settle().await;
    assert_eq!(rest.get(&format!("/checkIns/{visit_id}")).await.1["status"], "CLOSED");
    let (status, problem) = check_out(&rest, &visit_id.to_string(), json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_checked_out")), "{problem}");
    rest.stop().await;
}

#[tokio::test]
async fn s06_a_check_out_of_a_forgotten_visit_must_be_confirmed() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let (_, visit) = rest.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await;
    assert_eq!(visit["closed"], json!([]));
    let visit = text(&visit, "id");
    desk.clock.pass(TimeDelta::hours(13));
    let facts = desk.facts().await;
    for body in [json!({}), json!({ "point": 50 }), json!({ "confirmForgotten": false })] {
        let (status, problem) = check_out(&rest, &visit, body).await;
        assert_eq!((status, &problem["code"]), (409, &json!("visit_forgotten")), "{problem}");
        assert_eq!(problem["hours"], 12, "{problem}");
        let detail = text(&problem, "detail");
        assert!(detail.contains("`confirmForgotten: true`") && detail.contains("Nothing was recorded"), "{detail}");
    }
    assert_eq!(desk.facts().await, facts);
    let (status, left) = check_out(&rest, &visit, json!({ "confirmForgotten": true })).await;
    assert_eq!((status, &left["status"], &left["point"]), (200, &json!("CHECKED_OUT"), &json!(100)), "{left}");
    rest.stop().await;
}
