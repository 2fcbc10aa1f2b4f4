//! A broker that freezes, is killed, and comes back. Each test has one of its own.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Options};
use nosmoke_kafka::KafkaLog;
use nosmoke_ports::{Log, LogError};

use crate::support::{error_of, fact, fetch_records, fetch_until, from_the_start, publish_all, settings};

const CLOSED_WITHIN: Duration = Duration::from_secs(2);

async fn closing(log: &KafkaLog) -> Duration {
    let begin = Instant::now();
    log.close().await;
    begin.elapsed()
}

#[tokio::test]
async fn an_outage_loses_nothing_that_was_read_back() {
    let mut broker = Broker::start(Options::default());
    let log = KafkaLog::new(settings(&broker.servers(), ""));
    let view = log.open().await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let value = |n: u32| n.to_string().into_bytes();
    publish_all(&log, (0..500).map(|n| fact(&(n % 7).to_string(), value(n))).collect()).await.unwrap();
    let before = fetch_records(&log, 500).await;
    assert_eq!(before.records.len(), 500);

    // Some are on their way when it dies.
    publish_all(&log, (500..600).map(|n| fact(&(n % 7).to_string(), value(n))).collect()).await.unwrap();
    broker.kill();
    let begin = Instant::now();
    let error = error_of(&log, Duration::from_secs(30)).await;
    println!("the outage was noticed after {:?}: {error}", begin.elapsed());
    assert!(matches!(error, LogError::Unreachable(_)), "{error:?}");
    let took = closing(&log).await;
    println!("closed with the broker gone in {took:?}");
    assert!(took < CLOSED_WITHIN);

    let begin = Instant::now();
    let error = log.open().await.unwrap_err();
    println!("open gave up after {:?}: {error}", begin.elapsed());
    assert!(matches!(error, LogError::Unreachable(_)), "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(9));

    broker.start_again();
    let view_again = log.open().await.unwrap();
    assert_eq!(view_again.cluster_id, view.cluster_id);
    log.read_from(&from_the_start(&view_again)).await.unwrap();
    let all = view_again.partitions.values().map(|range| range.end - range.start).sum::<i64>();
    let after = fetch_records(&log, usize::try_from(all).unwrap()).await;
    let values: BTreeSet<Vec<u8>> = after.records.iter().filter_map(|record| record.value.clone()).collect();
    assert!((0..500).all(|n| values.contains(&value(n))), "what was read back is there");
    // What wasn't is handed over again, as the journal would.
    let missing: Vec<_> = (500..600).filter(|n| !values.contains(&value(*n))).collect();
    publish_all(&log, missing.iter().map(|n| fact(&(n % 7).to_string(), value(*n))).collect()).await.unwrap();
    fetch_records(&log, missing.len()).await;
    log.close().await;
}

#[tokio::test]
async fn a_short_outage_is_got_over_without_a_new_connection() {
    let mut broker = Broker::start(Options::default());
    let log = KafkaLog::new(settings(&broker.servers(), ""));
    let view = log.open().await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    fetch_until(&log, Duration::from_secs(10), |fetched| fetched.ends.len() == view.partitions.len()).await;
    broker.kill();
    publish_all(&log, (0..100).map(|n| fact("one", n.to_string())).collect()).await.unwrap();
    broker.start_again();
    let mut values = Vec::new();
    let begin = Instant::now();
    while values.len() < 100 && begin.elapsed() < Duration::from_secs(40) {
        match log.fetch(1_000, Duration::from_millis(200)).await {
            Ok(fetched) => values.extend(fetched.records.into_iter().filter_map(|record| record.value)),
            Err(error) => assert!(matches!(error, LogError::Unreachable(_)), "{error:?}"),
        }
    }
    println!("what was handed over while it was gone came back after {:?}", begin.elapsed());
    let wanted: Vec<Vec<u8>> = (0..100).map(|n| n.to_string().into_bytes()).collect();
    assert_eq!(values, wanted, "each once and in order");

    // Frozen: connections stay, and nothing answers.
    broker.freeze();
    publish_all(&log, vec![fact("one", "last")]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let took = closing(&log).await;
    println!("closed with the broker frozen in {took:?}");
    assert!(took < CLOSED_WITHIN);
    let begin = Instant::now();
    let error = log.open().await.unwrap_err();
    println!("open on a frozen broker gave up after {:?}: {error}", begin.elapsed());
    assert!(matches!(error, LogError::Unreachable(_)), "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(9));
    broker.thaw();
    log.open().await.unwrap();
    let took = closing(&log).await;
    println!("closed with the broker up in {took:?}");
    assert!(took < CLOSED_WITHIN);
}

#[tokio::test]
async fn closing_ends_an_open_that_still_waits() {
    let log = std::sync::Arc::new(KafkaLog::new(settings("localhost:1", "")));
    let opening = tokio::spawn({
        let log = log.clone();
        async move { log.open().await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begin = Instant::now();
    log.close().await;
    assert!(opening.await.unwrap().is_err());
    assert!(begin.elapsed() < CLOSED_WITHIN, "{:?}", begin.elapsed());
}
