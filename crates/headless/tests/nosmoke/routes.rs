//! Tests of the responses and refusals of each group of routes.

use serde_json::{Value, json};

use crate::process::{Served, TestFolder, text};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn refused((status, answer): (u16, Value)) -> (u16, String) {
    assert_eq!(answer["status"], status, "{answer}");
    (status, text(&answer, "code"))
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn s06_check_ins_and_earns() {
    let served = TestFolder::new().serve();
    let (status, entered) = served.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await;
    assert_eq!((status, &entered["status"]), (201, &json!("CHECKED_IN")), "{entered}");
    let (id, customer) = (text(&entered, "id"), text(&entered, "customerId"));
    // The check-in added the area; from now on the area can be given by its id or its name.
    let area = text(&entered, "smokingAreaId");
    let again = json!({ "smokingAreaId": area, "customerId": customer });
    let (status, inside) = served.post("/checkIns", again).await;
    assert_eq!((status, &inside["code"], &inside["areaName"]), (409, &json!("already_inside"), &json!("453!#FEQ")));
    assert_eq!(served.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await.1["smokingAreaId"], area);

    let path = format!("/checkIns/{id}");
    for (point, expected) in [
        (json!(0), is(422, "out_of_range")),
        (json!(1_000_001), is(422, "out_of_range")),
        (json!("1.5"), is(422, "not_whole")),
        (json!("백"), is(422, "not_whole")),
    ] {
        let (status, answer) = served.put(&path, json!({ "point": point })).await;
        assert_eq!(answer["field"], "point", "{answer}");
        assert_eq!(refused((status, answer)), expected);
    }
    // The maximum of points that a check-out can give.
    let (_, most) = served.post("/checkIns", json!({ "smokingAreaId": area })).await;
    let (status, left) = served.put(&format!("/checkIns/{}", text(&most, "id")), json!({ "point": 1_000_000 })).await;
    assert_eq!((status, &left["status"], &left["point"]), (200, &json!("CHECKED_OUT"), &json!(1_000_000)), "{left}");
    let of_most = format!("/mypages/{}", text(&most, "customerId"));
    served.until(&format!("/checkIns/{}", text(&most, "id")), "status", "EARNED").await;
    assert_eq!(served.get(&of_most).await.1["balance"], 1_000_000);
    // HTTPie's `point=100` sends a string.
    let (status, left) = served.put(&path, json!({ "point": "100" })).await;
    assert_eq!((status, &left["status"], &left["point"]), (200, &json!("CHECKED_OUT"), &json!(100)), "{left}");
    let visit = served.until(&path, "status", "EARNED").await;
    assert_eq!((&visit["earnId"], &visit["smokingAreaName"]), (&left["earnId"], &json!("453!#FEQ")));
    let (_, earn) = served.get(&format!("/earns/{}", text(&left, "earnId"))).await;
    assert_eq!((&earn["status"], &earn["point"], &earn["checkInId"]), (&json!("EARNED"), &json!(100), &json!(id)));
    assert_eq!(served.get(&format!("/earns?customerId={customer}")).await.1["items"], json!([earn]));
    assert_eq!(refused(served.put(&path, json!({})).await), is(409, "already_checked_out"));

    // Unknown ids and invalid bodies.
    for (body, expected) in [
        (json!({ "smokingAreaId": area, "customerId": NOBODY }), is(404, "unknown_customer")),
        (json!({ "smokingAreaId": area, "customerId": "누구" }), is(404, "unknown_customer")),
        (json!({ "smokingAreaId": NOBODY }), is(404, "unknown_area")),
        (json!({ "smokingAreaId": " " }), is(422, "empty")),
        (json!({ "smokingAreaId": "가".repeat(201) }), is(422, "too_long")),
        (json!({ "smokingAreaId": 1 }), is(422, "invalid_input")),
        (json!({}), is(422, "invalid_input")),
        (json!({ "smokingAreaId": area, "more": 1 }), is(422, "invalid_input")),
    ] {
        assert_eq!(refused(served.post("/checkIns", body.clone()).await), expected, "{body}");
    }
    assert_eq!(refused(served.get("/checkIns/1").await), is(404, "unknown_visit"));
    assert_eq!(refused(served.put(&format!("/checkIns/{NOBODY}"), json!({})).await), is(404, "unknown_visit"));
    assert_eq!(refused(served.get("/earns/1").await), is(404, "unknown_earning"));
    assert_eq!(refused(served.get("/earns").await), is(422, "invalid_input"));
    assert_eq!(refused(served.get("/wherever").await), is(404, "unknown_route"));
}

#[tokio::test]
async fn s06_a_check_out_without_a_body_earns_by_the_rules() {
    let served = TestFolder::new().serve();
    let (_, entered) = served.post("/checkIns", json!({ "smokingAreaId": "1" })).await;
    let request = served.request(reqwest::Method::PUT, &format!("/checkIns/{}", text(&entered, "id")));
    let (status, left) = crate::process::answer(request).await;
    assert_eq!((status, &left["point"]), (200, &json!(100)), "{left}");
    // Null means that the member is omitted; the OpenAPI document says so too.
    let (_, entered) = served.post("/checkIns", json!({ "smokingAreaId": "1" })).await;
    let (status, left) = served.put(&format!("/checkIns/{}", text(&entered, "id")), json!({ "point": null })).await;
    assert_eq!((status, &left["point"]), (200, &json!(100)), "{left}");
    let (_, document) = served.get("/openapi.json").await;
    for body in ["CheckOutBody", "PenaltyBody", "DeductionBody"] {
        let point = &document["components"]["schemas"][body]["properties"]["point"];
        assert_eq!(point["oneOf"][2]["type"], "null", "{body}: {point}");
    }
}

#[tokio::test]
async fn s06_pays_and_deducts() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    let (status, paid) = served.post("/pays", json!({ "customerId": customer, "point": "60" })).await;
    assert_eq!((status, &paid["point"], &paid["balance"]), (201, &json!(60), &json!(40)), "{paid}");
    let (pay, deduct) = (text(&paid, "id"), text(&paid, "deductId"));
    let (_, one) = served.get(&format!("/pays/{pay}")).await;
    assert_eq!((&one["status"], &one["deductId"]), (&json!("PAID"), &json!(deduct)));
    let (_, deducted) = served.get(&format!("/deducts/{deduct}")).await;
    assert_eq!((&deducted["status"], &deducted["payId"]), (&json!("DEDUCTED"), &json!(pay)));
    let (status, short) = served.post("/pays", json!({ "customerId": customer, "point": 41 })).await;
    assert_eq!((status, &short["code"], &short["balance"]), (409, &json!("insufficient_points"), &json!(40)));

    // Pages are newest first and without gaps.
    for _ in 0..4 {
        assert_eq!(served.post("/pays", json!({ "customerId": customer, "point": 1 })).await.0, 201);
    }
    let (mut path, mut points) = (format!("/deducts?customerId={customer}&limit=2"), Vec::new());
    loop {
        let (_, page) = served.get(&path).await;
        points.extend(page["items"].as_array().unwrap().iter().map(|it| it["point"].as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/deducts?customerId={customer}&limit=2&cursor={next}");
    }
    assert_eq!(points, [1, 1, 1, 1, 60]);
    let foreign = format!("/deducts?customerId={customer}&cursor=earnings.1");
    assert_eq!(refused(served.get(&foreign).await), is(422, "invalid_input"));
    assert_eq!(refused(served.get(&format!("/deducts?customerId={customer}&limit=0")).await), is(422, "out_of_range"));

    let (status, voided) = served.post(&format!("/pays/{pay}/void"), json!({ "reason": "wrong_amount" })).await;
    assert_eq!((status, &voided["status"], &voided["balance"]), (200, &json!("VOIDED"), &json!(96)), "{voided}");
    assert_eq!(refused(served.post(&format!("/pays/{pay}/void"), json!({})).await), is(409, "already_voided"));
    assert_eq!(served.get(&format!("/deducts/{deduct}")).await.1["status"], "VOIDED");
    assert_eq!(refused(served.post("/pays", json!({ "customerId": NOBODY, "point": 1 })).await).1, "unknown_customer");
    assert_eq!(refused(served.get("/pays/1").await), is(404, "unknown_payment"));
    assert_eq!(refused(served.get("/deducts/1").await), is(404, "unknown_deduction"));
}

#[tokio::test]
async fn s06_penalties_and_prohibits() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    let impose = json!({ "customerId": customer, "point": "40", "smokingAreaId": "453!#FEQ", "note": "계단" });
    let (status, imposed) = served.post("/penalties", impose).await;
    assert_eq!((status, &imposed["status"]), (201, &json!("IMPOSED")), "{imposed}");
    let path = format!("/penalties/{}", text(&imposed, "id"));
    let accrued = served.until(&path, "status", "ACCRUED").await;
    assert_eq!((&accrued["point"], &accrued["smokingAreaName"]), (&json!(40), &json!("453!#FEQ")));

    let explained = async || served.get(&format!("/prohibits/{customer}")).await.1;
    let banned = explained().await;
    assert_eq!(
        (&banned["standing"], &banned["outstanding"], &banned["threshold"]),
        (&json!("PROHIBITED"), &json!(40), &json!(40))
    );
    assert_eq!((&banned["toLift"], &banned["explanation"][0]["point"]), (&json!(1), &json!(40)));
    // The list contains the same entry as the route for one customer.
    let (of_all, of_one) =
        (served.get("/prohibits").await.1, served.get(&format!("/prohibits?customerId={customer}")).await.1);
    for list in [of_all, of_one] {
        let (mut listed, mut one) = (list["items"][0].clone(), banned.clone());
        assert!(listed["asOf"].is_string(), "{list}");
        for it in [&mut listed, &mut one] {
            it.as_object_mut().unwrap().remove("asOf");
        }
        assert_eq!((listed, list["items"].as_array().unwrap().len()), (one, 1));
    }
    let enter = json!({ "smokingAreaId": "453!#FEQ", "customerId": customer });
    let (status, prohibited) = served.post("/checkIns", enter.clone()).await;
    assert_eq!((status, &prohibited["code"], &prohibited["threshold"]), (409, &json!("prohibited"), &json!(40)));

    let deduct = async |body| served.post(&format!("{path}/deductions"), body).await;
    let (status, deducted) = deduct(json!({ "ground": "education" })).await;
    assert_eq!((status, &deducted["point"], &deducted["remaining"]), (201, &json!(20), &json!(20)), "{deducted}");
    assert_eq!(refused(deduct(json!({ "ground": "education" })).await), is(409, "education_already_deducted"));
    assert_eq!(refused(deduct(json!({ "ground": "service", "point": 21 })).await), is(409, "more_than_outstanding"));
    assert_eq!(refused(deduct(json!({ "ground": "service" })).await), is(422, "points_needed"));
    assert_eq!(refused(deduct(json!({ "ground": "pardon", "point": 1 })).await), is(422, "invalid_input"));
    assert_eq!(explained().await["standing"], "WARNED");
    assert_eq!(served.post("/checkIns", enter).await.0, 201);
    assert_eq!(deduct(json!({ "ground": "appeal", "point": "20" })).await.1["standing"], "ALLOWED");
    assert_eq!(served.get("/prohibits").await.1["items"], json!([]));
    let (_, of_one) = served.get(&format!("/prohibits?customerId={customer}")).await;
    assert_eq!(of_one["items"][0]["standing"], "ALLOWED");

    let unknown = json!({ "customerId": customer, "smokingAreaId": "없는 구역" });
    assert_eq!(refused(served.post("/penalties", unknown).await), is(404, "unknown_area"));
    let too_much = json!({ "customerId": customer, "point": 1_001 });
    assert_eq!(refused(served.post("/penalties", too_much).await), is(422, "out_of_range"));
    assert_eq!(refused(served.get("/penalties/1").await), is(404, "unknown_penalty"));
    assert_eq!(refused(served.get(&format!("/prohibits/{NOBODY}")).await), is(404, "unknown_customer"));
}

/// A query sees every command that was acknowledged before it.
#[tokio::test]
async fn s06_mypages_show_acknowledged_commands_at_once() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    for round in 1..=20_u64 {
        let (_, paid) = served.post("/pays", json!({ "customerId": customer, "point": 1 })).await;
        let (_, mypage) = served.get(&format!("/mypages/{customer}")).await;
        assert_eq!(mypage["balance"], 100 - round, "{mypage}");
        assert_eq!((&mypage["payments"][0]["id"], &mypage["payments"][0]["status"]), (&paid["id"], &json!("PAID")));
    }
    served.post("/penalties", json!({ "customerId": customer })).await;
    let (_, mypage) = served.get(&format!("/mypages/{customer}")).await;
    assert_eq!((&mypage["outstanding"], &mypage["standing"]), (&json!(10), &json!("ALLOWED")));
    assert_eq!(mypage["penalties"][0]["status"], "ACCRUED");
    assert_eq!((&mypage["visits"][0]["status"], &mypage["visits"][0]["point"]), (&json!("EARNED"), &json!(100)));

    let (mut path, mut seen) = (format!("/mypages/{customer}/payments?limit=7"), 0);
    loop {
        let (status, page) = served.get(&path).await;
        assert_eq!(status, 200, "{page}");
        seen += page["items"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/mypages/{customer}/payments?limit=7&cursor={next}");
    }
    assert_eq!(seen, 20);
    assert_eq!(refused(served.get(&format!("/mypages/{customer}/secrets")).await), is(404, "unknown_route"));
    assert_eq!(refused(served.get(&format!("/mypages/{NOBODY}/visits")).await), is(404, "unknown_customer"));
    assert_eq!(refused(served.get("/mypages/1").await), is(404, "unknown_customer"));
}

#[tokio::test]
async fn a_customer_is_erased_and_the_card_is_free() {
    let served: Served = TestFolder::new().serve();
    let (_, registered) = served.post("/customers", json!({ "name": "홍길동", "card": "NS-0001" })).await;
    let of = format!("/customers/{}", text(&registered, "id"));
    assert_eq!(served.delete(&of).await.0, 204);
    assert_eq!(refused(served.delete(&of).await).1, "customer_erased");
    assert_eq!(refused(served.delete("/customers/nobody").await).1, "unknown_customer");
    assert_eq!(served.post("/customers", json!({ "name": "다른", "card": "ns-0001" })).await.0, 201);
}

#[tokio::test]
async fn s06_customers_are_registered_and_metrics_hold_no_personal_data() {
    let served: Served = TestFolder::new().serve();
    let (status, registered) = served.post("/customers", json!({ "name": "홍길동", "card": "NS-0001" })).await;
    assert_eq!(status, 201, "{registered}");
    let id = text(&registered, "id");
    assert_eq!(refused(served.post("/customers", json!({ "name": "다른", "card": "ns-0001" })).await).1, "card_taken");
    assert_eq!(served.get(&format!("/mypages/{id}")).await.0, 200);
    let metrics = served.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for line in [
        "nosmoke_http_requests_total{method=\"POST\",route=\"/customers\",status=\"201\"} 1",
        "nosmoke_http_requests_total{method=\"GET\",route=\"/mypages/{customerId}\",status=\"200\"} 1",
        "nosmoke_quarantined_records 0",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert!(!metrics.contains(&id) && !metrics.contains("홍길동"), "{metrics}");
}
