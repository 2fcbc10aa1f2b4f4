//! The log that terminals share, as a terminal uses it: four topics of a cluster. It may be away for days, lost, or replaced
//! by another; nothing of it is trusted but what was read (ADR 0016).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::contract::{AppError, ErrorCode};

/// What the cluster holds, each topic with a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Facts by customer id; kept for ever.
    Facts,
    /// Profiles by customer id, notes by `customer id/note id`; the latest of each key, a tombstone erases.
    Profiles,
    /// Facility, areas, rules, staff, terminals and hub by `kind/id`; the latest of each key.
    Reference,
    /// Health of terminals by terminal id; kept for a day.
    Heartbeats,
}

impl Topic {
    pub const ALL: [Self; 4] = [Self::Facts, Self::Profiles, Self::Reference, Self::Heartbeats];

    /// Its name without a prefix; a prefix `P` makes `P.nosmoke.facts.v1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "nosmoke.facts.v1",
            Self::Profiles => "nosmoke.profiles.v1",
            Self::Reference => "nosmoke.reference.v1",
            Self::Heartbeats => "nosmoke.heartbeats.v1",
        }
    }

    /// How many partitions it is made with.
    pub fn partitions(self) -> i32 {
        match self {
            Self::Facts | Self::Profiles => 12,
            Self::Reference | Self::Heartbeats => 1,
        }
    }

    /// Whether older records of a key go away by themselves, so that a missing one says nothing.
    pub fn is_compacted(self) -> bool {
        matches!(self, Self::Profiles | Self::Reference)
    }
}

/// One partition of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    pub topic: Topic,
    pub number: i32,
}

/// Headers of a record, in their order.
pub type Headers = Vec<(Cow<'static, str>, Vec<u8>)>;

/// A header's name; the ones that our own records have are found every time, and not written anew.
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

/// A record to publish. Records of one key keep their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub topic: Topic,
    pub key: String,
    /// None is a tombstone.
    pub value: Option<Vec<u8>>,
    pub headers: Headers,
}

/// A record as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub partition: Partition,
    pub offset: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Headers,
    /// When the cluster appended it, by the cluster's clock.
    pub appended_at: DateTime<Utc>,
}

/// The log as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogView {
    pub cluster_id: String,
    /// From the first offset that is kept to the one that comes next.
    pub partitions: BTreeMap<Partition, Range<i64>>,
}

/// What has arrived since the last call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// In order within each partition.
    pub records: Vec<Incoming>,
    /// Partitions whose end was reached, with the offset that comes next there.
    pub ends: Vec<(Partition, i64)>,
}

/// Why the log can't be used, told apart by what somebody can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// No server answers.
    #[error("no server answers: {0}")]
    Unreachable(String),
    /// The server's certificate isn't signed by a trusted authority.
    #[error("the server's certificate isn't trusted: {0}")]
    Untrusted(String),
    #[error("the server's certificate has expired: {0}")]
    Expired(String),
    /// The server's certificate is of another host.
    #[error("the server's certificate is of another host: {0}")]
    WrongHost(String),
    /// The server speaks another protocol, such as TLS where none was expected.
    #[error("the server speaks another protocol: {0}")]
    WrongProtocol(String),
    /// The server doesn't take our certificate, or wants one.
    #[error("the server refuses our certificate: {0}")]
    CertificateRefused(String),
    /// Name or password is wrong.
    #[error("name or password is wrong: {0}")]
    BadCredentials(String),
    /// The user may not do this.
    #[error("not authorised: {0}")]
    NotAuthorised(String),
    /// The connection's settings can't be used, such as an unreadable certificate file.
    #[error("settings: {0}")]
    Settings(String),
    /// A topic is there with settings that would lose or refuse records.
    #[error("topic {topic}: {detail}")]
    TopicSettings { topic: String, detail: String },
    /// A topic is gone, or an offset in it: the log may be another one.
    #[error("the log has changed: {0}")]
    Changed(String),
    /// A record is larger than the cluster takes.
    #[error("a record is too large: {0}")]
    TooLarge(String),
    /// Anything else; tried again.
    #[error("{0}")]
    Failed(String),
}

impl LogError {
    /// Trying again changes nothing until somebody has done something.
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

/// A cluster's log. One connection; `open` begins it anew.
#[async_trait]
pub trait Log: Send + Sync + std::fmt::Debug {
    /// Connects, makes the topics that are missing and checks the settings of those that are there. Records handed over
    /// before and not yet delivered are dropped: the journal has them.
    ///
    /// # Errors
    /// Why it can't be used.
    async fn open(&self) -> Result<LogView, LogError>;

    /// From now on [`Log::fetch`] gives the records of exactly these partitions from these offsets on.
    ///
    /// # Errors
    /// `Changed` for an offset that isn't there; else why it can't be used.
    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError>;

    /// What has arrived, `max_records` at most; waits for `patience` at most when nothing has.
    ///
    /// # Errors
    /// `Changed` when an offset or a topic is gone; else why it can't be used.
    async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError>;

    /// Hands records over for delivery in this order, and gives how many were taken: the window is bounded. A record counts
    /// as published only once it was read back.
    ///
    /// # Errors
    /// Also of the delivery of records handed over earlier: what isn't read back is to be handed over again.
    async fn publish(&self, records: Vec<Outgoing>) -> Result<usize, LogError>;

    /// Ends the connection, within 2 s whatever the cluster does.
    async fn close(&self);
}
