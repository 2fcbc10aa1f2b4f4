//! The port to the log that terminals share: five topics of a Kafka cluster. The cluster may be unreachable for days,
//! be lost, or be replaced by another one. A message counts as stored there only after it was read back (ADR 0016).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use serde_json::json;

use crate::authentication::{Authenticator, KEY_ID_HEADER, KeyId, MAC_HEADER, MessageView, Whose, value_hash};
use crate::contract::{AppError, ErrorCode};
use crate::topic::{Partition, Topic};

/// Headers of a message, in their order.
pub type Headers = Vec<(Cow<'static, str>, Vec<u8>)>;

/// Returns a header's name; the names that our own messages use are static, so that they need no allocation. A name may
/// be any bytes; those that aren't UTF-8 are replaced, so it equals none of ours.
pub fn header_name(name: &[u8]) -> Cow<'static, str> {
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
    let ours = OURS.into_iter().find(|ours| ours.as_bytes() == name);
    ours.map_or_else(|| String::from_utf8_lossy(name).into_owned().into(), Cow::Borrowed)
}

/// Returns the last header of a name, as Kafka's own clients do.
pub fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a [u8]> {
    headers.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.as_slice())
}

fn borrowed(headers: &Headers) -> Vec<(&[u8], &[u8])> {
    headers.iter().map(|(name, value)| (name.as_bytes(), value.as_slice())).collect()
}

/// A message to publish. Messages with the same key keep their order. The adapter adds the headers that authenticate
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub topic: Topic,
    pub key: String,
    /// `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    pub headers: Headers,
}

impl Outgoing {
    /// Returns the two headers with which the message is published: the key's id and the MAC.
    pub fn authentication(&self, key: &dyn Authenticator) -> [(Cow<'static, str>, Vec<u8>); 2] {
        let view = MessageView {
            topic: self.topic,
            key: Some(self.key.as_bytes()),
            value: self.value.as_deref(),
            headers: &borrowed(&self.headers),
        };
        let (id, mac) = key.authenticate(view);
        [(KEY_ID_HEADER.into(), id.into_bytes()), (MAC_HEADER.into(), mac.into_bytes())]
    }
}

/// A message of this facility that was read from the log. Its MAC is verified; the two headers are left out.
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

impl Incoming {
    /// Keeps a message of the key's holders, without the headers that authenticate it.
    ///
    /// # Errors
    /// What is remembered of a stranger's message.
    pub fn admitted(mut self, key: &dyn Authenticator) -> Result<Self, Stranger> {
        let view = MessageView {
            topic: self.partition.topic,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            headers: &borrowed(&self.headers),
        };
        match key.whose(view) {
            Whose::Ours => {
                self.headers.retain(|(name, _)| !is_authentication(name.as_bytes()));
                Ok(self)
            }
            Whose::Strangers(key_id) => Err(Stranger {
                partition: self.partition,
                offset: self.offset,
                key_id,
                value_hash: value_hash(self.value.as_deref()),
                appended_at: self.appended_at,
                pushes_out: pushed_out_key(self.partition.topic, self.key.as_deref()),
            }),
        }
    }
}

/// Whether a header authenticates the message, so that it is left out once that is verified.
pub fn is_authentication(name: &[u8]) -> bool {
    [KEY_ID_HEADER, MAC_HEADER].iter().any(|it| it.as_bytes() == name)
}

/// What is remembered of a message that carries no valid MAC: it may be another facility's, or forged. Nothing else of
/// it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    pub partition: Partition,
    pub offset: i64,
    /// The key that it names, if it names one.
    pub key_id: Option<KeyId>,
    pub value_hash: Hash,
    pub appended_at: DateTime<Utc>,
    /// In a compacted topic, its key if that is short text: a message of ours with the same key is pushed out by it.
    pub pushes_out: Option<String>,
}

/// Returns the key of a stranger's message that may push out one of ours; our own keys have at most 73 bytes.
pub fn pushed_out_key(topic: Topic, key: Option<&[u8]>) -> Option<String> {
    let key = key.filter(|key| topic.is_compacted() && key.len() <= 80)?;
    std::str::from_utf8(key).ok().map(str::to_owned)
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
    /// This facility's messages, sorted by offset within each partition.
    pub messages: Vec<Incoming>,
    /// Strangers' messages, sorted likewise. Together with the others, every offset that was read is named.
    pub strangers: Vec<Stranger>,
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
    /// The server offers other login methods than the one in the settings.
    #[error("the Kafka server doesn't offer this login method: {0}")]
    WrongMechanism(String),
    /// The cluster names addresses of its servers (`advertised.listeners`) that can't be reached.
    #[error("the Kafka cluster answers, but names servers that can't be reached from here: {0}")]
    Advertised(String),
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
    /// This terminal has no facility key.
    #[error("this terminal has no facility key: enter another terminal's pairing code, or make a new key")]
    NoFacilityKey,
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
        !matches!(self, Self::Unreachable(_) | Self::Advertised(_) | Self::Changed(_) | Self::Failed(_))
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
            E::WrongMechanism(detail) => (C::LogWrongMechanism, detail),
            E::Advertised(detail) => (C::LogAdvertised, detail),
            E::CertificateRefused(detail) => (C::LogCertificateRefused, detail),
            E::BadCredentials(detail) => (C::LogBadCredentials, detail),
            E::NotAuthorised(detail) => (C::LogNotAuthorised, detail),
            E::Settings(detail) => (C::LogSettings, detail),
            E::NoFacilityKey => return Self::new(C::NoFacilityKey),
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
    /// Until the next `open`, messages are authenticated with this key on both ways.
    ///
    /// # Errors
    /// Returns why the log can't be used.
    async fn open(&self, key: &Arc<dyn Authenticator>) -> Result<LogView, LogError>;

    /// Sets where [`Log::fetch`] reads: exactly these partitions, each from its offset on.
    ///
    /// # Errors
    /// Returns `Changed` if an offset doesn't exist, or another variant if the log can't be used.
    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError>;

    /// Returns the messages that have arrived, at most `max_messages` with those of strangers. If there are none, waits up to `timeout`.
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
