//! The settings of the connection to a cluster, and librdkafka's configuration for them.

use std::fmt;
use std::time::Duration;

use nosmoke_ports::contract::{Connection, SaslMechanism, Transport};
use nosmoke_ports::{LogError, Topic};
use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

/// Most bytes that a batch of zstd unpacks to: 16 MiB.
const MAX_UNPACKED_BYTES_TEXT: &str = "16777216";
/// An administrator adds partitions seldom, and a message may wait that long.
const PARTITIONS_INTERVAL: Duration = Duration::from_secs(30);

/// The settings of the connection, with the password, which the debug form doesn't show.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// `host:port`; several are separated by commas.
    pub servers: String,
    /// Prepended to every topic's name; empty means none.
    pub prefix: String,
    pub transport: Transport,
    /// PEM file of trusted certificate authorities; empty means the system's authorities.
    pub ca_file: String,
    /// PEM file of the client certificate for mutual TLS; empty means none.
    pub certificate_file: String,
    pub key_file: String,
    /// User for SASL; empty means none.
    pub user: String,
    pub mechanism: SaslMechanism,
    pub password: String,
    /// This terminal's name, which the cluster's own logs show.
    pub client_id: String,
    /// How often the cluster is asked for partitions that were added to the topics.
    pub partitions_interval: Duration,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("servers", &self.servers).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Settings {
    pub fn new(connection: &Connection, password: Option<String>, client_id: impl Into<String>) -> Self {
        let trimmed = |text: &str| text.trim().to_owned();
        Self {
            servers: trimmed(&connection.servers),
            prefix: trimmed(&connection.prefix),
            transport: connection.transport,
            ca_file: trimmed(&connection.ca_file),
            certificate_file: trimmed(&connection.certificate_file),
            key_file: trimmed(&connection.key_file),
            user: trimmed(&connection.user),
            mechanism: connection.mechanism,
            password: password.unwrap_or_default(),
            client_id: client_id.into(),
            partitions_interval: PARTITIONS_INTERVAL,
        }
    }

    /// Returns a topic's name in the cluster.
    pub fn topic_name(&self, topic: Topic) -> String {
        if self.prefix.is_empty() { topic.name().to_owned() } else { format!("{}.{}", self.prefix, topic.name()) }
    }

    /// Validates the connection settings without connecting.
    ///
    /// # Errors
    /// `Settings`, with the reason.
    pub fn check(&self) -> Result<(), LogError> {
        let wrong = |what: &str| Err(LogError::Settings(what.to_owned()));
        let is_server = |server: &str| {
            let port = server.trim().rsplit_once(':').map(|(host, port)| (!host.is_empty(), port.parse::<u16>()));
            matches!(port, Some((true, Ok(1..))))
        };
        if !self.servers.split(',').all(is_server) {
            return wrong("each server must be host:port, several are separated by commas");
        }
        if !self.prefix.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) || self.prefix.len() > 200 {
            return wrong("the topic prefix may have at most 200 Latin letters, digits, dots, dashes and underscores");
        }
        if self.certificate_file.is_empty() != self.key_file.is_empty() {
            return wrong("a client certificate and its private key must be given together");
        }
        if self.mechanism == SaslMechanism::Plain && !self.user.is_empty() && self.transport == Transport::Plain {
            return wrong("PLAIN sends the password itself, so it can be used only with TLS");
        }
        if self.transport == Transport::Tls {
            for file in [&self.ca_file, &self.certificate_file, &self.key_file] {
                if !file.is_empty() {
                    std::fs::File::open(file)
                        .map_err(|error| LogError::Settings(format!("the file {file} can't be read: {error}")))?;
                }
            }
        }
        Ok(())
    }

    /// Returns the configuration that both clients share.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.servers).set("client.id", &self.client_id);
        // The broker's defaults are wrong for our topics (one partition, CreateTime), so it must not create them.
        config.set("allow.auto.create.topics", "false");
        // A backoff of up to 20 s, so that a terminal that is offline for days tries seldom; `open` creates new
        // clients, which connect at once. The first value also delays every `open`: a client waits for half of it
        // before it connects to the broker that the bootstrap server named.
        config.set("reconnect.backoff.ms", "100").set("reconnect.backoff.max.ms", "20000");
        // These detect within seconds that a broker has stopped answering.
        config.set("socket.timeout.ms", "10000").set("socket.connection.setup.timeout.ms", "8000");
        config.set("socket.keepalive.enable", "true").set("socket.nagle.disable", "true");
        // Short, because topics are known to exist before anything is read or written.
        config.set("topic.metadata.propagation.max.ms", "2000");
        // No client metrics are sent to the cluster's operators.
        config.set("enable.metrics.push", "false");
        // Some wrong settings show only in that the broker closes the connection.
        config.set("log.connection.close", "true").set_log_level(RDKafkaLogLevel::Info);
        self.secure(&mut config);
        config
    }

    fn secure(&self, config: &mut ClientConfig) {
        let tls = self.transport == Transport::Tls;
        let protocol = match (tls, self.user.is_empty()) {
            (false, true) => "plaintext",
            (false, false) => "sasl_plaintext",
            (true, true) => "ssl",
            (true, false) => "sasl_ssl",
        };
        config.set("security.protocol", protocol);
        if tls {
            let files = [
                ("ssl.ca.location", &self.ca_file),
                ("ssl.certificate.location", &self.certificate_file),
                ("ssl.key.location", &self.key_file),
            ];
            for (name, file) in files.into_iter().filter(|(_, file)| !file.is_empty()) {
                config.set(name, file);
            }
        }
        if !self.user.is_empty() {
            config.set("sasl.mechanism", mechanism_name(self.mechanism));
            config.set("sasl.username", &self.user).set("sasl.password", &self.password);
        }
    }

    pub(crate) fn consumer(&self) -> ClientConfig {
        let mut config = self.client();
        // `assign` requires a group's name, but no group is joined and nothing is committed: the journal stores the
        // offsets.
        config.set("group.id", "nosmoke-desk");
        config.set("enable.auto.commit", "false").set("enable.auto.offset.store", "false");
        // A missing offset must be an error. Otherwise messages would be skipped silently.
        config.set("auto.offset.reset", "error").set("enable.partition.eof", "true");
        // A transaction of another program that stays open must not hide later messages.
        config.set("isolation.level", "read_uncommitted");
        // The broker answers at once when there is a message (`fetch.min.bytes` is 1). This limits how long it waits
        // for one, and so how long a change of partitions waits for the previous request. It costs ten small requests
        // per second.
        config.set("fetch.wait.max.ms", "100");
        // A batch of zstd that unpacks to more is passed over, and so is each of gzip, for which the library has no
        // limit. lz4 unpacks to 255 times its size at most, which is 32 MiB for the largest batch, snappy to much less.
        // The client unpacks a whole answer of the broker at once, so an answer is small: 512 KiB and one batch, 160 MiB
        // at most. `message.max.bytes` would raise it.
        config.set("fetch.max.bytes", "524288").set("max.partition.fetch.bytes", "524288");
        config.set("message.max.bytes", "262144").set("receive.message.max.bytes", MAX_UNPACKED_BYTES_TEXT);
        // After such a batch, offsets behind it are tried.
        config.set("fetch.error.backoff.ms", "20");
        // A longer queue doesn't speed up reading a long log, and filling it takes processor time from commands. While
        // the queue is full the client polls again after the backoff; with the default of a second, a backlog would
        // arrive in bursts.
        config.set("queued.max.messages.kbytes", "2048").set("fetch.queue.backoff.ms", "10");
        config
    }

    pub(crate) fn producer(&self) -> ClientConfig {
        let mut config = self.client();
        config.set("enable.idempotence", "true").set("acks", "all");
        // No timeout: if a message timed out inside the client, there would be a gap, even with idempotence.
        config.set("message.timeout.ms", "0");
        // The publisher gathers messages itself. While five batches are on their way, further messages wait for one of
        // them, so a backlog makes large batches without lingering.
        config.set("compression.type", "lz4").set("linger.ms", "0");
        // A batch must fit into `max.message.bytes` of the topics even if nothing of it can be compressed.
        config.set("batch.size", "98304");
        // This chooses the same partition for a key as Java's clients do.
        config.set("partitioner", "murmur2_random");
        config.set("queue.buffering.max.messages", "20000").set("queue.buffering.max.kbytes", "32768");
        // A successful delivery is confirmed only by reading the message back from the log.
        config.set("delivery.report.only.error", "true");
        config
    }
}

/// The mechanism's name in SASL.
const fn mechanism_name(mechanism: SaslMechanism) -> &'static str {
    match mechanism {
        SaslMechanism::ScramSha512 => "SCRAM-SHA-512",
        SaslMechanism::ScramSha256 => "SCRAM-SHA-256",
        SaslMechanism::Plain => "PLAIN",
    }
}
