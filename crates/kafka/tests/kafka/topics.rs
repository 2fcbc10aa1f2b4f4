//! Tests that missing topics are created, and that the configuration of existing ones is checked.

use std::time::Duration;

use nosmoke_kafka::{Trial, try_connection};
use nosmoke_ports::{Log, LogError, Topic};

use crate::support::{error_of, fact, fetch_until, from_the_start, key, log, publish_all, settings, shared};

fn setting(topic: &str, name: &str) -> String {
    let settings = shared().topic_settings(topic);
    settings.into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap()
}

#[tokio::test]
async fn missing_topics_are_created_with_their_settings() {
    let log = log("made");
    let view = log.open(&key()).await.unwrap();
    for (topic, policy, retention_ms) in [
        ("made.nosmoke.facts.v1", "delete", "-1"),
        ("made.nosmoke.profiles.v1", "compact", "-1"),
        ("made.nosmoke.reference.v1", "compact", "-1"),
        ("made.nosmoke.heartbeats.v1", "delete", "86400000"),
    ] {
        assert_eq!(setting(topic, "cleanup.policy"), policy, "{topic}");
        assert_eq!(setting(topic, "retention.ms"), retention_ms, "{topic}");
        assert_eq!(setting(topic, "retention.bytes"), "-1", "{topic}");
        assert_eq!(setting(topic, "message.timestamp.type"), "LogAppendTime", "{topic}");
        assert_eq!(setting(topic, "max.message.bytes"), "131072", "{topic}");
    }
    for name in ["max.compaction.lag.ms", "segment.ms"] {
        assert_eq!(setting("made.nosmoke.profiles.v1", name), "86400000", "{name}");
    }
    for topic in Topic::ALL {
        let count = view.partitions.keys().filter(|partition| partition.topic == topic).count();
        assert_eq!(i32::try_from(count).unwrap(), topic.partitions(), "{topic:?}");
    }
    assert!(view.partitions.values().all(|range| *range == (0..0)));
    assert!(!view.cluster_id.is_empty());
    log.close().await;
}

#[tokio::test]
async fn existing_topics_are_used_with_the_partitions_that_they_have() {
    let kept = [("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1")];
    shared().create_topic("there.nosmoke.facts.v1", 3, &kept);
    let log = log("there");
    let view = log.open(&key()).await.unwrap();
    assert_eq!(view.partitions.keys().filter(|partition| partition.topic == Topic::Facts).count(), 3);
    log.close().await;
}

#[tokio::test]
async fn a_topic_that_would_lose_or_refuse_messages_is_not_used() {
    let stamped = ("message.timestamp.type", "LogAppendTime");
    let kept = ("retention.ms", "-1");
    let cases = [
        ("bad1", "facts", vec![kept], "message.timestamp.type"),
        ("bad2", "facts", vec![stamped], "retention.ms"),
        ("bad3", "facts", vec![stamped, kept, ("cleanup.policy", "compact")], "cleanup.policy"),
        ("bad4", "profiles", vec![stamped, kept], "cleanup.policy"),
        ("bad5", "facts", vec![stamped, kept, ("max.message.bytes", "100000")], "max.message.bytes"),
    ];
    for (prefix, topic, with, named) in cases {
        let name = format!("{prefix}.nosmoke.{topic}.v1");
        shared().create_topic(&name, 1, &with);
        let log = log(prefix);
        let error = log.open(&key()).await.unwrap_err();
        let LogError::TopicSettings { topic, detail } = &error else { panic!("{error:?}") };
        assert_eq!(topic, &name);
        assert!(detail.contains(named), "{detail}");
        assert!(error.is_permanent());
        log.close().await;
    }
}

#[tokio::test]
async fn the_view_has_the_offset_range_of_each_partition() {
    let log = log("reach");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1"), fact("one", "2"), fact("one", "3")]).await.unwrap();
    let read = fetch_until(&log, |all| all.messages.len() == 3).await;
    let partition = read.messages[0].partition;
    shared().delete_messages("reach.nosmoke.facts.v1", partition.number, 2);
    let view = log.open(&key()).await.unwrap();
    assert_eq!(view.partitions[&partition], 2..3);
    // Reading messages that were deleted is an error.
    log.read_from(&[(partition, 0)]).await.unwrap();
    assert!(matches!(error_of(&log, Duration::from_secs(10)).await, LogError::Changed(_)));
    // The same connection can continue from an offset that exists.
    log.read_from(&[(partition, 2)]).await.unwrap();
    let read = fetch_until(&log, |all| !all.ends.is_empty()).await;
    assert_eq!((read.messages.len(), read.ends[0]), (1, (partition, 3)));
    log.close().await;
}

#[tokio::test]
async fn a_deleted_topic_is_a_changed_log_and_is_not_created_by_publishing() {
    let log = log("deleted");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1")]).await.unwrap();
    fetch_until(&log, |all| all.messages.len() == 1).await;
    shared().delete_topic("deleted.nosmoke.facts.v1");
    let error = error_of(&log, Duration::from_secs(20)).await;
    assert!(matches!(error, LogError::Changed(_)), "{error:?}");
    // Publishing must not create the topic again with the broker's default configuration.
    let _ = log.publish(vec![fact("one", "2")]).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    log.close().await;
    let Trial { facts, error, .. } = try_connection(settings(&shared().servers(), "deleted")).await;
    assert_eq!((facts, error), (Some(0), None));
    let view = log.open(&key()).await.unwrap();
    assert_eq!(view.partitions.keys().filter(|partition| partition.topic == Topic::Facts).count(), 12);
    log.close().await;
}

#[tokio::test]
async fn a_topic_recreated_with_fewer_messages_is_a_changed_log() {
    let log = log("again");
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1"), fact("one", "2")]).await.unwrap();
    let read = fetch_until(&log, |all| all.messages.len() == 2).await;
    let partition = read.messages[0].partition;
    log.close().await;
    shared().delete_topic("again.nosmoke.facts.v1");
    let view = log.open(&key()).await.unwrap();
    assert_eq!(view.partitions[&partition], 0..0);
    log.read_from(&[(partition, 2)]).await.unwrap();
    let error = error_of(&log, Duration::from_secs(10)).await;
    assert!(matches!(error, LogError::Changed(_)), "{error:?}");
    log.close().await;
}
