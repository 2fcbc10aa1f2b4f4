//! Tests the walk-through of the source document, over real HTTP: points are earned, commands are refused while context
//! point is stopped, and the context catches up after it was started again.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::process::{Served, TestFolder, text};

const VISITS: usize = 1_000;
const MAX_PARALLEL: usize = 32;

/// Dumps all rows of all tables.
fn rows(folder: &TestFolder) -> Vec<String> {
    let dump = |file: &str| {
        let output =
            Command::new("sqlite3").arg("-readonly").arg(folder.data.join(file)).arg(".dump").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    ["journal.db", "mypage.db"].map(dump).into()
}

#[tokio::test]
async fn s06_the_source_document_s_walk_through() {
    let served = TestFolder::new().serve();
    let (_, entered) = served.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await;
    let (visit, customer) = (format!("/checkIns/{}", text(&entered, "id")), text(&entered, "customerId"));
    let (_, left) = served.put(&visit, json!({ "point": "100" })).await;
    served.until(&visit, "status", "EARNED").await;
    served.until(&format!("/earns/{}", text(&left, "earnId")), "status", "EARNED").await;

    let (status, stopped) = served.post("/contexts/point/stop", Value::Null).await;
    assert_eq!((status, &stopped["state"]), (200, &json!("stopped")), "{stopped}");
    served.get(&format!("/mypages/{customer}")).await;
    let before = rows(&served.folder);
    for (path, body) in [
        ("/pays", json!({ "customerId": customer, "point": "100" })),
        ("/penalties", json!({ "customerId": customer, "point": 10 })),
    ] {
        let request = served.request(reqwest::Method::POST, path).header("Idempotency-Key", path).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 503, "{path}");
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!(wait >= 1);
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], "point_unavailable", "{problem}");
    }
    assert_eq!(rows(&served.folder), before, "a refused command changed the files");

    let (status, started) = served.post("/contexts/point/start", Value::Null).await;
    assert_eq!(status, 200, "{started}");
    let (status, paid) = served.post("/pays", json!({ "customerId": customer, "point": "100" })).await;
    assert_eq!((status, &paid["balance"]), (201, &json!(0)), "{paid}");
    let (status, unknown) = served.post("/contexts/coffee/stop", Value::Null).await;
    assert_eq!((status, &unknown["code"]), (404, &json!("unknown_context")));
}

/// Checks a customer in and out; returns the visit's path, the id of its earning and the customer's id.
async fn visit(http: reqwest::Client, base: String, token: String) -> (String, String, String) {
    let send = async |method, path: &str, body: Value| {
        let request = http.request(method, format!("{base}{path}")).bearer_auth(&token).json(&body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success());
        response.json::<Value>().await.unwrap()
    };
    let entered = send(reqwest::Method::POST, "/checkIns", json!({ "smokingAreaId": "1" })).await;
    let path = format!("/checkIns/{}", text(&entered, "id"));
    let left = send(reqwest::Method::PUT, &path, json!({ "point": "200" })).await;
    assert_eq!(left["status"], "CHECKED_OUT");
    (path, text(&left, "earnId"), text(&entered, "customerId"))
}

async fn visits(served: &Served) -> Vec<(String, String, String)> {
    let (mut under_way, mut done) = (JoinSet::new(), Vec::new());
    for _ in 0..VISITS {
        if under_way.len() == MAX_PARALLEL {
            done.push(under_way.join_next().await.unwrap().unwrap());
        }
        under_way.spawn(visit(served.http.clone(), served.base.clone(), served.token.clone()));
    }
    done.extend(under_way.join_all().await);
    done
}

#[tokio::test]
async fn s06_a_thousand_visits_are_earned_once_though_it_is_killed_while_catching_up() {
    let served = TestFolder::new().serve();
    served.post("/contexts/point/stop", Value::Null).await;
    let visits = visits(&served).await;
    for (path, ..) in &visits {
        assert_eq!(served.get(path).await.1["status"], "CHECKED_OUT");
    }
    let facts = served.folder.json(&["digest"])["facts"].as_u64().unwrap();
    assert_eq!(facts, 2 * VISITS as u64);

    served.post("/contexts/point/start", Value::Null).await;
    served.until(&visits[VISITS / 5].0, "status", "EARNED").await;
    let folder = served.kill();
    let facts = folder.json(&["digest"])["facts"].as_u64().unwrap();
    assert!((2 * VISITS as u64 + 1..3 * VISITS as u64).contains(&facts), "{facts}: not killed half-way");

    let served = folder.serve();
    let mut earned = BTreeSet::new();
    for (path, earn, customer) in &visits {
        let visit = served.until(path, "status", "EARNED").await;
        assert_eq!((&visit["earnId"], &visit["point"]), (&json!(earn), &json!(200)));
        let (_, page) = served.get(&format!("/earns?customerId={customer}")).await;
        let items = page["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["id"], &items[0]["status"]), (1, &json!(earn), &json!("EARNED")));
        assert!(earned.insert(earn));
    }
    // The earned points can be paid, once.
    for (_, _, customer) in visits.iter().step_by(50) {
        let (status, paid) = served.post("/pays", json!({ "customerId": customer, "point": 200 })).await;
        assert_eq!((status, &paid["balance"]), (201, &json!(0)), "{paid}");
    }
    let paid = u64::try_from(visits.iter().step_by(50).count()).unwrap();
    assert_eq!(served.folder.json(&["digest"])["facts"], 3 * VISITS as u64 + paid);
}

#[tokio::test]
async fn s06_contexts_are_stopped_and_started_from_the_command_line() {
    let served = TestFolder::new().serve();
    let state = |contexts: &Value, name: &str| {
        let context = contexts.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap();
        context["state"].clone()
    };
    let all = served.folder.json(&["contexts"]);
    let names: Vec<_> = all.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["check_in", "point", "pay", "penalty", "mypage", "publisher", "consumer"]);
    assert_eq!(state(&all, "mypage"), "running");
    let words = |act, name| ["contexts", act, name];
    assert_eq!(served.folder.json(&words("stop", "mypage"))["state"], "stopped");
    let (status, problem) = served.get("/mypages/00000000-0000-4000-8000-000000000000").await;
    assert!(matches!(status, 404 | 503), "{problem}");
    assert_eq!(state(&served.get("/contexts").await.1, "mypage"), "stopped");
    let metrics = served.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for line in [
        "nosmoke_context_state{context=\"mypage\",state=\"stopped\"} 1",
        "nosmoke_context_state{context=\"point\",state=\"stopped\"} 0",
        "nosmoke_breaker_state{context=\"pay\",state=\"closed\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert_eq!(served.folder.json(&words("start", "mypage"))["name"], "mypage");
    let failed = served.folder.run(&words("stop", "coffee"));
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8(failed.stderr).unwrap().contains("unknown_context"));
    let folder = served.stop();
    assert_eq!(folder.run(&["contexts"]).status.code(), Some(1));
}

#[tokio::test]
async fn s06_a_stop_may_have_a_reason() {
    let served = TestFolder::new().serve();
    let stopped = served.folder.json(&["contexts", "stop", "mypage", "--reason", "점검"]);
    let by = &stopped["stoppedBy"];
    assert_eq!((&by["via"], &by["staffName"], &by["reason"]), (&json!("rest"), &Value::Null, &json!("점검")));
    assert_eq!(by["at"], stopped["since"]);
    assert_eq!(served.folder.run(&["contexts", "start", "mypage", "--reason", "점검"]).status.code(), Some(2));
    assert_eq!(served.folder.json(&["contexts", "start", "mypage"])["stoppedBy"], Value::Null);
    // Over HTTP the body may be omitted.
    let bare = served.request(reqwest::Method::POST, "/contexts/point/stop").send().await.unwrap();
    assert_eq!(bare.status(), 200);
    assert_eq!(bare.json::<Value>().await.unwrap()["stoppedBy"]["reason"], Value::Null);
    for (body, code) in [
        (json!({ "reason": "가".repeat(81) }), "too_long"),
        (json!({ "reason": 1 }), "invalid_input"),
        (json!({ "why": "점검" }), "invalid_input"),
    ] {
        let (status, problem) = served.post("/contexts/pay/stop", body).await;
        assert_eq!((status, &problem["code"]), (422, &json!(code)), "{problem}");
    }
    let (status, pay) = served.post("/contexts/pay/stop", json!({ "reason": "점검" })).await;
    assert_eq!((status, &pay["state"], &pay["stoppedBy"]["reason"]), (200, &json!("stopped"), &json!("점검")));
}
