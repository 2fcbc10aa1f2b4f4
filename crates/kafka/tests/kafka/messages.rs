//! Tests that published messages are read back from Kafka unchanged.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_kafka::{KafkaLog, Settings};
use nosmoke_ports::authentication::{Authenticator, KeyId, MessageKey};
use nosmoke_ports::{Fetched, Headers, Log, LogError, Outgoing, Partition, Topic};
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use tokio::sync::{Mutex, MutexGuard};

use crate::support::{
    KEY_ID, error_of, fact, fetch_messages, fetch_until, from_the_start, key, log, publish_all, settings, shared,
};

#[tokio::test]
async fn key_value_headers_and_order_are_read_back() {
    let log = log("back");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let headers: Headers = vec![("ce_id".into(), b"1".to_vec()), ("ce_id".into(), vec![0, 255])];
    let sent: Vec<Outgoing> = (0..200)
        .map(|n| Outgoing { headers: headers.clone(), ..fact(["가", "나", "다"][n % 3], n.to_string()) })
        .collect();
    publish_all(&log, sent.clone()).await.unwrap();
    let read = fetch_messages(&log, 200).await;
    assert_eq!(read.messages.len(), 200);
    for key in ["가", "나", "다"] {
        let of_key = |value: &Option<Vec<u8>>| value.clone().unwrap();
        let wanted: Vec<Vec<u8>> = sent.iter().filter(|one| one.key == key).map(|one| of_key(&one.value)).collect();
        let mut found = read.messages.iter().filter(|one| one.key.as_deref() == Some(key.as_bytes()));
        assert_eq!(found.clone().map(|one| of_key(&one.value)).collect::<Vec<_>>(), wanted);
        assert!(found.all(|one| one.headers == headers));
    }
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let appended = read.messages[0].appended_at.timestamp();
    assert!(i64::try_from(now).unwrap().abs_diff(appended) < 30, "appended at {appended}, now {now}");
    log.close().await;
}

#[tokio::test]
async fn a_tombstone_is_read_back_as_one_and_differs_from_an_empty_value() {
    let log = log("tombstone");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let of = |value| Outgoing { topic: Topic::Profiles, key: "one".to_owned(), value, headers: Vec::new() };
    publish_all(&log, vec![of(Some(Vec::new())), of(None)]).await.unwrap();
    let read = fetch_messages(&log, 1 + 12).await;
    let written = read.messages.iter().position(|message| message.value.is_some()).unwrap();
    assert_eq!(read.messages[written].value, Some(Vec::new()), "an empty value is no tombstone");
    // The key may lie in any partition, since some may have been added after it was written.
    let tombstones = read.messages.iter().enumerate().filter(|(_, message)| message.value.is_none());
    let mut partitions: Vec<_> = tombstones.clone().map(|(_, message)| message.partition.number).collect();
    partitions.sort_unstable();
    assert_eq!(partitions, (0..12).collect::<Vec<_>>());
    let mut after = tombstones.filter(|(_, message)| message.partition == read.messages[written].partition);
    assert!(after.next().is_some_and(|(place, _)| place > written));
    log.close().await;
}

#[tokio::test]
async fn partitions_added_later_are_read_on_the_same_connection() {
    let topic = "added.nosmoke.profiles.v1";
    let settings = Settings { partitions_interval: Duration::from_secs(1), ..settings(&shared().servers(), "added") };
    let log = KafkaLog::new(settings);
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let of = |value| Outgoing { topic: Topic::Profiles, key: "one".to_owned(), value, headers: Vec::new() };
    publish_all(&log, vec![of(Some(b"1".to_vec()))]).await.unwrap();
    fetch_messages(&log, 1).await;
    shared().add_partitions(topic, 14);
    let mut config = ClientConfig::new();
    let producer: BaseProducer = config.set("bootstrap.servers", shared().servers()).create().unwrap();
    for number in 12..14 {
        producer.send(BaseRecord::to(topic).key("one").payload("2").partition(number)).unwrap();
    }
    producer.flush(Duration::from_secs(20)).unwrap();
    let read = fetch_until(&log, |all| all.strangers.len() == 2).await;
    let places: std::collections::BTreeSet<_> =
        read.strangers.iter().map(|it| (it.partition.number, it.offset)).collect();
    assert_eq!(places, [(12, 0), (13, 0)].into());
    log.close().await;
}

/// Brokers accept any bytes as a header's name; rdkafka's own iterator of headers panics at these.
#[tokio::test]
async fn a_message_without_our_mac_is_a_strangers_and_no_header_name_ends_the_reading() {
    let log = log("strangers");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let topic = "strangers.nosmoke.facts.v1";
    let mut config = ClientConfig::new();
    let producer: BaseProducer = config.set("bootstrap.servers", shared().servers()).create().unwrap();
    // SAFETY: the text is only copied byte by byte, never read as letters.
    let not_utf8 = unsafe { String::from_utf8_unchecked(vec![0xff]) };
    let header = |key, value: &'static [u8]| OwnedHeaders::new().insert(Header { key, value: Some(value) });
    for headers in [header(&not_utf8, b"1"), header("ce_keyid", b"0707070707070707"), header("ce_mac", b"\xff")] {
        producer.send(BaseRecord::to(topic).key("one").payload("1").partition(0).headers(headers)).unwrap();
    }
    producer.flush(Duration::from_secs(20)).unwrap();
    publish_all(&log, vec![fact("one", "1")]).await.unwrap();
    let read = fetch_until(&log, |all| all.messages.len() + all.strangers.len() == 4).await;
    assert_eq!((read.messages.len(), read.messages[0].headers.len()), (1, 0), "the MAC isn't handed on");
    let named: Vec<_> = read.strangers.iter().map(|stranger| (stranger.offset, stranger.key_id)).collect();
    assert_eq!(named, [(0, None), (1, Some(KEY_ID)), (2, None)]);
    log.close().await;
    // With another key, our own message is a stranger's too.
    let other: Arc<dyn Authenticator> = Arc::new(MessageKey::new(KeyId([8; 8]), [8; 32]));
    let view = log.open(&other).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let read = fetch_until(&log, |all| all.strangers.len() == 4).await;
    assert_eq!(read.messages, []);
    log.close().await;
}

/// A batch of a few KiB that unpacks to more than the client may unpack. Brokers accept it; librdkafka would report it
/// again and again.
#[tokio::test]
async fn a_batch_that_unpacks_to_too_much_is_passed_over_by_its_offsets() {
    let log = log("bomb");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1")]).await.unwrap();
    let partition = fetch_messages(&log, 1).await.messages[0].partition;
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", shared().servers()).set("compression.type", "zstd").set("linger.ms", "5000");
    config.set("message.max.bytes", "100000000").set("batch.size", "100000000");
    let producer: BaseProducer = config.create().unwrap();
    let zeros = vec![0; 6 * 1024 * 1024];
    for _ in 0..4 {
        let message = BaseRecord::to("bomb.nosmoke.facts.v1").key("one").payload(&zeros).partition(partition.number);
        producer.send(message).unwrap();
    }
    producer.flush(Duration::from_secs(20)).unwrap();
    publish_all(&log, vec![fact("one", "2")]).await.unwrap();
    let read = fetch_until(&log, |all| !all.messages.is_empty()).await;
    assert_eq!((read.messages[0].offset, read.messages[0].value.as_deref()), (5, Some(&b"2"[..])));
    let passed: Vec<_> = read.strangers.iter().map(|stranger| (stranger.partition, stranger.offset)).collect();
    assert_eq!(passed, [(partition, 4)], "four messages in one batch");
    // The batch is recognised when reading begins with it.
    log.read_from(&[(partition, 4)]).await.unwrap();
    let again = fetch_until(&log, |all| !all.messages.is_empty()).await;
    assert_eq!(again.strangers[0].value_hash, read.strangers[0].value_hash);
    assert_eq!((again.strangers[0].offset, again.messages[0].offset), (4, 5));
    log.close().await;
}

/// gzip shrinks zeros by a factor of 1,000, so that a batch of the largest size unpacks to 124 MiB. librdkafka would unpack
/// it without a limit.
#[tokio::test]
async fn a_gzip_batch_that_unpacks_to_124_mib_is_passed_over_without_being_unpacked() {
    const LINE: usize = 4 * 1024 * 1024;
    let log = log("gzip");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let mut payload = tempfile::NamedTempFile::new().unwrap();
    payload.write_all(&vec![b'0'; LINE]).unwrap();
    let (servers, file) = (shared().servers(), payload.path().display().to_string());
    let producer = [
        ["--bootstrap-server", &servers, "--topic", "gzip.nosmoke.facts.v1"],
        ["--num-records", "31", "--payload-file", &file],
        ["--throughput", "-1", "--command-property", "compression.type=gzip"],
        ["linger.ms=5000", "batch.size=140000000", "max.request.size=200000000", "buffer.memory=300000000"],
    ];
    let (_one_at_a_time, before) = from_now_on().await;
    shared().tool("org.apache.kafka.tools.ProducerPerformance", &producer.concat());
    // Behind it in its partition, whichever that is, and in the others.
    let good: Vec<Outgoing> = (0..100).map(|number| fact(&number.to_string(), "1")).collect();
    publish_all(&log, good).await.unwrap();
    let read = fetch_until(&log, |all| all.messages.len() == 100).await;
    let passed: Vec<i64> = read.strangers.iter().map(|stranger| stranger.offset).collect();
    assert_eq!(passed, [30], "31 messages in one batch");
    // The kernel adds the pages up lazily, so that a later peak can read a little lower.
    let grown_mib = peak_memory_bytes().saturating_sub(before) >> 20;
    assert!(grown_mib < 100, "{grown_mib} MiB");
    log.close().await;
}

/// The client unpacks all batches of an answer before it hands out the first message.
#[tokio::test]
async fn of_many_lz4_batches_that_unpack_to_30_mib_few_are_in_memory_at_once() {
    let log = log("lz4");
    let view = log.open(&key()).await.unwrap();
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", shared().servers()).set("compression.type", "lz4").set("batch.size", "1");
    config.set("message.max.bytes", "100000000");
    let producer: BaseProducer = config.create().unwrap();
    let zeros = vec![0; 30 * 1024 * 1024];
    for _ in 0..10 {
        producer.send(BaseRecord::to("lz4.nosmoke.facts.v1").key("one").payload(&zeros).partition(0)).unwrap();
        producer.flush(Duration::from_secs(20)).unwrap();
    }
    let (_one_at_a_time, before) = from_now_on().await;
    log.read_from(&from_the_start(&view)).await.unwrap();
    let read = fetch_until(&log, |all| all.strangers.len() == 10).await;
    assert_eq!(read.messages, []);
    let grown_mib = peak_memory_bytes().saturating_sub(before) >> 20;
    assert!(grown_mib < 230, "{grown_mib} MiB");
    log.close().await;
}

/// Begins to measure the peak of this process's memory; its present bytes. Tests that measure wait for each other.
async fn from_now_on() -> (MutexGuard<'static, ()>, u64) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let guard = ONE_AT_A_TIME.lock().await;
    // Resets the peak, where the system can.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    (guard, peak_memory_bytes())
}

/// The most memory that this process had; 0 where the system doesn't say.
fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) else { return 0 };
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn the_end_of_each_partition_is_reported_after_its_messages() {
    let log = log("ends");
    let view = log.open(&key()).await.unwrap();
    let all = view.partitions.len();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let read = fetch_until(&log, |fetched| fetched.ends.len() == all).await;
    assert_eq!((read.messages.len(), read.ends.iter().map(|(_, next)| next).max()), (0, Some(&0)));
    publish_all(&log, vec![fact("one", "1")]).await.unwrap();
    let read = fetch_until(&log, |fetched| !fetched.ends.is_empty()).await;
    assert_eq!(read.ends, [(read.messages[0].partition, 1)]);
    log.close().await;
}

#[tokio::test]
async fn an_end_beyond_the_last_message_is_reported_exactly() {
    let log = log("marker");
    let view = log.open(&key()).await.unwrap();
    // The marker that ends a transaction takes an offset but isn't a message.
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", shared().servers()).set("transactional.id", "marker");
    let producer: BaseProducer = config.create().unwrap();
    producer.init_transactions(Duration::from_secs(20)).unwrap();
    producer.begin_transaction().unwrap();
    producer.send(BaseRecord::to("marker.nosmoke.facts.v1").key("one").payload("1").partition(0)).unwrap();
    producer.commit_transaction(Duration::from_secs(20)).unwrap();
    let partition = Partition { topic: Topic::Facts, number: 0 };
    assert!(view.partitions.contains_key(&partition));
    log.read_from(&[(partition, 0)]).await.unwrap();
    let read = fetch_until(&log, |all| !all.ends.is_empty()).await;
    assert_eq!((read.strangers.len(), read.ends.last()), (1, Some(&(partition, 2))));
    log.close().await;
}

#[tokio::test]
async fn a_message_too_large_for_the_cluster_is_reported() {
    let log = log("large");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let kept = [("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1"), ("max.message.bytes", "2000")];
    shared().alter_topic("large.nosmoke.facts.v1", &kept);
    let noise: Vec<u8> = (0..50_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    publish_all(&log, vec![fact("one", noise)]).await.unwrap();
    let error = error_of(&log, Duration::from_secs(10)).await;
    assert!(matches!(error, LogError::TooLarge(_)), "{error:?}");
    assert_eq!(log.publish(vec![fact("one", "small")]).await, Err(error), "nothing is published after it");
    // Reading continues.
    assert_eq!(log.fetch(10, Duration::from_millis(10)).await, Ok(Fetched::default()));
    // An even larger message is refused by the client itself.
    shared().alter_topic("large.nosmoke.facts.v1", &kept[..2]);
    log.open(&key()).await.unwrap();
    let error = log.publish(vec![fact("one", vec![0; 2_000_000])]).await.unwrap_err();
    assert!(matches!(error, LogError::TooLarge(_)), "{error:?}");
    log.close().await;
}

#[tokio::test]
async fn logs_with_different_prefixes_are_independent() {
    let (one, other) = (log("east"), log("west"));
    let views = (one.open(&key()).await.unwrap(), other.open(&key()).await.unwrap());
    one.read_from(&from_the_start(&views.0)).await.unwrap();
    other.read_from(&from_the_start(&views.1)).await.unwrap();
    publish_all(&one, vec![fact("one", "east")]).await.unwrap();
    publish_all(&other, vec![fact("one", "west")]).await.unwrap();
    assert_eq!(fetch_messages(&one, 1).await.messages[0].value.as_deref(), Some(&b"east"[..]));
    assert_eq!(fetch_messages(&other, 1).await.messages[0].value.as_deref(), Some(&b"west"[..]));
    assert_eq!(one.fetch(10, Duration::from_millis(200)).await.unwrap().messages, []);
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn a_fetch_waits_no_longer_than_its_timeout_and_returns_a_message_at_once() {
    let log = log("quick");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    fetch_until(&log, |fetched| fetched.ends.len() == view.partitions.len()).await;
    let begin = Instant::now();
    assert_eq!(log.fetch(10, Duration::from_millis(150)).await, Ok(Fetched::default()));
    assert!((140..1_000).contains(&begin.elapsed().as_millis()));
    let mut times = Vec::new();
    for n in 0..50 {
        let begin = Instant::now();
        publish_all(&log, vec![fact(&n.to_string(), "1")]).await.unwrap();
        fetch_messages(&log, 1).await;
        times.push(begin.elapsed());
    }
    times.sort();
    println!("read back: median {:?}, 90 % {:?}", times[25], times[45]);
    assert!(times[25] < Duration::from_millis(100), "{:?}", times[25]);
    log.close().await;
}

#[tokio::test]
async fn a_backlog_larger_than_the_window_is_published_and_read() {
    const COUNT: usize = 50_000;
    let log = log("backlog");
    let view = log.open(&key()).await.unwrap();
    let begin = Instant::now();
    let messages = (0..COUNT).map(|n| fact(&format!("customer-{}", n % 500), vec![b'x'; 500]));
    let mut left: Vec<Outgoing> = messages.collect();
    let first = log.publish(left.clone()).await.unwrap();
    assert!(first < COUNT, "the window is bounded");
    left.drain(..first);
    for part in left.chunks(5_000) {
        publish_all(&log, part.to_vec()).await.unwrap();
    }
    log.read_from(&from_the_start(&view)).await.unwrap();
    let read = fetch_messages(&log, COUNT).await;
    assert_eq!(read.messages.len(), COUNT);
    let published_and_read = begin.elapsed();
    // Read again from the start: in the order of offsets in each partition.
    let begin = Instant::now();
    log.read_from(&from_the_start(&view)).await.unwrap();
    let read = fetch_messages(&log, COUNT).await;
    let mut next = std::collections::BTreeMap::new();
    for message in &read.messages {
        assert_eq!(message.offset, *next.entry(message.partition).or_insert(0));
        next.insert(message.partition, message.offset + 1);
    }
    println!("{COUNT} messages: out and back in {published_and_read:?}, read again in {:?}", begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(15));
    log.close().await;
}
