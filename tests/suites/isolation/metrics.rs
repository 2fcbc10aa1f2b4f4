//! The gateway's metrics of contexts and circuit breakers, over real HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_gateway::Limits;
use nosmoke_ports::contract::ContextName;
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal, FaultyPoint, start_with_journals, with_point};
use reqwest::Method;
use serde_json::json;

use super::{start, stop, until};
use crate::rest::Rest;
use crate::support::Desk;

/// Returns the state of a context according to one of the metrics, given by the metric's name.
async fn state_of(rest: &Rest, family: &str, context: &str) -> String {
    let text = rest.metrics().await;
    let of = format!("nosmoke_{family}{{context=\"{context}\",state=\"");
    let states = text.lines().filter_map(|line| line.strip_prefix(&of)?.strip_suffix("\"} 1"));
    let states: Vec<&str> = states.collect();
    assert_eq!(states.len(), 1, "{family} of {context}: {text}");
    states[0].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_the_metrics_show_the_breaker_open_half_open_and_closed() {
    goes_round(("pay", "/pays"), "penalty").await;
    goes_round(("penalty", "/penalties"), "pay").await;
}

/// Opens, half-opens and closes the circuit breaker for calls of one context to point. The other context's breaker must
/// stay closed.
async fn goes_round((caller, path): (&str, &str), other: &str) {
    let mut desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let point = FaultSwitch::default();
    desk.terminal = with_point(desk.terminal.clone(), Arc::new(FaultyPoint(point.clone())));
    desk.clock.stop_at(nosmoke_ports::Clock::now(&*desk.clock));
    let rest = Rest::serve(&desk.terminal).await;
    let call = async || rest.post(path, json!({ "customerId": customer, "point": 1 })).await;
    let breaker = async || state_of(&rest, "breaker_state", caller).await;
    assert_eq!(breaker().await, "closed");
    point.set(Behaviour::Hangs);
    for _ in 0..3 {
        assert_eq!(breaker().await, "closed");
        let (status, answer) = call().await;
        assert_eq!((status, &answer["code"], &answer["reason"]), (503, &json!("point_unavailable"), &json!("timeout")));
    }
    assert_eq!(breaker().await, "open");
    assert_eq!(state_of(&rest, "breaker_state", other).await, "closed");
    assert_eq!(call().await.1["reason"], "open");
    // The breaker lets one trial call through, and is half open until that call's answer.
    desk.clock.pass(TimeDelta::seconds(1));
    let seen = async { until("half open", || async { breaker().await == "half_open" }).await };
    let (trial, ()) = tokio::join!(call(), seen);
    assert_eq!((trial.1["reason"].as_str(), breaker().await.as_str()), (Some("timeout"), "open"));
    point.set(Behaviour::Normal);
    desk.clock.pass(TimeDelta::seconds(2));
    assert_eq!(call().await.0, 201);
    assert_eq!(breaker().await, "closed");
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s08_the_metrics_show_contexts_and_requests_over_rest() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    let rest = Rest::serve(&desk.terminal).await;
    let state = async |context| state_of(&rest, "context_state", context).await;
    assert_eq!([state("point").await, state("pay").await], ["running", "running"]);
    stop(&desk.terminal, ContextName::Point).await;
    assert_eq!([state("point").await, state("pay").await], ["stopped", "running"]);
    let (status, entered) = rest.post("/checkIns", json!({ "smokingAreaId": "옥상" })).await;
    assert_eq!(status, 201, "{entered}");
    let lag = async || {
        let text = rest.metrics().await;
        let line = text.lines().find_map(|line| line.strip_prefix("nosmoke_context_lag{context=\"point\"} "));
        line.unwrap_or_else(|| panic!("{text}")).parse::<u64>().unwrap()
    };
    assert!(lag().await > 0);
    start(&desk.terminal, ContextName::Point).await;
    assert_eq!(state("point").await, "running");
    until("it has caught up", || async { lag().await == 0 }).await;
    let customer = entered["customerId"].as_str().unwrap();
    // A refused request is counted, but not as an error.
    assert_eq!(rest.post("/pays", json!({ "customerId": customer, "point": 1 })).await.0, 409);
    let view = desk.terminal.services().await.unwrap();
    let count = |from: &str, to: &str| {
        let edge = view.edges.iter().find(|edge| edge.from == from && edge.to == to).unwrap();
        assert_eq!((edge.recent.count, edge.hours.count), (edge.day.count, edge.day.count));
        (edge.recent.count, edge.recent.errors)
    };
    assert_eq!([count("rest", "check_in"), count("rest", "pay"), count("rest", "penalty")], [(1, 0), (1, 0), (0, 0)]);
    assert_eq!([count("screen", "check_in"), count("pay", "point")], [(0, 0), (1, 0)]);
    rest.stop().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_requests_beyond_the_limit_per_second_are_refused_at_once() {
    let desk = Desk::new().await;
    let limits = Limits { per_second: 3.try_into().unwrap(), ..Limits::default() };
    let rest = Rest::serve_within(&desk.terminal, limits).await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        let answer = rest.request(Method::GET, "/contexts").send().await.unwrap();
        answers.push((answer.status().as_u16(), answer.headers().contains_key("retry-after")));
    }
    assert_eq!(answers[..3], [(200, false); 3]);
    assert!(answers[3..].contains(&(429, true)), "{answers:?}");
    rest.stop().await;
}

/// The queries for the page run concurrently, so the page waits no longer than the slowest of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_mypages_waits_at_most_a_second_while_mypage_hangs() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let mypage = FaultSwitch::default();
    let journal = desk.terminal.core.journal.clone();
    let own = Arc::new(FaultyJournal(journal, mypage.clone()));
    let running = start_with_journals(&desk.terminal, &[(ContextName::Mypage, own as _)].into());
    let rest = Rest::serve(&desk.terminal).await;
    desk.settle().await;
    mypage.set(Behaviour::Hangs);
    let body = json!({ "smokingAreaId": "옥상", "customerId": customer });
    assert_eq!(rest.post("/checkIns", body).await.0, 201);
    let begun = Instant::now();
    assert_eq!(rest.get(&format!("/mypages/{customer}")).await.0, 200);
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(900), "the page doesn't wait for acknowledged changes: {took:?}");
    assert!(took < Duration::from_millis(1_900), "the page's queries run one after the other: {took:?}");
    rest.stop().await;
    running.stop().await;
}
