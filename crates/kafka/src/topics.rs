//! The topics in the cluster: finds them, creates missing ones, checks their configuration, and queries their offset
//! ranges.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_ports::{LogError, Partition, Topic};
use rdkafka::admin::TopicReplication;
use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, NewTopic, OwnedResourceSpecifier, ResourceSpecifier};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::Consumer;
use rdkafka::error::{IsError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};

use crate::callbacks::{ClientCallbacks, ClientReports, LogLimiter};
use crate::classify::{class_of, classify};
use crate::clients::Clients;
use crate::known_partitions::TopicPartitions;
use crate::settings::Settings;

/// Timeout of each request, and of the wait for a new topic to appear.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(4);
/// The replication factor is the number of brokers, but at most this.
const MAX_REPLICATION: usize = 3;
/// Most bytes of a message, or of a compressed batch: twice what the program writes or reads. It is also a limit on what
/// a batch can unpack to.
pub(crate) const MAX_MESSAGE_BYTES: u32 = 128 * 1024;
const MAX_MESSAGE_BYTES_TEXT: &str = "131072";
/// One day.
const HEARTBEAT_RETENTION_MS: &str = "86400000";
/// One day.
const ERASED_WITHIN_MS: &str = "86400000";
/// One hour.
const REQUEST_RETENTION_MS: &str = "3600000";
/// Ten minutes: a segment is deleted only as a whole, after it was closed.
const REQUEST_SEGMENT_MS: &str = "600000";

/// Returns the configuration that a topic is created with. Retention is set per topic, to override the cluster's
/// defaults.
fn settings_of(topic: Topic) -> Vec<(&'static str, &'static str)> {
    let (policy, retention_ms) = match topic {
        Topic::Facts => ("delete", "-1"),
        Topic::Profiles | Topic::Reference => ("compact", "-1"),
        Topic::Requests => ("delete", REQUEST_RETENTION_MS),
        Topic::Heartbeats => ("delete", HEARTBEAT_RETENTION_MS),
    };
    let mut settings = vec![
        ("cleanup.policy", policy),
        ("retention.ms", retention_ms),
        ("retention.bytes", "-1"),
        // With CreateTime a broker would always refuse the messages of a terminal whose clock is an hour ahead.
        ("message.timestamp.type", "LogAppendTime"),
        ("max.message.bytes", MAX_MESSAGE_BYTES_TEXT),
        // Whatever the cluster's default is: what a broker compresses again with gzip would not be read.
        ("compression.type", "producer"),
    ];
    if topic == Topic::Profiles {
        // An erased person's record is gone from the brokers' disks a day or two after its tombstone.
        settings.extend([("max.compaction.lag.ms", ERASED_WITHIN_MS), ("segment.ms", ERASED_WITHIN_MS)]);
    }
    if topic == Topic::Requests {
        settings.push(("segment.ms", REQUEST_SEGMENT_MS));
    }
    settings
}

/// Finds the topics that exist, with their partitions.
pub(crate) fn find(settings: &Settings, clients: &Clients) -> Result<TopicPartitions, LogError> {
    let client = clients.reader.consumer.client();
    let mut found = TopicPartitions::new();
    for topic in Topic::ALL {
        let name = settings.topic_name(topic);
        let metadata = client.fetch_metadata(Some(&name), REQUEST_TIMEOUT).map_err(|error| class_of(&error))?;
        let Some(described) = metadata.topics().iter().find(|described| described.name() == name) else { continue };
        match described.error().filter(IsError::is_error).map(RDKafkaErrorCode::from) {
            None => {}
            Some(RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic) => continue,
            Some(code) => return Err(classify(code, &format!("the topic {name} can't be used: {code}"))),
        }
        found.insert(topic, described.partitions().iter().map(rdkafka::metadata::MetadataPartition::id).collect());
    }
    Ok(found)
}

/// Creates the missing topics, and waits until the cluster lists them.
pub(crate) fn create_missing(
    settings: &Settings,
    clients: &Clients,
    log_limiter: &Arc<LogLimiter>,
    brokers: usize,
    found: TopicPartitions,
) -> Result<TopicPartitions, LogError> {
    let missing: Vec<Topic> = Topic::ALL.into_iter().filter(|topic| !found.contains_key(topic)).collect();
    if missing.is_empty() {
        return Ok(found);
    }
    let copies = i32::try_from(brokers.clamp(1, MAX_REPLICATION)).unwrap_or(1);
    let names: Vec<String> = missing.iter().map(|topic| settings.topic_name(*topic)).collect();
    let wanted = missing.iter().zip(&names).map(|(topic, name)| {
        let new = NewTopic::new(name, topic.partitions(), TopicReplication::Fixed(copies));
        settings_of(*topic).into_iter().fold(new, |new, (key, value)| new.set(key, value))
    });
    let wanted: Vec<NewTopic<'_>> = wanted.collect();
    let admin = admin(settings, log_limiter)?;
    let made = wait(admin.create_topics(&wanted, &options()))?.map_err(|error| class_of(&error))?;
    for one in made {
        match one {
            // Another terminal created the topic first.
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => {
                let error = classify(code, &format!("the topic {topic} can't be created: {code}"));
                return Err(match error {
                    LogError::Failed(detail) => LogError::TopicSettings { topic, detail },
                    other => other,
                });
            }
        }
    }
    let begin = Instant::now();
    loop {
        let found = find(settings, clients);
        match found {
            Ok(found) if found.len() == Topic::ALL.len() => return Ok(found),
            Err(error) if begin.elapsed() > REQUEST_TIMEOUT => return Err(error),
            Ok(_) if begin.elapsed() > REQUEST_TIMEOUT => {
                return Err(LogError::Failed("the cluster doesn't list the topics that were just created".to_owned()));
            }
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Checks that the configuration of existing topics makes the cluster neither lose nor refuse messages. Any number of
/// partitions is accepted. Where this user may not read the configuration, that is logged, and the topics are used.
pub(crate) fn check(
    settings: &Settings,
    log_limiter: &Arc<LogLimiter>,
    found: &TopicPartitions,
) -> Result<(), LogError> {
    if found.is_empty() {
        return Ok(());
    }
    let names: BTreeMap<String, Topic> = found.keys().map(|topic| (settings.topic_name(*topic), *topic)).collect();
    let resources: Vec<ResourceSpecifier<'_>> = names.keys().map(|name| ResourceSpecifier::Topic(name)).collect();
    let admin = admin(settings, log_limiter)?;
    let described = wait(admin.describe_configs(&resources, &options()))?;
    let described = match described.map_err(|error| class_of(&error)) {
        Err(LogError::NotAuthorised(detail)) => {
            unchecked(log_limiter, &detail);
            return Ok(());
        }
        described => described?,
    };
    for one in described {
        let described = match one {
            Err(code) => match classify(code, &format!("the settings of the topics can't be read: {code}")) {
                LogError::NotAuthorised(detail) => {
                    unchecked(log_limiter, &detail);
                    continue;
                }
                error => return Err(error),
            },
            // librdkafka answers a refusal for one topic like this.
            Ok(described) if described.entries.is_empty() => {
                unchecked(log_limiter, "the cluster lists none");
                continue;
            }
            Ok(described) => described,
        };
        let OwnedResourceSpecifier::Topic(name) = &described.specifier else { continue };
        let Some(topic) = names.get(name) else { continue };
        if let Some(detail) = fault(*topic, &described) {
            return Err(LogError::TopicSettings { topic: name.clone(), detail });
        }
    }
    Ok(())
}

fn unchecked(log_limiter: &LogLimiter, detail: &str) {
    log_limiter.log(
        RDKafkaLogLevel::Warning,
        "topic settings",
        &format!("the topics' settings are unchecked: {detail}"),
    );
}

/// Returns the first configuration value of a topic that would make the cluster lose or refuse messages.
fn fault(topic: Topic, described: &ConfigResource) -> Option<String> {
    let value = |name: &str| described.get(name).and_then(|entry| entry.value.clone()).unwrap_or_default();
    let must = |name: &str, wanted: &str| {
        let is = value(name);
        (is != wanted).then(|| format!("{name} is {is}, and must be {wanted}"))
    };
    let policy = value("cleanup.policy");
    let deletes = policy.split(',').any(|word| word.trim() == "delete");
    let compacts = policy.split(',').any(|word| word.trim() == "compact");
    let by_policy = match topic {
        Topic::Facts if compacts => must("cleanup.policy", "delete"),
        // These topics must keep the latest message of each key and drop earlier ones.
        Topic::Profiles | Topic::Reference if !compacts => must("cleanup.policy", "compact"),
        topic if topic.is_fleeting() => None,
        _ if deletes => must("retention.ms", "-1").or_else(|| must("retention.bytes", "-1")),
        _ => None,
    };
    // A larger one is accepted: topics from before this limit have the cluster's.
    let bytes = value("max.message.bytes");
    let too_small = bytes.parse::<u32>().is_ok_and(|bytes| bytes < MAX_MESSAGE_BYTES);
    let by_size =
        || too_small.then(|| format!("max.message.bytes is {bytes}, and must be {MAX_MESSAGE_BYTES} or more"));
    let by_compression =
        || (value("compression.type") == "gzip").then(|| "compression.type is gzip, and must be producer".to_owned());
    must("message.timestamp.type", "LogAppendTime").or(by_policy).or_else(by_size).or_else(by_compression)
}

/// Queries the offset range of each partition. Retries for a moment, because brokers may just be creating a topic or
/// changing leaders.
pub(crate) fn offset_ranges(
    settings: &Settings,
    clients: &Clients,
    found: &TopicPartitions,
) -> Result<BTreeMap<Partition, Range<i64>>, LogError> {
    let begin = Instant::now();
    loop {
        match query_offset_ranges(settings, clients, found) {
            Err(LogError::Failed(_) | LogError::Changed(_)) if begin.elapsed() < REQUEST_TIMEOUT => {
                std::thread::sleep(Duration::from_millis(50));
            }
            answer => return answer,
        }
    }
}

/// Sends two requests per broker, however many partitions there are.
fn query_offset_ranges(
    settings: &Settings,
    clients: &Clients,
    found: &TopicPartitions,
) -> Result<BTreeMap<Partition, Range<i64>>, LogError> {
    let lows = offsets(settings, clients, found, Offset::Beginning)?;
    let highs = offsets(settings, clients, found, Offset::End)?;
    let range = |(partition, low): (Partition, i64)| highs.get(&partition).map(|high| (partition, low..*high));
    Ok(lows.into_iter().filter_map(range).collect())
}

fn offsets(
    settings: &Settings,
    clients: &Clients,
    found: &TopicPartitions,
    which: Offset,
) -> Result<BTreeMap<Partition, i64>, LogError> {
    let mut asked = TopicPartitionList::new();
    for (topic, partitions) in found {
        let name = settings.topic_name(*topic);
        for number in partitions {
            asked.add_partition_offset(&name, *number, which).map_err(|error| class_of(&error))?;
        }
    }
    let answer = clients.reader.consumer.offsets_for_times(asked, REQUEST_TIMEOUT).map_err(|error| class_of(&error))?;
    let topics: BTreeMap<String, Topic> = found.keys().map(|topic| (settings.topic_name(*topic), *topic)).collect();
    let mut offsets = BTreeMap::new();
    for element in answer.elements() {
        element.error().map_err(|error| class_of(&error))?;
        let Some(topic) = topics.get(element.topic()) else { continue };
        let Offset::Offset(offset) = element.offset() else {
            return Err(LogError::Failed(format!("the cluster gives no offset for the topic {}", element.topic())));
        };
        offsets.insert(Partition { topic: *topic, number: element.partition() }, offset);
    }
    Ok(offsets)
}

/// Asks the cluster's controller whether a topic could be created, to see whether the controller can be reached. Changes
/// nothing.
pub(crate) fn reach_brokers(settings: &Settings, log_limiter: &Arc<LogLimiter>) -> Result<(), LogError> {
    let admin = admin(settings, log_limiter)?;
    let name = settings.topic_name(Topic::Facts);
    let trial = NewTopic::new(&name, Topic::Facts.partitions(), TopicReplication::Fixed(1));
    // Whether the topic may be created is found out when the connection is used.
    wait(admin.create_topics(&[trial], &options().validate_only(true)))?.map(drop).or_else(|error| {
        match class_of(&error) {
            unreachable @ LogError::Unreachable(_) => Err(unreachable),
            _ => Ok(()),
        }
    })
}

fn admin(settings: &Settings, log_limiter: &Arc<LogLimiter>) -> Result<AdminClient<ClientCallbacks>, LogError> {
    let callbacks = ClientCallbacks {
        log_limiter: log_limiter.clone(),
        reports: Arc::new(ClientReports::default()),
        mailbox: None,
    };
    settings.client().create_with_context(callbacks).map_err(|error| class_of(&error))
}

fn options() -> AdminOptions {
    AdminOptions::new().operation_timeout(Some(REQUEST_TIMEOUT)).request_timeout(Some(REQUEST_TIMEOUT))
}

/// Blocks until a future completes; must be called on a thread that may block.
fn wait<T>(future: impl Future<Output = T>) -> Result<T, LogError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    Ok(runtime.map_err(|error| LogError::Failed(error.to_string()))?.block_on(future))
}
