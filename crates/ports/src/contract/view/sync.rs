//! The state of replication with other terminals, as the Sync screen shows it. Customers' names are masked.

use nosmoke_domain::ids::{CustomerId, EventId, FacilityId, IncarnationId, TerminalId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{FactKind, Named};
use crate::contract::{AppError, UtcMs};

/// The connection to the Kafka cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ConnectionView {
    /// No cluster is configured: the terminal works alone.
    Alone,
    /// Not connected; the program reconnects automatically.
    Offline { since: UtcMs },
    /// Connected. `reading` is true while older messages are still being read.
    Online { since: UtcMs, reading: bool },
}

/// The content of the Sync screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    pub as_of: UtcMs,
    pub connection: ConnectionView,
    /// The number of facts not yet read back from the log.
    pub pending: u64,
    /// The number of profiles, notes and reference documents not yet read back from the log.
    pub pending_documents: u64,
    pub oldest: Option<OldestPending>,
    /// The last outage of the connection; `to` is null while the outage lasts.
    pub outage: Option<Outage>,
    pub last_error: Option<ConnectionProblem>,
    /// How far this PC's clock is ahead of the cluster's clock, in ms (negative: behind); null if less than a minute,
    /// or unknown.
    pub clock_off_ms: Option<i64>,
    /// The number of facts in this terminal's journal.
    pub facts: u64,
    /// The digest of all facts in the journal, hexadecimal; equal sets of facts have equal digests.
    pub digest: String,
    /// This terminal first, then the others by name.
    pub terminals: Vec<TerminalView>,
    pub quarantined: u64,
    pub alarms: Vec<Alarm>,
    /// The latest erasures of customers, newest first.
    pub erasures: Vec<Erasure>,
    /// Messages in the topics that this facility's key doesn't authenticate; null if there are none. That is no alarm:
    /// several facilities may share topics.
    pub strangers: Option<StrangersView>,
}

/// Messages that another facility, or somebody without our key, wrote into the topics. None of them is used or kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct StrangersView {
    pub messages: u64,
    /// By the key that they name, the latest first; at most 64.
    pub keys: Vec<StrangersKeyView>,
    /// How often this terminal published a document again since it started, because one of them had its key.
    pub republished: u64,
}

/// Strangers' messages that name one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct StrangersKeyView {
    /// 16 hexadecimal digits; null for messages that name no key, and for those of keys beyond the first 64.
    pub key_id: Option<String>,
    pub messages: u64,
    /// When the cluster stored the first and the last of them.
    pub first_at: UtcMs,
    pub last_at: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OldestPending {
    pub at: UtcMs,
    pub kind: FactKind,
    /// The customer's name, masked (추○람); null if this terminal doesn't know it.
    pub customer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Outage {
    pub from: UtcMs,
    pub to: Option<UtcMs>,
}

/// The latest error of the connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ConnectionProblem {
    pub at: UtcMs,
    pub error: AppError,
}

/// Whether another terminal has the same facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum DigestState {
    Same,
    /// Both terminals have read equally far, but have different facts: an alarm is raised.
    Different,
    /// Not known yet: one of the two terminals is still reading, or the other hasn't sent a heartbeat since.
    NotYet,
}

/// A terminal, according to its last heartbeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TerminalView {
    pub terminal_id: TerminalId,
    pub name: Option<String>,
    /// Whether it is this terminal.
    pub here: bool,
    pub hub: bool,
    /// Whether a manager has retired it: nobody gives points to it, and its points may be reclaimed though it is heard.
    pub retired: bool,
    /// When its last heartbeat was stored, by the cluster's clock; null if none ever arrived and only its facts are
    /// known.
    pub last_heard_at: Option<UtcMs>,
    /// The number of facts that the terminal still has to publish; for another terminal, as its heartbeat reported.
    pub pending: Option<u64>,
    /// The number of facts in this journal that the terminal hadn't read at its last heartbeat.
    pub behind: Option<u64>,
    pub digest: DigestState,
    pub clock_off_ms: Option<i64>,
    pub version: Option<String>,
    /// The terminal's incarnations, the current one last.
    pub incarnations: Vec<IncarnationView>,
    /// The points (P) that a manager can reclaim, as far as this terminal knows: those held by incarnations that weren't
    /// heard for long, or by all if the terminal is retired. Null if counting would take long.
    pub held: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct IncarnationView {
    pub incarnation: IncarnationId,
    /// The highest seq up to which this terminal has all facts of the incarnation.
    pub seq: u64,
    pub forked: bool,
}

/// A condition that an operator should know about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Alarm {
    /// Two different facts have the same seq: a data folder was copied and used twice.
    Forked { terminal_name: Option<String>, incarnation: IncarnationId },
    /// This terminal began a new incarnation: its journal was a copy, or older than its facts in the log.
    NewIncarnation { at: UtcMs },
    /// Another terminal took over points of this one, so its incarnation ended; this terminal goes on with the next one.
    TakenOver { terminal_name: Option<String>, at: UtcMs },
    /// The log was lost or replaced, and is being filled again.
    NewLog { at: UtcMs },
    /// Another terminal has different facts although it has read as far as this terminal.
    DigestDiffers {
        terminal_name: Option<String>,
        /// The difference; null until the two terminals have found it.
        difference: Option<DifferenceView>,
    },
    /// The journal has facts of types that only a newer version of the program knows.
    NeedsUpdate { facts: u64 },
}

/// The difference between another terminal and this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// The first customer whose facts differ; null if all facts are the same and only the kept count or digest is
    /// wrong.
    pub customer: Option<DifferingCustomer>,
    /// This terminal's stored facts don't match the digest that was kept when they were written: its database file was
    /// altered. `altered_there` says the same of the other terminal.
    pub altered_here: bool,
    pub altered_there: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DifferingCustomer {
    pub customer_id: CustomerId,
    /// The customer's name, masked (추○람); null if this terminal doesn't know it.
    pub name: Option<String>,
    /// Four hexadecimal digits of the id, to tell customers with the same name apart.
    pub tag: String,
    /// How many facts of this customer this terminal has, and (`there`) the other one.
    pub here: u64,
    pub there: u64,
}

/// The erasure of a customer, and the terminals that have applied it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    pub event_id: EventId,
    pub at: UtcMs,
    /// Four hexadecimal digits of the customer's id, because the name is erased.
    pub tag: String,
    pub applied: Vec<String>,
    pub waiting: Vec<String>,
}

/// A quarantined message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct QuarantineRow {
    pub at: UtcMs,
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub reason: QuarantineReason,
    /// The problem in detail, in English.
    pub detail: String,
    /// The size of the value in bytes.
    pub size: u64,
    /// The message's key as text.
    pub key: Option<String>,
    pub headers: Vec<(String, String)>,
    /// The raw value as text, cut to 4,000 characters.
    pub raw: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct QuarantinePage {
    pub rows: Vec<QuarantineRow>,
    pub total: u64,
    /// How many older ones were dropped, because the quarantine is full.
    pub dropped: u64,
    pub next: Option<i64>,
}

/// Whether the connection to a server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum Transport {
    #[default]
    Plain,
    Tls,
}

/// How a user logs in to Kafka, by SASL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum SaslMechanism {
    #[default]
    ScramSha512,
    ScramSha256,
    /// Sends the password itself, so it is used over TLS only.
    Plain,
}

/// The settings of the connection to Kafka, both shown and as input. The password is kept separately.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Connection {
    /// `host:port`, several separated by commas; empty for no cluster.
    pub servers: String,
    /// Prefix of all topic names; empty for none.
    pub prefix: String,
    pub transport: Transport,
    /// Path of a PEM file with the certificate authorities to trust; empty for the system's.
    pub ca_file: String,
    /// Path of a PEM file with the client certificate for mutual TLS, and `key_file` of its key; empty for none.
    pub certificate_file: String,
    pub key_file: String,
    /// The user name for SASL; empty for no authentication.
    pub user: String,
    pub mechanism: SaslMechanism,
    /// Whether a password is saved for this user at these servers; the password itself is never shown.
    pub password_kept: bool,
}

/// The input of trying or saving the connection settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionInput {
    pub connection: Connection,
    /// The new password; null keeps the saved one.
    #[ts(optional)]
    pub password: Option<String>,
}

/// The result of trying a connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ConnectionTrial {
    pub cluster_id: Option<String>,
    /// The number of messages on the facts topic.
    pub facts: Option<u64>,
    pub took_ms: u64,
    pub error: Option<AppError>,
}

/// The data that a second terminal needs to join: the facility's id and key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Pairing {
    pub facility: Named<FacilityId>,
    /// The pairing code, to be typed or scanned at the other terminal. It contains the facility key, which decrypts all
    /// names.
    pub code: String,
    /// A longer pairing code that also contains the connection settings; it is pasted or read from a file. Null if no
    /// cluster is configured.
    pub code_with_connection: Option<String>,
}

/// The content of a pairing code, shown before the code is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Identifies the facility in four hexadecimal digits, because a short code doesn't contain its name.
    pub tag: String,
    /// The connection settings; null for the short code, which doesn't contain them.
    pub connection: Option<InvitedConnection>,
}

/// The part of the connection settings that isn't secret and is the same at every terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct InvitedConnection {
    /// The facility's name.
    pub facility: String,
    pub servers: String,
    pub prefix: String,
    pub transport: Transport,
    /// Whether the cluster requires a user and a password; each terminal may have its own.
    pub with_user: bool,
    /// Whether the cluster requires a client certificate.
    pub with_certificate: bool,
}

/// The input of the set-up of a terminal that joins an existing facility. Its staff come over the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JoinInput {
    pub code: String,
    pub terminal_name: String,
    pub connection: ConnectionInput,
}

/// Why a message from the log is quarantined: stored unchanged but not used, for a newer version or an operator to look
/// at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    /// The message has no value although its topic requires one.
    Empty,
    TooLarge,
    /// The message's value isn't the JSON that its topic requires.
    Malformed,
    /// A required header is missing or can't be read.
    MissingHeader,
    /// The hash of the message's bytes differs from the hash in its header.
    WrongHash,
    /// The message's key names another customer than its value.
    WrongKey,
    /// The encrypted part of the message can't be decrypted although this terminal has the key.
    Tampered,
}
