//! Tests that two programs replicate over one cluster.

use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Listener, Options, PASSWORD, USER};
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

/// Waits until the terminal has read the topics, and returns what `/health` says of the exchange.
async fn exchange(served: &Served, wanted: &str) {
    served.until("/health", "exchange", wanted).await;
}

#[tokio::test]
async fn s06_without_a_facility_key_a_terminal_hears_nobody_and_says_so() {
    let broker = Broker::start(Options::default());
    let prefix = format!("t{}", uuid::Uuid::new_v4().simple());
    let options = ["--kafka", &broker.servers(), "--topic-prefix", &prefix];
    let (a, b) = (TestFolder::new().with(&options).serve(), TestFolder::new().with(&options).serve());
    let customer = a.customer_with(100).await;
    for served in [&a, &b] {
        exchange(served, "hears_nobody").await;
        let said = std::fs::read_to_string(served.folder.file("errors")).unwrap();
        assert!(said.contains("hears nobody") && said.contains("--facility-key FILE"), "{said}");
    }
    // What A records is in the topics, and is a stranger's for B.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(b.get(&format!("/mypages/{customer}")).await.0, 404);
    let alone = TestFolder::new().serve();
    exchange(&alone, "off").await;
    assert!(!std::fs::read_to_string(alone.folder.file("errors")).unwrap().contains("hears nobody"));
}

/// Two starts at once with one key file that nobody has made yet share a facility, and equal sets of facts print equal
/// digests.
#[tokio::test]
async fn s06_two_folders_on_one_cluster_exchange_facts_and_balances() {
    let broker = Broker::start(Options::default());
    let prefix = format!("t{}", uuid::Uuid::new_v4().simple());
    let keys = TestFolder::new();
    let (servers, key) = (broker.servers(), keys.file("facility-key"));
    let serve = |name: &str| {
        let options = ["--kafka", &servers, "--topic-prefix", &prefix, "--terminal-name", name];
        TestFolder::new().with(&options).with(&["--facility-key", key.to_str().unwrap()]).serve()
    };
    let (a, b) = std::thread::scope(|scope| {
        let other = scope.spawn(|| serve("단말 2"));
        (serve("단말 1"), other.join().unwrap())
    });
    let customer = a.customer_with(100).await;
    let other = b.customer_with(50).await;
    settled(&a, &b).await;
    for served in [&a, &b] {
        exchange(served, "on").await;
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

/// Waits until everything recorded has been read back from the cluster.
async fn all_sent(served: &Served) {
    let begun = Instant::now();
    loop {
        let metrics = served.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
        if metrics.contains("nosmoke_pending_facts 0\n") {
            return;
        }
        let said = std::fs::read_to_string(served.folder.file("errors")).unwrap();
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{metrics} {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn flags_keep_tls_and_a_password_goes_only_to_its_servers() {
    let broker = Broker::start(Options { tls: true, scram: true });
    let folder = TestFolder::new();
    let password = folder.file("password");
    std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let (servers, ca) = (broker.address(Listener::ScramTls), broker.certificates().ca().display().to_string());
    let all = ["--kafka", &servers, "--kafka-ca", &ca, "--kafka-user", USER, "--kafka-password-file"];
    let served = folder.with(&all).with(&[password.to_str().unwrap(), "--kafka-mechanism", "scram-sha-256"]).serve();
    served.customer_with(100).await;
    all_sent(&served).await;
    // The saved settings are used without any flag, and a flag takes nothing away.
    let mut folder = served.stop();
    folder.options.clear();
    for flags in [&[][..], &["--kafka", &servers], &["--topic-prefix", "hanbit"]] {
        folder.options = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let served = folder.serve();
        served.customer_with(100).await;
        all_sent(&served).await;
        folder = served.stop();
    }
    // Another server, another user and a connection in clear don't get the password.
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = stranger.local_addr().unwrap().to_string();
    for flags in
        [&["--kafka", &elsewhere][..], &["--kafka-user", "other"], &["--kafka-plain"], &["--kafka-mechanism", "plain"]]
    {
        let words = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
        let (code, said) = folder.with_json(&words);
        assert_eq!((code, &said["error"]["code"]), (Some(2), &json!("password_needed")), "{flags:?}: {said}");
    }
    stranger.set_nonblocking(true).unwrap();
    assert!(stranger.accept().is_err(), "a connection was made");
    folder.options.clear();
    let served = folder.serve();
    served.customer_with(100).await;
    all_sent(&served).await;
}
