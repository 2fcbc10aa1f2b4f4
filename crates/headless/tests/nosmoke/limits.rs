//! Tests that requests beyond the gateway's limits are refused at once.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::process::{ANSWER_TIMEOUT, TestFolder, answer};

#[tokio::test]
async fn s06_a_body_larger_than_64_kib_is_refused() {
    let served = TestFolder::new().serve();
    for (size, expected) in [(64 * 1024, (422, "too_long")), (64 * 1024 + 1, (413, "body_too_large"))] {
        let (before, after) = ("{\"smokingAreaId\":\"", "\"}");
        let body = format!("{before}{}{after}", "a".repeat(size - before.len() - after.len()));
        let request = served.request(Method::POST, "/checkIns").header("Content-Type", "application/json").body(body);
        let (status, answer) = answer(request).await;
        assert_eq!((status, answer["code"].as_str().unwrap()), expected, "{size}");
    }
    let text = served.request(Method::POST, "/checkIns").header("Content-Type", "text/plain").body("{\"a\":1}");
    assert_eq!(answer(text).await.0, 415);
    let torn = served
        .request(Method::POST, "/checkIns")
        .header("Content-Type", "application/json")
        .body("{\"smokingAreaId\":");
    assert_eq!(answer(torn).await.1["code"], "malformed_json");
}

#[tokio::test]
async fn s06_more_than_256_concurrent_requests_are_refused() {
    let served = TestFolder::new().serve();
    let head = format!(
        "POST /pays HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
        served.token
    );
    let open = || {
        let mut stream = TcpStream::connect(served.base.trim_start_matches("http://")).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    // These requests stay open, because their bodies never arrive. There are a few more than the limit: while they
    // arrive, the request below may itself take a permit, so that one of them is refused.
    let mut held: Vec<TcpStream> = (0..264).map(|_| open()).collect();
    let begun = Instant::now();
    loop {
        let response = served.request(Method::GET, "/contexts").send().await.unwrap();
        if response.status().as_u16() == 503 {
            assert!(response.headers().contains_key("retry-after"));
            let problem: serde_json::Value = response.json().await.unwrap();
            assert_eq!(problem["code"], "overloaded");
            break;
        }
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "nothing was refused");
        // On a loaded machine the first ones may be given up before the last ones have arrived.
        held.extend((0..8).map(|_| open()));
    }
    // A request whose body doesn't arrive in time gets 408, and releases its permit.
    let mut answer = String::new();
    held[0].set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut first = [0; 64];
    let read = loop {
        match held[0].read(&mut first) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            read => break read.unwrap(),
        }
    };
    answer.push_str(std::str::from_utf8(&first[..read]).unwrap());
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    drop(held);
    let (status, entered) = served.post("/checkIns", json!({ "smokingAreaId": "1" })).await;
    assert_eq!(status, 201, "{entered}");
}
