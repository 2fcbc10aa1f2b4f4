//! What a scrape of the gateway's metrics shows of contexts and breakers, over real HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_gateway::Limits;
use nosmoke_ports::contract::ContextName;
use nosmoke_tests::doubles::{Mood, Moods, MoodyJournal, MoodyPoint, start_apart, with_point};
use reqwest::Method;
use serde_json::json;

use super::{start, stop, until};
use crate::rest::Rest;
use crate::support::Desk;

/// The one state of a context that a family of metrics gives.
async fn state_of(rest: &Rest, family: &str, context: &str) -> String {
    let text = rest.metrics().await;
    let of = format!("nosmoke_{family}{{context=\"{context}\",state=\"");
    let states = text.lines().filter_map(|line| line.strip_prefix(&of)?.strip_suffix("\"} 1"));
    let states: Vec<&str> = states.collect();
    assert_eq!(states.len(), 1, "{family} of {context}: {text}");
    states[0].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_the_breaker_is_seen_in_the_metrics_as_it_opens_half_opens_and_closes() {
    goes_round(("pay", "/pays"), "penalty").await;
    goes_round(("penalty", "/penalties"), "pay").await;
}

/// The breaker of one caller, while another's stays closed.
async fn goes_round((caller, path): (&str, &str), other: &str) {
    let mut desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let point = Moods::default();
    desk.terminal = with_point(desk.terminal.clone(), Arc::new(MoodyPoint(point.clone())));
    desk.clock.stop_at(nosmoke_ports::Clock::now(&*desk.clock));
    let rest = Rest::serve(&desk.terminal).await;
    let call = async || rest.post(path, json!({ "customerId": customer, "point": 1 })).await;
    let breaker = async || state_of(&rest, "breaker_state", caller).await;
    assert_eq!(breaker().await, "closed");
    point.turn(Mood::Hangs);
    for _ in 0..3 {
        assert_eq!(breaker().await, "closed");
        let (status, answer) = call().await;
        assert_eq!((status, &answer["code"], &answer["reason"]), (503, &json!("point_unavailable"), &json!("timeout")));
    }
    assert_eq!(breaker().await, "open");
    assert_eq!(state_of(&rest, "breaker_state", other).await, "closed");
    assert_eq!(call().await.1["reason"], "open");
    // One call is let through, and while it waits for its answer the breaker is half open.
    desk.clock.pass(TimeDelta::seconds(1));
    let seen = async { until("half open", || async { breaker().await == "half_open" }).await };
    let (trial, ()) = tokio::join!(call(), seen);
    assert_eq!((trial.1["reason"].as_str(), breaker().await.as_str()), (Some("timeout"), "open"));
    point.turn(Mood::Well);
    desk.clock.pass(TimeDelta::seconds(2));
    assert_eq!(call().await.0, 201);
    assert_eq!(breaker().await, "closed");
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s08_contexts_are_seen_in_the_metrics_and_what_comes_by_rest_is_counted_so() {
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
    // A refusal is counted too, and is no error.
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
async fn s06_more_requests_in_a_second_than_are_taken_are_refused_at_once() {
    let desk = Desk::new().await;
    let limits = Limits { per_second: 3.try_into().unwrap(), ..Limits::default() };
    let rest = Rest::serve_within(&desk.terminal, limits).await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        let answer = rest.request(Method::GET, "/health").send().await.unwrap();
        answers.push((answer.status().as_u16(), answer.headers().contains_key("retry-after")));
    }
    assert_eq!(answers[..3], [(200, false); 3]);
    assert!(answers[3..].contains(&(429, true)), "{answers:?}");
    rest.stop().await;
}

/// Nobody waits longer for the page of a customer than for one of its parts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_mypages_wait_a_second_at_most_though_mypage_hangs() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let mypage = Moods::default();
    let journal = desk.terminal.core.journal.clone();
    let own = Arc::new(MoodyJournal(journal, mypage.clone()));
    let running = start_apart(&desk.terminal, &[(ContextName::Mypage, own as _)].into());
    let rest = Rest::serve(&desk.terminal).await;
    desk.settle().await;
    mypage.turn(Mood::Hangs);
    let body = json!({ "smokingAreaId": "옥상", "customerId": customer });
    assert_eq!(rest.post("/checkIns", body).await.0, 201);
    let begun = Instant::now();
    assert_eq!(rest.get(&format!("/mypages/{customer}")).await.0, 200);
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(900), "it waits for what was acknowledged: {took:?}");
    assert!(took < Duration::from_millis(1_900), "one part after the other: {took:?}");
    rest.stop().await;
    running.stop().await;
}
