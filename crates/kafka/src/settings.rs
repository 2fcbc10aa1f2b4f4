//! How the cluster is reached, and what that means to librdkafka.

use std::fmt;

use nosmoke_ports::contract::{Connection, Transport};
use nosmoke_ports::{LogError, Topic};
use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

/// A connection with its password. Its debug form doesn't show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// `host:port`, several parted by commas.
    pub servers: String,
    /// Put before every topic's name; empty is none.
    pub prefix: String,
    pub transport: Transport,
    /// PEM; empty is the system's authorities.
    pub ca_file: String,
    /// PEM for mutual TLS; empty is none.
    pub certificate_file: String,
    pub key_file: String,
    /// SCRAM-SHA-512; empty is none.
    pub user: String,
    pub password: String,
    /// What the cluster's own logs call this terminal.
    pub client_id: String,
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
            password: password.unwrap_or_default(),
            client_id: client_id.into(),
        }
    }

    /// A topic's name in the cluster.
    pub fn topic_name(&self, topic: Topic) -> String {
        if self.prefix.is_empty() { topic.name().to_owned() } else { format!("{}.{}", self.prefix, topic.name()) }
    }

    /// What can be seen without asking anybody.
    ///
    /// # Errors
    /// `Settings` with what is wrong.
    pub fn check(&self) -> Result<(), LogError> {
        let wrong = |what: &str| Err(LogError::Settings(what.to_owned()));
        let is_server = |server: &str| {
            let port = server.trim().rsplit_once(':').map(|(host, port)| (!host.is_empty(), port.parse::<u16>()));
            matches!(port, Some((true, Ok(1..))))
        };
        if !self.servers.split(',').all(is_server) {
            return wrong("servers are host:port, several parted by commas");
        }
        if !self.prefix.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) || self.prefix.len() > 200 {
            return wrong("a prefix has Latin letters, digits, dots, dashes and underscores only");
        }
        if self.certificate_file.is_empty() != self.key_file.is_empty() {
            return wrong("a certificate and its key come together");
        }
        if self.transport == Transport::Tls {
            for file in [&self.ca_file, &self.certificate_file, &self.key_file] {
                if !file.is_empty() {
                    std::fs::File::open(file).map_err(|error| LogError::Settings(format!("{file}: {error}")))?;
                }
            }
        }
        Ok(())
    }

    /// What both clients have in common.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.servers).set("client.id", &self.client_id);
        // Never by the broker's defaults: it would make one partition, and CreateTime.
        config.set("allow.auto.create.topics", "false");
        // Offline for days: quiet. `open` begins anew, hence at once. Half of the first is also how long the client waits
        // before it connects to the broker that the first answer named: each client of an `open` does.
        config.set("reconnect.backoff.ms", "100").set("reconnect.backoff.max.ms", "20000");
        // A broker that has stopped answering is noticed in seconds.
        config.set("socket.timeout.ms", "10000").set("socket.connection.setup.timeout.ms", "8000");
        config.set("socket.keepalive.enable", "true").set("socket.nagle.disable", "true");
        // Whether a topic is there is known before anything is read or written.
        config.set("topic.metadata.propagation.max.ms", "2000");
        // Nothing about this terminal goes to the cluster's operators unasked.
        config.set("enable.metrics.push", "false");
        // That the other side hangs up is all there is to be seen of some wrong settings.
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
            config.set("sasl.mechanism", "SCRAM-SHA-512");
            config.set("sasl.username", &self.user).set("sasl.password", &self.password);
        }
    }

    pub(crate) fn consumer(&self) -> ClientConfig {
        let mut config = self.client();
        // `assign` wants a group's name; no group is joined and nothing is committed to the cluster: offsets are the
        // journal's.
        config.set("group.id", "nosmoke-desk");
        config.set("enable.auto.commit", "false").set("enable.auto.offset.store", "false");
        // An offset that is gone is something to be told, not to be skipped.
        config.set("auto.offset.reset", "error").set("enable.partition.eof", "true");
        // A foreign transaction that stays open must not hide what comes after it.
        config.set("isolation.level", "read_uncommitted");
        // The broker answers at once when a record comes (`fetch.min.bytes` is 1). The wait only says how often it
        // answers when none does, and how long another set of partitions waits for the request before: ten small
        // requests a second.
        config.set("fetch.wait.max.ms", "100");
        // A long log is read no sooner for a longer queue, and to fill one takes the processor from the desk. While it is
        // full the client looks again after this time, a second by default: a backlog would come in jerks.
        config.set("queued.max.messages.kbytes", "2048").set("fetch.queue.backoff.ms", "10");
        config
    }

    pub(crate) fn producer(&self) -> ClientConfig {
        let mut config = self.client();
        config.set("enable.idempotence", "true").set("acks", "all");
        // A record that times out inside the client leaves a gap, idempotent or not.
        config.set("message.timeout.ms", "0");
        config.set("compression.type", "lz4").set("linger.ms", "2");
        // The partition that Java's clients choose for a key.
        config.set("partitioner", "murmur2_random");
        config.set("queue.buffering.max.messages", "20000").set("queue.buffering.max.kbytes", "32768");
        // What arrived is known by reading it back.
        config.set("delivery.report.only.error", "true");
        config
    }
}
