//! The response to a refused request: it has a status and a code for programs, and `detail` for people.

use nosmoke_ports::contract::ContextName;
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;
use crate::isolation::{start, stop};
use crate::restart::SmallDisk;
use crate::support::Desk;

const NOTHING: &str = "Nothing was recorded.";

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap_or_else(|| panic!("{problem} doesn't say what to do"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_a_refusal_says_what_to_do_and_that_nothing_was_recorded() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let running = desk.terminal.start(|_| ());
    let rest = Rest::serve(&desk.terminal).await;
    let pay = |point: u64| json!({ "customerId": customer, "point": point });
    let before = desk.facts().await;
    stop(&desk.terminal, ContextName::Point).await;
    for path in ["/pays", "/penalties"] {
        let (status, problem) = rest.post(path, pay(10)).await;
        assert_eq!((status, &problem["reason"]), (503, &json!("stopped")), "{problem}");
        assert!(detail(&problem).contains(NOTHING), "{problem}");
        assert!(detail(&problem).contains("POST /contexts/point/start"), "{problem}");
    }
    let (_, contexts) = rest.get("/contexts").await;
    assert_eq!(contexts[ContextName::Point as usize]["stoppedBy"]["via"], "screen", "{contexts}");
    start(&desk.terminal, ContextName::Point).await;
    stop(&desk.terminal, ContextName::CheckIn).await;
    let enter = json!({ "smokingAreaId": "옥상", "customerId": customer });
    let (status, problem) = rest.post("/checkIns", enter.clone()).await;
    assert_eq!((status, &problem["context"]), (503, &json!("check_in")), "{problem}");
    assert!(detail(&problem).contains(NOTHING) && detail(&problem).contains("/start"), "{problem}");
    start(&desk.terminal, ContextName::CheckIn).await;
    let (_, problem) = rest.post("/pays", pay(101)).await;
    assert_eq!(problem["code"], "insufficient_points");
    assert!(detail(&problem).contains(NOTHING) && detail(&problem).contains("`balance`"), "{problem}");
    assert_eq!(desk.facts().await, before, "it is true");

    assert_eq!(rest.post_with_key("pay-1", "/pays", pay(1)).await.0, 201);
    let (_, problem) = rest.post_with_key("pay-1", "/pays", pay(2)).await;
    assert!(detail(&problem).contains("a key of its own"), "{problem}");
    // An error that has a detail of its own keeps it.
    let (_, problem) = rest.post("/pays", json!({ "point": 1 })).await;
    assert!(detail(&problem).contains("customerId"), "{problem}");
    let (_, problem) = rest.get("/wherever").await;
    assert_eq!((&problem["code"], &problem["detail"]), (&json!("unknown_route"), &Value::Null));
    rest.stop().await;
    running.stop().await;
}

/// Skipped unless the tests run as root, because only root can mount the small disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_a_full_disk_is_answered_with_503_until_there_is_space() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: only root can mount a small disk");
        return;
    };
    let desk = Desk::in_folder(disk.folder()).await;
    let rest = Rest::serve(&desk.terminal).await;
    let filler = disk.fill();
    let mut taken = desk.facts().await;
    let enter = json!({ "smokingAreaId": "453!#FEQ" });
    let refused = loop {
        let response = rest.request(Method::POST, "/checkIns").json(&enter).send().await.unwrap();
        if response.status().as_u16() != 201 {
            break response;
        }
        taken += 1;
        assert!(taken < 5_000, "the disk isn't full");
    };
    assert_eq!(refused.status().as_u16(), 503);
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let problem: Value = refused.json().await.unwrap();
    assert_eq!((&problem["code"], &problem["status"]), (&json!("disk_full"), &json!(503)));
    assert!(detail(&problem).contains(NOTHING), "{problem}");
    assert_eq!(desk.facts().await, taken);
    std::fs::remove_file(filler).unwrap();
    assert_eq!(rest.post("/checkIns", enter).await.0, 201);
    rest.stop().await;
    drop(desk.close().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_the_openapi_document_has_every_status() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let (_, document) = rest.get("/openapi.json").await;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let faults: Vec<_> = responses.keys().filter(|status| status.starts_with('5')).collect();
            assert_eq!(faults, ["500", "503"], "{method} {path}");
            assert!(responses.contains_key("403"), "{method} {path}");
            let retry = &responses["503"]["headers"]["Retry-After"]["schema"]["type"];
            assert_eq!(retry, "integer", "{method} {path}");
            let keyed = operation["parameters"].as_array().into_iter().flatten();
            let keyed = keyed.filter(|it| it["name"] == "Idempotency-Key").count();
            // An answer with a secret isn't stored, so it can't be given again.
            let has_secret = path.starts_with("/tokens");
            let records = matches!(method.as_str(), "post" | "put") && !has_secret || path == "/customers/{id}";
            assert_eq!(keyed, usize::from(records), "{method} {path}");
        }
    }
    let detail = &document["components"]["schemas"]["ProblemBody"]["properties"]["detail"];
    assert!(detail.is_object(), "{document}");
    rest.stop().await;
}
