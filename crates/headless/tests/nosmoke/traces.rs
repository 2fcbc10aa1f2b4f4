//! One trace from a request here to what comes of it at another terminal, found by its id where spans are sent (S9).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use nosmoke_broker::{Broker, Options};
use nosmoke_receivers::{Otlp, Zipkin};
use reqwest::Method;
use serde_json::{Value, json};

use crate::process::{PATIENCE, Place, Served, answer, text};

/// A request of a caller that has a trace already.
async fn traced(served: &Served, method: Method, path: &str, body: Value, trace: &str) -> Value {
    let traceparent = format!("00-{trace}-00f067aa0ba902b7-01");
    let request = served.request(method, path).header("traceparent", traceparent).json(&body);
    let (status, answer) = answer(request).await;
    assert!((200..300).contains(&status), "{path}: {answer}");
    answer
}

/// A trace as Zipkin has it, once every one of these names is there.
async fn found(zipkin: &Zipkin, trace: &str, names: &[&str]) -> Vec<Value> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let begun = Instant::now();
    loop {
        let answer = http.get(format!("{}/api/v2/trace/{trace}", zipkin.url())).send().await.unwrap();
        let spans: Vec<Value> = if answer.status().is_success() { answer.json().await.unwrap() } else { Vec::new() };
        // Zipkin writes names in small letters.
        let lacking: Vec<_> =
            names.iter().filter(|name| !spans.iter().any(|span| text(span, "name") == name.to_lowercase())).collect();
        if lacking.is_empty() {
            return spans;
        }
        assert!(begun.elapsed() < PATIENCE, "{lacking:?} lack in {spans:#?}\n{}", zipkin.said());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// Names from a span up to the trace's beginning, and the terminals that recorded them.
fn way<'a>(spans: &'a [Value], name: &str) -> Vec<(&'a str, &'a str)> {
    let of = |value: &'a Value, field: &str| value[field].as_str().unwrap_or_default();
    let by_id: BTreeMap<_, _> = spans.iter().map(|span| (of(span, "id"), span)).collect();
    let mut next = spans.iter().find(|span| text(span, "name") == name.to_lowercase());
    let mut way = Vec::new();
    while let Some(span) = next {
        way.push((of(span, "name"), span["tags"]["nosmoke.terminal"].as_str().unwrap()));
        next = by_id.get(of(span, "parentId")).copied();
    }
    way
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_one_trace_across_two_terminals_is_found_in_zipkin_by_its_id() {
    let (broker, zipkin, otlp) = (Broker::start(Options::default()), Zipkin::start(), Otlp::listen().await);
    let prefix = format!("t{}", uuid::Uuid::new_v4().simple());
    let (servers, at) = (broker.servers(), zipkin.url());
    let serve = |name: &str| {
        let options = ["--kafka", &servers, "--topic-prefix", &prefix, "--terminal-name", name];
        Place::new().with(&options).with(&["--zipkin", &at, "--otlp", &otlp.url]).serve()
    };
    let (a, b) = (serve("단말 1"), serve("단말 2"));
    let terminal = |served: &Served| text(&served.place.json(&["digest"])["heads"][0], "terminal");

    // A check-out's points: earned here by another context, and known there.
    let entered = a.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await.1;
    let (path, customer) = (format!("/checkIns/{}", text(&entered, "id")), text(&entered, "customerId"));
    let here = terminal(&a);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    traced(&a, Method::PUT, &path, json!({ "point": 100 }), trace).await;
    a.until(&path, "status", "EARNED").await;
    b.until(&format!("/mypages/{customer}"), "balance", 100).await;
    let spans = found(&zipkin, trace, &["apply Earned", "apply CheckedOut", "read_back Earned"]).await;
    let applied = way(&spans, "apply Earned");
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
    assert_eq!(way(&spans, "read_back Earned")[1..], applied[1..]);

    // A payment that is short here is answered there.
    let trace = "5bf92f3577b34da6a3ce929d0e0e4736";
    let paid = traced(&b, Method::POST, "/pays", json!({ "customerId": customer, "point": 70 }), trace).await;
    assert_eq!(paid["balance"], 30);
    let spans = found(&zipkin, trace, &["apply Given", "apply Paid"]).await;
    let names: Vec<_> = way(&spans, "apply Given");
    assert_eq!(
        names,
        [
            ("apply given", there),
            ("publish given", here.as_str()),
            ("giving asked", &here),
            ("command pay", there),
            ("request post /pays", there),
        ]
    );
    // It was short here at first, but it succeeded.
    let problems: Vec<_> = spans.iter().filter(|span| span["tags"].get("error").is_some()).collect();
    assert!(problems.is_empty(), "{problems:#?}");

    // OTLP has been sent the same spans, as OpenTelemetry's own types.
    let ids = |spans: &[Value]| spans.iter().map(|span| text(span, "id")).collect::<BTreeSet<_>>();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let begun = Instant::now();
    while !ids(&spans).is_subset(&otlp.spans().iter().map(|span| hex(&span.span_id)).collect()) {
        assert!(begun.elapsed() < PATIENCE, "OTLP lacks spans");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // Nothing that names a person is in any of them.
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

/// Names and problems of a trace's spans, as the file has them.
fn kept(served: &Served, trace: &str) -> Vec<String> {
    let sql = format!("SELECT name || ' ' || coalesce(problem, '-') FROM span WHERE trace_id = x'{trace}' ORDER BY 1");
    let output = std::process::Command::new("sqlite3")
        .arg("-readonly")
        .arg(served.place.data.join("spans.db"))
        .arg(sql)
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// What is turned away at the door is counted only; what is refused further in leaves its spans, and nothing else.
#[tokio::test]
async fn s09_of_a_refused_request_its_spans_are_kept_and_of_one_turned_away_nothing() {
    let served = Place::new().serve();
    let customer = served.customer_with(100).await;
    let facts = served.place.json(&["digest"]);
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
    while kept(&served, refused) != all {
        assert!(begun.elapsed() < PATIENCE, "{:?}", kept(&served, refused));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(kept(&served, turned_away).is_empty());
    assert_eq!(served.place.json(&["digest"]), facts);
    let metrics = served.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for status in [401, 409] {
        let line = format!("nosmoke_http_requests_total{{method=\"POST\",route=\"/pays\",status=\"{status}\"}} 1");
        assert!(metrics.contains(&line), "{line} in {metrics}");
    }
}
