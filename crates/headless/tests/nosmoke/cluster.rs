//! Tests that two programs replicate over one cluster.

use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Options};
use serde_json::{Value, json};

use crate::process::{ANSWER_TIMEOUT, Served, TestFolder, text};

/// Waits until both programs have the same facts, and returns the digest of the facts.
async fn settled(a: &Served, b: &Served) -> Value {
    let begun = Instant::now();
    loop {
        let (of_a, of_b) = (a.folder.json(&["digest"]), b.folder.json(&["digest"]));
        if of_a == of_b && of_a["heads"].as_array().unwrap().len() > 1 {
            return of_a;
        }
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{of_a} {of_b}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Without a facility key facts and balances are still exchanged, and equal sets of facts print equal digests.
#[tokio::test]
async fn s06_two_folders_on_one_cluster_exchange_facts_and_balances() {
    let broker = Broker::start(Options::default());
    let prefix = format!("t{}", uuid::Uuid::new_v4().simple());
    let serve = |name: &str| {
        let servers = broker.servers();
        TestFolder::new().with(&["--kafka", &servers, "--topic-prefix", &prefix, "--terminal-name", name]).serve()
    };
    let (a, b) = (serve("단말 1"), serve("단말 2"));
    let customer = a.customer_with(100).await;
    let other = b.customer_with(50).await;
    settled(&a, &b).await;
    for served in [&a, &b] {
        assert_eq!(served.get(&format!("/mypages/{customer}")).await.1["balance"], 100);
        assert_eq!(served.get(&format!("/mypages/{other}")).await.1["balance"], 50);
    }
    // B can pay with points that A holds. A payment can only be voided at the terminal where it was made.
    let (status, paid) = b.post("/pays", json!({ "customerId": customer, "point": 70 })).await;
    assert_eq!((status, &paid["balance"]), (201, &json!(30)), "{paid}");
    settled(&a, &b).await;
    let (status, refused) = a.post(&format!("/pays/{}/void", text(&paid, "id")), json!({})).await;
    assert_eq!(
        (status, &refused["code"], &refused["terminalName"]),
        (409, &json!("recorded_elsewhere"), &json!("단말 2"))
    );

    // While the holder is down, the response says how much can be paid at this terminal, and who holds the rest.
    let folder = b.stop();
    let (status, held) = a.post("/pays", json!({ "customerId": other, "point": 50 })).await;
    assert_eq!((status, &held["code"], &held["payableHere"]), (409, &json!("held_elsewhere"), &json!(0)), "{held}");
    assert_eq!(held["holders"][0]["terminalName"], "단말 2");
    assert_eq!(held["holders"][0]["point"], 50);
    let b = folder.serve();
    // When B runs again, it gives the points to the next payment that lacks them.
    let begun = Instant::now();
    loop {
        let (status, answer) = a.post("/pays", json!({ "customerId": other, "point": 50 })).await;
        if status == 201 {
            break;
        }
        assert_eq!((status, &answer["code"]), (409, &json!("held_elsewhere")), "{answer}");
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{answer}");
    }
    let digest = settled(&a, &b).await;
    let (a, b) = (a.stop(), b.stop());
    assert_eq!((a.json(&["digest"]), b.json(&["digest"])), (digest.clone(), digest));
}
