//! Tests of the gateway's token, process, shutdown, and repeated requests.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::process::{Served, TestFolder, answer, text};

#[tokio::test]
async fn s06_every_route_but_health_needs_the_token() {
    let served = TestFolder::new().serve();
    let (_, document) = served.get("/openapi.json").await;
    let mut routes = vec![("get".to_owned(), "/openapi.json".to_owned()), ("get".into(), "/wherever".into())];
    for (path, operations) in document["paths"].as_object().unwrap() {
        routes.extend(operations.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    assert!(routes.len() > 20, "{routes:?}");
    for (method, path) in routes {
        let url = format!("{}{}", served.base, path.replace(['{', '}'], ""));
        let method: Method = method.to_uppercase().parse().unwrap();
        let without = answer(served.http.request(method.clone(), &url)).await;
        let wrong = answer(served.http.request(method, &url).bearer_auth("0".repeat(64))).await;
        for (status, answer) in [without, wrong] {
            if path == "/health" {
                assert_eq!((status, &answer), (200, &json!({ "status": "ok", "exchange": "off", "clock": "ok" })));
            } else {
                assert_eq!((status, &answer["code"]), (401, &json!("token_needed")), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn s06_a_new_folder_is_set_up_automatically_and_private() {
    let folder = TestFolder::new();
    std::fs::create_dir(&folder.data).unwrap();
    std::fs::set_permissions(&folder.data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let served = folder.serve();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(served.folder.data.clone()), 0o700);
    for file in ["gateway.token", "gateway.address", "gateway.sock", "journal.db"] {
        assert_eq!(mode(served.folder.data.join(file)), 0o600, "{file}");
    }
    assert!(served.token.len() >= 64);
    // The token is kept; the address is removed when the program ends.
    let token = served.token.clone();
    let folder = served.stop();
    for file in ["gateway.address", "gateway.sock"] {
        assert!(!folder.data.join(file).exists(), "{file}");
    }
    assert_eq!(folder.serve().token, token);
}

#[tokio::test]
async fn s06_a_second_process_on_the_same_folder_is_refused() {
    let served = TestFolder::new().serve();
    let refused = served.folder.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(3));
    let errors = String::from_utf8(refused.stderr).unwrap();
    assert!(errors.contains("another program has the data folder open (folder_in_use)"), "{errors}");
    assert_eq!(served.get("/health").await.0, 200);
}

#[test]
fn s06_it_listens_on_loopback_only() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let folder = TestFolder::new();
        let refused = folder.run(&["serve", "--listen", listen]);
        assert_eq!(refused.status.code(), Some(2), "{listen}");
        let errors = String::from_utf8(refused.stderr).unwrap();
        assert!(errors.contains("isn't a loopback address"), "{errors}");
        assert!(!folder.data.exists(), "the folder was created");
    }
}

#[tokio::test]
async fn s06_a_signal_ends_it_within_two_seconds_without_losing_answers() {
    for signal in ["-TERM", "-INT"] {
        let mut served = TestFolder::new().serve();
        let customer = served.customer_with(100).await;
        // A connection is open whose request body never arrives; that must not delay the end.
        let mut slow = std::net::TcpStream::connect(served.base.trim_start_matches("http://")).unwrap();
        let head = format!(
            "POST /pays HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
            served.token
        );
        std::io::Write::write_all(&mut slow, head.as_bytes()).unwrap();
        let (_, paid) = served.post("/pays", json!({ "customerId": customer, "point": 30 })).await;
        let (took, code) = served.end(signal);
        assert!(took < Duration::from_secs(2), "{took:?}");
        assert_eq!(code, Some(0));
        let folder = std::mem::replace(&mut served.folder, TestFolder::new());
        assert_eq!(folder.serve().get(&format!("/pays/{}", text(&paid, "id"))).await.1["point"], 30);
    }
}

async fn with_key(served: &Served, key: &str, method: Method, path: &str, body: &Value) -> (u16, Value) {
    answer(served.request(method, path).header("Idempotency-Key", key).json(body)).await
}

#[tokio::test]
async fn s06_a_repeated_request_gets_its_first_answer_even_after_a_kill() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    let pay = json!({ "customerId": customer, "point": 10 });
    let first = with_key(&served, "pay-1", Method::POST, "/pays", &pay).await;
    assert_eq!(first.0, 201);
    assert_eq!(with_key(&served, "pay-1", Method::POST, "/pays", &pay).await, first);
    let enter = json!({ "smokingAreaId": "1" });
    let entered = with_key(&served, "enter-1", Method::POST, "/checkIns", &enter).await;
    let path = format!("/checkIns/{}", text(&entered.1, "id"));
    let left = with_key(&served, "leave-1", Method::PUT, &path, &json!({})).await;
    // Kill the program during a burst of requests, each with its own idempotency key.
    let mut sent = tokio::task::JoinSet::new();
    for round in 0..40 {
        let key = format!("burst-{round}");
        let request = served.request(Method::POST, "/pays").header("Idempotency-Key", key);
        let request = request.json(&json!({ "customerId": customer, "point": 1 }));
        sent.spawn(async move { (round, request.send().await.is_ok()) });
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let served = served.kill().serve();
    while sent.join_next().await.is_some() {}

    assert_eq!(with_key(&served, "pay-1", Method::POST, "/pays", &pay).await, first);
    assert_eq!(with_key(&served, "enter-1", Method::POST, "/checkIns", &enter).await, entered);
    let again = with_key(&served, "leave-1", Method::PUT, &path, &json!({})).await;
    assert_eq!((again.0, &again.1["status"], &again.1["earnId"]), (200, &left.1["status"], &left.1["earnId"]));
    for round in 0..40 {
        let pay = json!({ "customerId": customer, "point": 1 });
        let (status, paid) = with_key(&served, &format!("burst-{round}"), Method::POST, "/pays", &pay).await;
        assert_eq!(status, 201, "{paid}");
    }
    // Each payment counts once, however often it was sent.
    assert_eq!(served.get(&format!("/mypages/{customer}")).await.1["balance"], 100 - 10 - 40);
    let other = json!({ "customerId": customer, "point": 11 });
    let (status, reused) = with_key(&served, "pay-1", Method::POST, "/pays", &other).await;
    assert_eq!((status, &reused["code"]), (422, &json!("key_reused")));
    let (status, long) = with_key(&served, &"k".repeat(129), Method::POST, "/pays", &other).await;
    assert_eq!((status, &long["code"]), (422, &json!("too_long")));
}
