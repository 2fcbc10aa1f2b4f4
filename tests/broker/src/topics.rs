//! Changes topics directly on the broker, as an administrator might do.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewPartitions, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::metadata::MetadataTopic;

use crate::Broker;

impl Broker {
    /// # Panics
    /// When the topic can't be created.
    pub fn create_topic(&self, name: &str, partitions: i32, settings: &[(&str, &str)]) {
        let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
        for (key, value) in settings {
            topic = topic.set(key, value);
        }
        let made = wait(self.admin().create_topics([&topic], &admin_options())).expect("the broker answers");
        made.into_iter().for_each(|one| drop(one.expect("the topic is created")));
    }

    /// Adds partitions to a topic, so that it has this many, and waits until the broker lists each with a leader: a
    /// producer that asks earlier drops messages to a partition that it doesn't know.
    ///
    /// # Panics
    /// When the partitions can't be added.
    pub fn add_partitions(&self, name: &str, in_all: usize) {
        let added = wait(self.admin().create_partitions(&[NewPartitions::new(name, in_all)], &admin_options()));
        added.expect("the broker answers").into_iter().for_each(|one| drop(one.expect("partitions are added")));
        let admin = self.admin();
        let are_listed = || {
            let metadata = admin.inner().fetch_metadata(Some(name), METADATA_TIMEOUT).expect("the broker answers");
            let led = |topic: &MetadataTopic| topic.partitions().iter().filter(|it| it.leader() >= 0).count();
            metadata.topics().first().is_some_and(|topic| led(topic) == in_all)
        };
        while !are_listed() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// # Panics
    /// When the topic can't be deleted.
    pub fn delete_topic(&self, name: &str) {
        let gone = wait(self.admin().delete_topics(&[name], &admin_options())).expect("the broker answers");
        gone.into_iter().for_each(|one| drop(one.expect("the topic is deleted")));
    }

    /// Replaces all settings of a topic by these; settings that aren't listed return to the broker's defaults.
    ///
    /// # Panics
    /// When the settings can't be changed.
    pub fn alter_topic(&self, name: &str, settings: &[(&str, &str)]) {
        let mut change = AlterConfig::new(ResourceSpecifier::Topic(name));
        for (key, value) in settings {
            change = change.set(key, value);
        }
        let done = wait(self.admin().alter_configs([&change], &admin_options())).expect("the broker answers");
        done.into_iter().for_each(|one| drop(one.expect("the settings are changed")));
    }

    /// # Panics
    /// When the settings can't be read.
    pub fn topic_settings(&self, name: &str) -> Vec<(String, String)> {
        let resource = ResourceSpecifier::Topic(name);
        let found = wait(self.admin().describe_configs([&resource], &admin_options())).expect("the broker answers");
        let entries = found.into_iter().flat_map(|one| one.expect("the settings are read").entries);
        entries.map(|entry| (entry.name, entry.value.unwrap_or_default())).collect()
    }

    /// Deletes a partition's messages before this offset.
    ///
    /// # Panics
    /// When the messages can't be deleted.
    pub fn delete_messages(&self, topic: &str, partition: i32, before: i64) {
        let mut list = rdkafka::TopicPartitionList::new();
        list.add_partition_offset(topic, partition, rdkafka::Offset::Offset(before)).expect("an offset");
        wait(self.admin().delete_records(&list, &admin_options())).expect("the messages are deleted");
    }

    /// Returns a function that counts the messages ever written to a topic.
    ///
    /// # Panics
    /// When the broker doesn't answer.
    pub fn count_messages(&self, topic: &str) -> impl Fn() -> i64 + use<> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.servers()).set("group.id", "count");
        let reader: BaseConsumer = config.create().expect("a client");
        let metadata = reader.fetch_metadata(Some(topic), ADMIN_TIMEOUT).expect("the broker answers");
        let partitions: usize = metadata.topics().iter().map(|topic| topic.partitions().len()).sum();
        let (topic, partitions) = (topic.to_owned(), i32::try_from(partitions).expect("a few"));
        move || {
            let end = |number| reader.fetch_watermarks(&topic, number, ADMIN_TIMEOUT).expect("the broker answers").1;
            (0..partitions).map(end).sum()
        }
    }

    fn admin(&self) -> AdminClient<DefaultClientContext> {
        ClientConfig::new().set("bootstrap.servers", self.servers()).create().expect("a client")
    }
}

const ADMIN_TIMEOUT: Duration = Duration::from_secs(60);
const METADATA_TIMEOUT: Duration = Duration::from_secs(60);

fn admin_options() -> AdminOptions {
    AdminOptions::new().operation_timeout(Some(ADMIN_TIMEOUT)).request_timeout(Some(ADMIN_TIMEOUT))
}

/// Waits for a future on a new thread, because the caller may already run inside a tokio runtime.
fn wait<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let run = || tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future);
    std::thread::scope(|scope| scope.spawn(run).join().expect("no panic"))
}
