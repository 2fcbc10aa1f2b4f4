//! The header `Idempotency-Key`: with the same key, every POST and PUT can be repeated safely for 30 days.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_application::commands::Unattended;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose};
use nosmoke_ports::{Clock, StoreError, read};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use super::Rest;
use crate::clock::TestClock;
use crate::support::Desk;

/// Returns a context's state as the gateway shows it.
async fn state(rest: &Rest, name: &str) -> Value {
    let (_, contexts) = rest.get("/contexts").await;
    let contexts = contexts.as_array().unwrap();
    contexts.iter().find(|context| context["name"] == name).unwrap()["state"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_a_stop_repeated_with_its_key_is_done_once() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    let rest = Rest::serve(&desk.terminal).await;
    let why = json!({ "reason": "점검" });
    let stopped = rest.post_with_key("stop-1", "/contexts/point/stop", why.clone()).await;
    assert_eq!((stopped.0, &stopped.1["state"]), (200, &json!("stopped")), "{stopped:?}");
    let started = rest.post_with_key("start-1", "/contexts/point/start", json!({})).await;
    assert_eq!((started.0, state(&rest, "point").await), (200, json!("running")), "{started:?}");
    // The repeated stop request gets its first answer, and doesn't stop the context again, which was started meanwhile.
    assert_eq!(rest.post_with_key("stop-1", "/contexts/point/stop", why.clone()).await, stopped);
    assert_eq!(state(&rest, "point").await, "running");
    assert_eq!(rest.post("/contexts/point/stop", json!({})).await.0, 200);
    assert_eq!(rest.post_with_key("start-1", "/contexts/point/start", Value::Null).await, started);
    assert_eq!(state(&rest, "point").await, "stopped");
    assert_eq!(rest.post("/contexts/point/start", Value::Null).await.0, 200);

    // The same key with another body, context or route is refused and does nothing.
    let customer = desk.customer("홍길동").await;
    for (key, path, body) in [
        ("stop-1", "/contexts/point/stop", json!({ "reason": "다른 까닭" })),
        ("stop-1", "/contexts/point/stop", json!({})),
        ("stop-1", "/contexts/pay/stop", why.clone()),
        ("start-1", "/contexts/point/stop", json!({})),
        ("stop-1", "/mypages/rebuild", json!({})),
        ("stop-1", "/checkIns", json!({ "smokingAreaId": "옥상", "customerId": customer })),
    ] {
        let (status, problem) = rest.post_with_key(key, path, body).await;
        assert_eq!((status, &problem["code"]), (422, &json!("key_reused")), "{key} {path}");
    }
    let area = json!({ "smokingAreaId": "옥상" });
    assert_eq!(rest.post_with_key("enter-1", "/checkIns", area).await.0, 201);
    let (status, problem) = rest.post_with_key("enter-1", "/contexts/point/stop", json!({})).await;
    assert_eq!((status, &problem["code"]), (422, &json!("key_reused")));
    assert_eq!([state(&rest, "point").await, state(&rest, "pay").await], ["running", "running"]);
    for key in ["", &"k".repeat(129)] {
        assert_eq!(rest.post_with_key(key, "/contexts/point/stop", json!({})).await.0, 422);
    }
    // Routes that take no body refuse a request with one.
    for path in ["/contexts/point/start", "/mypages/rebuild"] {
        assert_eq!(rest.post(path, json!({ "more": 1 })).await.1["code"], "invalid_input", "{path}");
    }
    rest.stop().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_a_rebuild_repeated_with_its_key_is_done_once() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let rest = Rest::serve(&desk.terminal).await;
    let checkpoint = async || desk.terminal.workers.mypage.checkpoint().await.unwrap();
    let passed = checkpoint().await;
    assert!(passed > 0);
    let begun = rest.post_with_key("rebuild-1", "/mypages/rebuild", Value::Null).await;
    assert_eq!((begun.0, checkpoint().await), (202, 0));
    desk.settle().await;
    assert_eq!(checkpoint().await, passed);
    assert_eq!(rest.post_with_key("rebuild-1", "/mypages/rebuild", Value::Null).await, begun);
    assert_eq!(checkpoint().await, passed, "it isn't emptied once more");
    assert_eq!(rest.post_with_key("rebuild-2", "/mypages/rebuild", Value::Null).await, begun);
    assert_eq!(checkpoint().await, 0);
    rest.stop().await;
}

/// Of several concurrent requests with one key, one is executed and all get its answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_concurrent_requests_with_one_key_get_one_answer() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    let rest = Rest::serve(&desk.terminal).await;
    let stop = async |name: &str| rest.post_with_key("at-once", &format!("/contexts/{name}/stop"), json!({})).await;
    let (a, b, c) = tokio::join!(stop("point"), stop("point"), stop("pay"));
    let answers = [a, b, c];
    let done: Vec<_> = answers.iter().filter(|answer| answer.0 == 200).collect();
    let refused = answers.iter().filter(|answer| answer.1["code"] == "key_reused").count();
    assert!(!done.is_empty() && done.iter().all(|answer| *answer == done[0]), "{answers:?}");
    assert_eq!(done.len() + refused, 3, "{answers:?}");
    let states = [state(&rest, "point").await, state(&rest, "pay").await];
    assert_eq!(states.iter().filter(|state| **state == "stopped").count(), 1, "what is refused isn't done: {states:?}");
    rest.stop().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_a_key_is_remembered_for_30_days() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let rest = Rest::serve(&desk.terminal).await;
    let pay = async |point: u64| {
        rest.post_with_key("pay-1", "/pays", json!({ "customerId": customer, "point": point })).await
    };
    let forget = async || desk.terminal.commands.forget_old_keys().await.unwrap();
    desk.clock.stop_at(desk.clock.now());
    let first = pay(10).await;
    assert_eq!((first.0, &first.1["balance"]), (201, &json!(90)), "{first:?}");
    desk.clock.pass(TimeDelta::days(29));
    forget().await;
    assert_eq!(pay(10).await, first);
    assert_eq!(pay(11).await.1["code"], "key_reused");
    desk.clock.pass(TimeDelta::days(2));
    forget().await;
    let again = pay(11).await;
    assert_eq!((again.0, &again.1["balance"]), (201, &json!(79)), "{again:?}");
    assert_ne!(again.1["id"], first.1["id"]);
    rest.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s06_a_request_without_a_key_stores_no_answer() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let path = desk.folder.path().join("journal.db");
    let mut journal = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    let mut answers = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM idempotency").fetch_one(&mut journal).await.unwrap()
    };
    let before = answers().await;
    let enter = json!({ "smokingAreaId": desk.area.area_id });
    assert_eq!(rest.post("/checkIns", enter.clone()).await.0, 201);
    assert_eq!(answers().await, before);
    assert_eq!(rest.post_with_key("enter-1", "/checkIns", enter).await.0, 201);
    assert_eq!(answers().await, before + 1);
    rest.stop().await;
}

/// Old keys are forgotten while the program runs, not only at its start.
#[tokio::test]
async fn s06_a_key_is_forgotten_without_a_restart() {
    let (data, clock) = (tempfile::tempdir().unwrap(), Arc::new(TestClock::default()));
    let place = FolderOptions {
        folder: data.path().into(),
        purpose: Purpose::Practise,
        replicates: false,
        connection: None,
        mypage: None,
    };
    let means = Environment { clock: clock.clone(), ..Environment::of_system("test", "test") };
    let mut folder = OpenFolder::open(means, place, Arc::new(())).await.unwrap();
    folder.set_up_unattended(Unattended::default()).await.unwrap();
    let rest = Rest::serve(folder.terminal()).await;
    let enter = json!({ "smokingAreaId": "옥상" });
    assert_eq!(rest.post_with_key("enter-1", "/checkIns", enter).await.0, 201);
    let journal = folder.terminal().core.journal.clone();
    let remembered = async || read::<_, StoreError>(&*journal, |tx| tx.remembered("enter-1")).await.unwrap().is_some();
    for (days, kept) in [(29, true), (2, false)] {
        clock.pass(TimeDelta::days(days));
        tokio::time::pause();
        tokio::time::advance(Duration::from_hours(24)).await;
        tokio::time::resume();
        let begun = Instant::now();
        while remembered().await != kept || (kept && begun.elapsed() < Duration::from_millis(500)) {
            assert!(begun.elapsed() < Duration::from_secs(30), "the key is remembered: {}", !kept);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    rest.stop().await;
    folder.close().await;
}
