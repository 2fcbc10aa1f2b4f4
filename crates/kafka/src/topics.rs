//! The topics in the cluster: made where they are missing, checked where they are there, and how far they reach.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_ports::{LogError, Partition, Topic};
use rdkafka::admin::TopicReplication;
use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, NewTopic, OwnedResourceSpecifier, ResourceSpecifier};
use rdkafka::consumer::Consumer;
use rdkafka::error::{IsError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};

use crate::classify::{class_of, classify};
use crate::clients::Clients;
use crate::context::{Context, Notes, Quiet};
use crate::settings::Settings;

const PATIENCE: Duration = Duration::from_secs(4);
/// As many copies of a record as there are brokers, and not more than these.
const MOST_COPIES: usize = 3;
const DAY_MS: &str = "86400000";

/// The partitions that each topic has; a topic that isn't there is left out.
pub(crate) type Found = BTreeMap<Topic, Vec<i32>>;

/// What a topic is made with. Retention is that of the topic, whatever the cluster's defaults are.
fn settings_of(topic: Topic) -> [(&'static str, &'static str); 4] {
    let (policy, retention_ms) = match topic {
        Topic::Facts => ("delete", "-1"),
        Topic::Profiles | Topic::Reference => ("compact", "-1"),
        Topic::Heartbeats => ("delete", DAY_MS),
    };
    [
        ("cleanup.policy", policy),
        ("retention.ms", retention_ms),
        ("retention.bytes", "-1"),
        // With the sender's time a broker refuses for ever what a clock an hour ahead has stamped.
        ("message.timestamp.type", "LogAppendTime"),
    ]
}

/// Which topics there are.
pub(crate) fn find(settings: &Settings, clients: &Clients) -> Result<Found, LogError> {
    let client = clients.reader.consumer.client();
    let mut found = Found::new();
    for topic in Topic::ALL {
        let name = settings.topic_name(topic);
        let metadata = client.fetch_metadata(Some(&name), PATIENCE).map_err(|error| class_of(&error))?;
        let Some(described) = metadata.topics().iter().find(|described| described.name() == name) else { continue };
        match described.error().filter(IsError::is_error).map(RDKafkaErrorCode::from) {
            None => {}
            Some(RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic) => continue,
            Some(code) => return Err(classify(code, &format!("{name}: {code}"))),
        }
        found.insert(topic, described.partitions().iter().map(rdkafka::metadata::MetadataPartition::id).collect());
    }
    Ok(found)
}

/// Makes topics, and waits until the cluster knows them.
pub(crate) fn create_missing(
    settings: &Settings,
    clients: &Clients,
    quiet: &Arc<Quiet>,
    brokers: usize,
    found: Found,
) -> Result<Found, LogError> {
    let missing: Vec<Topic> = Topic::ALL.into_iter().filter(|topic| !found.contains_key(topic)).collect();
    if missing.is_empty() {
        return Ok(found);
    }
    let copies = i32::try_from(brokers.clamp(1, MOST_COPIES)).unwrap_or(1);
    let names: Vec<String> = missing.iter().map(|topic| settings.topic_name(*topic)).collect();
    let wanted = missing.iter().zip(&names).map(|(topic, name)| {
        let new = NewTopic::new(name, topic.partitions(), TopicReplication::Fixed(copies));
        settings_of(*topic).into_iter().fold(new, |new, (key, value)| new.set(key, value))
    });
    let wanted: Vec<NewTopic<'_>> = wanted.collect();
    let admin = admin(settings, quiet)?;
    let made = wait(admin.create_topics(&wanted, &options()))?.map_err(|error| class_of(&error))?;
    for one in made {
        match one {
            // Another terminal was quicker.
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => {
                let error = classify(code, &format!("{topic} can't be made: {code}"));
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
            Err(error) if begin.elapsed() > PATIENCE => return Err(error),
            Ok(_) if begin.elapsed() > PATIENCE => {
                return Err(LogError::Failed("the new topics don't appear".to_owned()));
            }
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Whether the topics that are there keep what they are for. How many partitions they have is theirs.
pub(crate) fn check(settings: &Settings, quiet: &Arc<Quiet>, found: &Found) -> Result<(), LogError> {
    if found.is_empty() {
        return Ok(());
    }
    let names: BTreeMap<String, Topic> = found.keys().map(|topic| (settings.topic_name(*topic), *topic)).collect();
    let resources: Vec<ResourceSpecifier<'_>> = names.keys().map(|name| ResourceSpecifier::Topic(name)).collect();
    let admin = admin(settings, quiet)?;
    let described = wait(admin.describe_configs(&resources, &options()))?.map_err(|error| class_of(&error))?;
    for one in described {
        let described = one.map_err(|code| classify(code, &format!("the topics' settings: {code}")))?;
        let OwnedResourceSpecifier::Topic(name) = &described.specifier else { continue };
        let Some(topic) = names.get(name) else { continue };
        if let Some(detail) = fault(*topic, &described) {
            return Err(LogError::TopicSettings { topic: name.clone(), detail });
        }
    }
    Ok(())
}

/// What would lose or refuse records.
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
        // The very topic that may hold neither more nor less than the latest of each key.
        Topic::Profiles | Topic::Reference if !compacts => must("cleanup.policy", "compact"),
        Topic::Heartbeats => None,
        _ if deletes => must("retention.ms", "-1").or_else(|| must("retention.bytes", "-1")),
        _ => None,
    };
    must("message.timestamp.type", "LogAppendTime").or(by_policy)
}

/// How far each partition reaches. Brokers that have just been told of a topic, or that just change places, need a moment.
pub(crate) fn reach(
    settings: &Settings,
    clients: &Clients,
    found: &Found,
) -> Result<BTreeMap<Partition, Range<i64>>, LogError> {
    let begin = Instant::now();
    loop {
        match reach_now(settings, clients, found) {
            Err(LogError::Failed(_) | LogError::Changed(_)) if begin.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            answer => return answer,
        }
    }
}

/// Two requests to each broker, whatever the number of partitions.
fn reach_now(
    settings: &Settings,
    clients: &Clients,
    found: &Found,
) -> Result<BTreeMap<Partition, Range<i64>>, LogError> {
    let lows = offsets(settings, clients, found, Offset::Beginning)?;
    let highs = offsets(settings, clients, found, Offset::End)?;
    let range = |(partition, low): (Partition, i64)| highs.get(&partition).map(|high| (partition, low..*high));
    Ok(lows.into_iter().filter_map(range).collect())
}

fn offsets(
    settings: &Settings,
    clients: &Clients,
    found: &Found,
    which: Offset,
) -> Result<BTreeMap<Partition, i64>, LogError> {
    let mut asked = TopicPartitionList::new();
    for (topic, partitions) in found {
        let name = settings.topic_name(*topic);
        for number in partitions {
            asked.add_partition_offset(&name, *number, which).map_err(|error| class_of(&error))?;
        }
    }
    let answer = clients.reader.consumer.offsets_for_times(asked, PATIENCE).map_err(|error| class_of(&error))?;
    let topics: BTreeMap<String, Topic> = found.keys().map(|topic| (settings.topic_name(*topic), *topic)).collect();
    let mut offsets = BTreeMap::new();
    for element in answer.elements() {
        element.error().map_err(|error| class_of(&error))?;
        let Some(topic) = topics.get(element.topic()) else { continue };
        let Offset::Offset(offset) = element.offset() else {
            return Err(LogError::Failed(format!("{} tells no offset", element.topic())));
        };
        offsets.insert(Partition { topic: *topic, number: element.partition() }, offset);
    }
    Ok(offsets)
}

fn admin(settings: &Settings, quiet: &Arc<Quiet>) -> Result<AdminClient<Context>, LogError> {
    let context = Context { quiet: quiet.clone(), notes: Arc::new(Notes::default()), mailbox: None };
    settings.client().create_with_context(context).map_err(|error| class_of(&error))
}

fn options() -> AdminOptions {
    AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE))
}

/// On a thread that may block.
fn wait<T>(future: impl Future<Output = T>) -> Result<T, LogError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    Ok(runtime.map_err(|error| LogError::Failed(error.to_string()))?.block_on(future))
}
