//! Tests with a broker that freezes, is killed, and is started again. Each test has its own broker.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Options};
use nosmoke_kafka::KafkaLog;
use nosmoke_ports::{Log, LogError};

use crate::support::{error_of, fact, fetch_messages, fetch_until, from_the_start, key, publish_all, settings};

const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Closes the log, and returns how long that took.
async fn close(log: &KafkaLog) -> Duration {
    let begin = Instant::now();
    log.close().await;
    begin.elapsed()
}

#[tokio::test]
async fn an_outage_loses_no_message_that_was_read_back() {
    let mut broker = Broker::start(Options::default());
    let log = KafkaLog::new(settings(&broker.servers(), ""));
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let value = |n: u32| n.to_string().into_bytes();
    publish_all(&log, (0..500).map(|n| fact(&(n % 7).to_string(), value(n))).collect()).await.unwrap();
    let before = fetch_messages(&log, 500).await;
    assert_eq!(before.messages.len(), 500);

    // Some of these messages are in flight when the broker is killed.
    publish_all(&log, (500..600).map(|n| fact(&(n % 7).to_string(), value(n))).collect()).await.unwrap();
    broker.kill();
    let begin = Instant::now();
    let error = error_of(&log, Duration::from_secs(30)).await;
    println!("the outage was noticed after {:?}: {error}", begin.elapsed());
    assert!(matches!(error, LogError::Unreachable(_)), "{error:?}");
    let took = close(&log).await;
    println!("closed with the broker gone in {took:?}");
    assert!(took < CLOSE_TIMEOUT);

    let begin = Instant::now();
    let error = log.open(&key()).await.unwrap_err();
    println!("open gave up after {:?}: {error}", begin.elapsed());
    assert!(matches!(error, LogError::Unreachable(_)), "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(9));

    broker.start_again();
    let view_again = log.open(&key()).await.unwrap();
    assert_eq!(view_again.cluster_id, view.cluster_id);
    log.read_from(&from_the_start(&view_again)).await.unwrap();
    let all = view_again.partitions.values().map(|range| range.end - range.start).sum::<i64>();
    let after = fetch_messages(&log, usize::try_from(all).unwrap()).await;
    let values: BTreeSet<Vec<u8>> = after.messages.iter().filter_map(|message| message.value.clone()).collect();
    assert!((0..500).all(|n| values.contains(&value(n))), "a message that was read back is missing");
    // The others are published again, as the publisher does.
    let missing: Vec<_> = (500..600).filter(|n| !values.contains(&value(*n))).collect();
    publish_all(&log, missing.iter().map(|n| fact(&(n % 7).to_string(), value(*n))).collect()).await.unwrap();
    fetch_messages(&log, missing.len()).await;
    log.close().await;
}

#[tokio::test]
async fn the_client_recovers_from_a_short_outage_by_itself() {
    let mut broker = Broker::start(Options::default());
    let log = KafkaLog::new(settings(&broker.servers(), ""));
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    fetch_until(&log, |fetched| fetched.ends.len() == view.partitions.len()).await;
    broker.kill();
    publish_all(&log, (0..100).map(|n| fact("one", n.to_string())).collect()).await.unwrap();
    broker.start_again();
    let mut values = Vec::new();
    let begin = Instant::now();
    while values.len() < 100 && begin.elapsed() < Duration::from_secs(40) {
        match log.fetch(1_000, Duration::from_millis(200)).await {
            Ok(fetched) => values.extend(fetched.messages.into_iter().filter_map(|message| message.value)),
            Err(error) => assert!(matches!(error, LogError::Unreachable(_)), "{error:?}"),
        }
    }
    println!("messages published during the outage were read back after {:?}", begin.elapsed());
    let wanted: Vec<Vec<u8>> = (0..100).map(|n| n.to_string().into_bytes()).collect();
    assert_eq!(values, wanted, "each once and in order");

    // A frozen broker: connections stay open, but nothing answers.
    broker.freeze();
    publish_all(&log, vec![fact("one", "last")]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let took = close(&log).await;
    println!("closed with the broker frozen in {took:?}");
    assert!(took < CLOSE_TIMEOUT);
    let begin = Instant::now();
    let error = log.open(&key()).await.unwrap_err();
    println!("open on a frozen broker gave up after {:?}: {error}", begin.elapsed());
    assert!(matches!(error, LogError::Unreachable(_)), "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(9));
    broker.thaw();
    log.open(&key()).await.unwrap();
    let took = close(&log).await;
    println!("closed with the broker up in {took:?}");
    assert!(took < CLOSE_TIMEOUT);
}

#[tokio::test]
async fn closing_ends_an_open_that_is_still_waiting() {
    let log = std::sync::Arc::new(KafkaLog::new(settings("localhost:1", "")));
    let opening = tokio::spawn({
        let log = log.clone();
        async move { log.open(&key()).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begin = Instant::now();
    log.close().await;
    assert!(opening.await.unwrap().is_err());
    assert!(begin.elapsed() < CLOSE_TIMEOUT, "{:?}", begin.elapsed());
}
