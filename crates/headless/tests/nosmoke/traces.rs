//! Tests that one trace spans a request and its effects at another terminal, and that the receivers of spans get it
//! (S9).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use nosmoke_broker::{Broker, Options};
use nosmoke_receivers::{Otlp, Zipkin};
use reqwest::Method;
use serde_json::{Value, json};

use crate::process::{ANSWER_TIMEOUT, Served, TestFolder, answer, text};

/// Sends a request with a `traceparent`.
async fn traced(served: &Served, method: Method, path: &str, body: Value, trace: &str) -> Value {
    let traceparent = format!("00-{trace}-00f067aa0ba902b7-01");
    let request = served.request(method, path).header("traceparent", traceparent).json(&body);
    let (status, answer) = answer(request).await;
    assert!((200..300).contains(&status), "{path}: {answer}");
    answer
}

/// Waits until Zipkin has spans with all these names in a trace, and returns the trace.
async fn find_trace(zipkin: &Zipkin, trace: &str, names: &[&str]) -> Vec<Value> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let begun = Instant::now();
    loop {
        let answer = http.get(format!("{}/api/v2/trace/{trace}", zipkin.url())).send().await.unwrap();
        let spans: Vec<Value> = if answer.status().is_success() { answer.json().await.unwrap() } else { Vec::new() };
        // Zipkin lower-cases names.
        let lacking: Vec<_> =
            names.iter().filter(|name| !spans.iter().any(|span| text(span, "name") == name.to_lowercase())).collect();
        if lacking.is_empty() {
            return spans;
        }
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{lacking:?} are missing in {spans:#?}\n{}", zipkin.said());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// Returns the name and terminal of a span and all its ancestors, up to the trace's root.
fn path_to_root<'a>(spans: &'a [Value], name: &str) -> Vec<(&'a str, &'a str)> {
    let of = |value: &'a Value, field: &str| value[field].as_str().unwrap_or_default();
    let by_id: BTreeMap<_, _> = spans.iter().map(|span| (of(span, "id"), span)).collect();
    let mut next = spans.iter().find(|span| text(span, "name") == name.to_lowercase());
    let mut path = Vec::new();
    while let Some(span) = next {
        path.push((of(span, "name"), span["tags"]["nosmoke.terminal"].as_str().unwrap()));
        next = by_id.get(of(span, "parentId")).copied();
    }
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_a_trace_across_two_terminals_is_found_in_zipkin_by_its_id() {
    let (broker, zipkin, otlp) = (Broker::start(Options::default()), Zipkin::start(), Otlp::listen().await);
    let prefix = format!("t{}", uuid::Uuid::new_v4().simple());
    let (servers, at) = (broker.servers(), zipkin.url());
    let keys = TestFolder::new();
    let key = keys.file("facility-key");
    let serve = |name: &str| {
        let options = ["--kafka", &servers, "--topic-prefix", &prefix, "--terminal-name", name];
        let options = [&options[..], &["--facility-key", key.to_str().unwrap()]].concat();
        TestFolder::new().with(&options).with(&["--zipkin", &at, "--otlp", &otlp.url]).serve()
    };
    let (a, b) = (serve("단말 1"), serve("단말 2"));
    let terminal = |served: &Served| text(&served.folder.json(&["digest"])["heads"][0], "terminal");

    // A check-out's points are earned at A by another context, and arrive at B.
    let entered = a.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await.1;
    let (path, customer) = (format!("/checkIns/{}", text(&entered, "id")), text(&entered, "customerId"));
    let here = terminal(&a);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    traced(&a, Method::PUT, &path, json!({ "point": 100 }), trace).await;
    a.until(&path, "status", "EARNED").await;
    b.until(&format!("/mypages/{customer}"), "balance", 100).await;
    let spans = find_trace(&zipkin, trace, &["apply Earned", "apply CheckedOut", "read_back Earned"]).await;
    let applied = path_to_root(&spans, "apply Earned");
    let there = applied[0].1;
    assert_ne!(here, there);
    assert_eq!(
        applied,
        [
            ("apply earned", there),
            ("publish earned", &here),
            ("earning checkedout", &here),
            ("decision checkout", &here),
            ("transaction checkout", &here),
            ("command checkout", &here),
            ("request put /checkins/{id}", &here),
        ]
    );
    assert_eq!(path_to_root(&spans, "read_back Earned")[1..], applied[1..]);

    // A payment at B, where points are lacking, asks A for them, and A gives them.
    let trace = "5bf92f3577b34da6a3ce929d0e0e4736";
    let paid = traced(&b, Method::POST, "/pays", json!({ "customerId": customer, "point": 70 }), trace).await;
    assert_eq!(paid["balance"], 30);
    let spans = find_trace(&zipkin, trace, &["apply Given", "apply Paid"]).await;
    let names: Vec<_> = path_to_root(&spans, "apply Given");
    assert_eq!(
        names,
        [
            ("apply given", there),
            ("publish given", here.as_str()),
            ("giving pointsrequest", &here),
            ("publish pointsrequest", there),
            ("command pay", there),
            ("request post /pays", there),
        ]
    );
    // Points were lacking at first, but the payment succeeded, so no span has an error.
    let problems: Vec<_> = spans.iter().filter(|span| span["tags"].get("error").is_some()).collect();
    assert!(problems.is_empty(), "{problems:#?}");

    // The OTLP receiver gets the same spans, as OpenTelemetry's own types.
    let ids = |spans: &[Value]| spans.iter().map(|span| text(span, "id")).collect::<BTreeSet<_>>();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let begun = Instant::now();
    while !ids(&spans).is_subset(&otlp.spans().iter().map(|span| hex(&span.span_id)).collect()) {
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "OTLP lacks spans");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // No span contains personal data.
    for span in otlp.spans() {
        let attributes: BTreeSet<_> = span.attributes.iter().map(|it| it.key.as_str()).collect();
        let known = BTreeSet::from([
            "nosmoke.terminal",
            "nosmoke.facts",
            "nosmoke.taken",
            "nosmoke.short_here",
            "http.response.status_code",
        ]);
        assert!(attributes.is_subset(&known), "{attributes:?}");
        assert!(!span.name.contains(&customer), "{}", span.name);
    }
}

/// Reads the names and problems of a trace's spans from the file `spans.db`.
fn stored_spans(served: &Served, trace: &str) -> Vec<String> {
    let sql = format!("SELECT name || ' ' || coalesce(problem, '-') FROM span WHERE trace_id = x'{trace}' ORDER BY 1");
    let output = std::process::Command::new("sqlite3")
        .arg("-readonly")
        .arg(served.folder.data.join("spans.db"))
        .arg(sql)
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// A request with a wrong token is only counted. A command that is refused leaves spans, and no facts.
#[tokio::test]
async fn s09_a_refused_command_leaves_spans_and_a_wrong_token_leaves_none() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    let facts = served.folder.json(&["digest"]);
    let (turned_away, refused) = ("6bf92f3577b34da6a3ce929d0e0e4736", "7bf92f3577b34da6a3ce929d0e0e4736");
    let pay = async |trace: &str, token: &str| {
        let request = served.http.post(format!("{}/pays", served.base)).bearer_auth(token);
        let request = request.header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
        answer(request.json(&json!({ "customerId": customer, "point": 101 }))).await.0
    };
    assert_eq!(pay(turned_away, "another").await, 401);
    assert_eq!(pay(refused, &served.token).await, 409);
    let begun = Instant::now();
    let all = [
        "command pay insufficient_points",
        "decision pay insufficient_points",
        "request POST /pays 409",
        "transaction pay insufficient_points",
    ];
    while stored_spans(&served, refused) != all {
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{:?}", stored_spans(&served, refused));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(stored_spans(&served, turned_away).is_empty());
    assert_eq!(served.folder.json(&["digest"]), facts);
    let metrics = served.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for status in [401, 409] {
        let line = format!("nosmoke_http_requests_total{{method=\"POST\",route=\"/pays\",status=\"{status}\"}} 1");
        assert!(metrics.contains(&line), "{line} in {metrics}");
    }
}
