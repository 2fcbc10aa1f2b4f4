//! The port to the log that terminals share: five topics of a Kafka cluster. The cluster may be unreachable for days,
//! be lost, or be replaced by another one. A message counts as stored there only after it was read back (ADR 0016).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::contract::{AppError, ErrorCode};

/// The topics of the cluster, with the keys of their messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Facts. Key: customer id. Kept for ever.
    Facts,
    /// Profiles (key: customer id) and notes (key: `customer id/note id`). Only the latest message of each key is kept;
    /// a tombstone erases.
    Profiles,
    /// Facility, areas, rules, staff, terminals and hub. Key: `kind/id`. Only the latest message of each key is kept.
    Reference,
    /// Requests for points. Key: customer id. Read only from the end on, and kept for an hour.
    Requests,
    /// Heartbeats of terminals. Key: terminal id. Kept for a day.
    Heartbeats,
}

impl Topic {
    pub const ALL: [Self; 5] = [Self::Facts, Self::Profiles, Self::Reference, Self::Requests, Self::Heartbeats];

    /// The topic's name without a prefix; with the prefix `P` it is `P.nosmoke.facts.v1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "nosmoke.facts.v1",
            Self::Profiles => "nosmoke.profiles.v1",
            Self::Reference => "nosmoke.reference.v1",
            Self::Requests => "nosmoke.requests.v1",
            Self::Heartbeats => "nosmoke.heartbeats.v1",
        }
    }

    /// The number of partitions that the topic is created with.
    pub fn partitions(self) -> i32 {
        match self {
            Self::Facts | Self::Profiles | Self::Requests => 12,
            Self::Reference | Self::Heartbeats => 1,
        }
    }

    /// Whether the cluster deletes older messages of the same key (log compaction), so that gaps in the offsets are
    /// normal.
    pub fn is_compacted(self) -> bool {
        matches!(self, Self::Profiles | Self::Reference)
    }

    /// Whether messages matter only for a short time, so that the cluster may lose older ones.
    pub fn is_fleeting(self) -> bool {
        matches!(self, Self::Requests | Self::Heartbeats)
    }
}

/// One partition of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    pub topic: Topic,
    pub number: i32,
}

/// Headers of a message, in their order.
pub type Headers = Vec<(Cow<'static, str>, Vec<u8>)>;

/// Returns a header's name; the names that our own messages use are static, so that they need no allocation.
pub fn header_name(name: &str) -> Cow<'static, str> {
    const OURS: [&str; 9] = [
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_time",
        "content-type",
        "ce_hash",
        "ce_prevhash",
        "traceparent",
    ];
    OURS.into_iter().find(|ours| *ours == name).map_or_else(|| name.to_owned().into(), Cow::Borrowed)
}

/// A message to publish. Messages with the same key keep their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub topic: Topic,
    pub key: String,
    /// `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    pub headers: Headers,
}

/// A message that was read from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub partition: Partition,
    pub offset: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Headers,
    /// When the cluster stored the message, by the cluster's clock.
    pub appended_at: DateTime<Utc>,
}

/// The state of the log when the connection was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogView {
    pub cluster_id: String,
    /// The offsets of each partition, from the first message still stored to the next one to be written.
    pub partitions: BTreeMap<Partition, Range<i64>>,
}

/// The messages that have arrived since the last call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// The messages, sorted by offset within each partition.
    pub messages: Vec<Incoming>,
    /// Partitions that have been read to their end, each with the next offset.
    pub ends: Vec<(Partition, i64)>,
}

/// Why the log can't be used. There is a variant for each different remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// No server answers.
    #[error("no Kafka server answers: {0}")]
    Unreachable(String),
    /// The server's certificate isn't signed by a trusted authority.
    #[error("the Kafka server's certificate isn't trusted: {0}")]
    Untrusted(String),
    #[error("the Kafka server's certificate has expired or isn't valid yet: {0}")]
    Expired(String),
    /// The server's certificate is for another host.
    #[error("the Kafka server's certificate is for another host: {0}")]
    WrongHost(String),
    /// The server speaks another protocol, such as TLS where none was expected.
    #[error("the Kafka server expects different TLS or user settings: {0}")]
    WrongProtocol(String),
    /// The server refuses our certificate, or requires one.
    #[error("the Kafka server refuses this terminal's certificate, or requires one: {0}")]
    CertificateRefused(String),
    /// The user's name or password is wrong.
    #[error("the Kafka server refuses the user name or the password: {0}")]
    BadCredentials(String),
    /// The user lacks the rights for this operation.
    #[error("the Kafka user lacks a permission: {0}")]
    NotAuthorised(String),
    /// The connection's settings are invalid, such as an unreadable certificate file.
    #[error("the settings of the Kafka connection are invalid: {0}")]
    Settings(String),
    /// An existing topic has settings that would lose or refuse messages.
    #[error("the Kafka topic {topic} can't be used: {detail}")]
    TopicSettings { topic: String, detail: String },
    /// A topic or an offset is gone: the log may have been replaced.
    #[error("a topic or an offset is gone from the Kafka log: {0}")]
    Changed(String),
    /// A message is larger than the cluster accepts.
    #[error("a message is larger than the Kafka cluster accepts: {0}")]
    TooLarge(String),
    /// Any other error; the operation is retried.
    #[error("a Kafka operation failed: {0}")]
    Failed(String),
}

impl LogError {
    /// Whether retrying is useless until someone changes a setting here or on the cluster.
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Unreachable(_) | Self::Changed(_) | Self::Failed(_))
    }
}

impl From<&LogError> for AppError {
    fn from(error: &LogError) -> Self {
        use ErrorCode as C;
        use LogError as E;
        let (code, detail) = match error {
            E::Unreachable(detail) => (C::LogUnreachable, detail),
            E::Untrusted(detail) => (C::LogUntrusted, detail),
            E::Expired(detail) => (C::LogExpired, detail),
            E::WrongHost(detail) => (C::LogWrongHost, detail),
            E::WrongProtocol(detail) => (C::LogWrongProtocol, detail),
            E::CertificateRefused(detail) => (C::LogCertificateRefused, detail),
            E::BadCredentials(detail) => (C::LogBadCredentials, detail),
            E::NotAuthorised(detail) => (C::LogNotAuthorised, detail),
            E::Settings(detail) => (C::LogSettings, detail),
            E::TopicSettings { topic, detail } => {
                return Self::with(C::LogTopicSettings, json!({ "topic": topic, "detail": detail }));
            }
            E::Changed(detail) => (C::LogChanged, detail),
            E::TooLarge(detail) => (C::LogTooLarge, detail),
            E::Failed(detail) => (C::LogFailed, detail),
        };
        Self::with(code, json!({ "detail": detail }))
    }
}

/// A cluster's log, over one connection; `open` reconnects.
#[async_trait]
pub trait Log: Send + Sync + std::fmt::Debug {
    /// Connects, creates missing topics and checks the configuration of existing ones. Messages that an earlier
    /// connection hasn't delivered are dropped; they are still pending in the journal and will be published again.
    ///
    /// # Errors
    /// Returns why the log can't be used.
    async fn open(&self) -> Result<LogView, LogError>;

    /// Sets where [`Log::fetch`] reads: exactly these partitions, each from its offset on.
    ///
    /// # Errors
    /// Returns `Changed` if an offset doesn't exist, or another variant if the log can't be used.
    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError>;

    /// Returns the messages that have arrived, at most `max_messages`. If there are none, waits up to `timeout`.
    ///
    /// # Errors
    /// Returns `Changed` if an offset or a topic is gone, or another variant if the log can't be used.
    async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError>;

    /// Queues messages for delivery, in this order, and returns how many of the first were accepted: the send window is
    /// bounded. A message counts as published only after it was read back.
    ///
    /// # Errors
    /// Returns why the log can't be used, or an error in delivering messages of an earlier call. After an error, all
    /// messages that weren't read back must be published again.
    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError>;

    /// Closes the connection, within 2 s even if the cluster doesn't answer.
    async fn close(&self);
}
