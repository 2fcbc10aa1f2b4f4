//! The exchange with other terminals as the Sync screen shows it. Names are masked here.

use nosmoke_domain::ids::{CustomerId, EventId, FacilityId, IncarnationId, TerminalId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Named, RecordKind};
use crate::contract::{AppError, UtcMs};

/// The link to the cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LinkView {
    /// No cluster is configured: a complete single-terminal program.
    Alone,
    /// Looked for again by itself.
    Offline { since: UtcMs },
    /// `reading` while older records are still being read.
    Online { since: UtcMs, reading: bool },
}

/// What the Sync screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    pub as_of: UtcMs,
    pub link: LinkView,
    /// Facts that haven't been read back.
    pub pending: u64,
    /// Profiles, notes and reference records that haven't been read back.
    pub pending_records: u64,
    pub oldest: Option<OldestPending>,
    /// The last time without a link; `to` is null while it lasts.
    pub outage: Option<Outage>,
    pub last_error: Option<LinkProblem>,
    /// How far this PC's clock is ahead of the cluster's (negative: behind); null within a minute, or while not known.
    pub clock_off_ms: Option<i64>,
    /// Facts here.
    pub facts: u64,
    /// Hexadecimal; equal sets of facts have equal digests.
    pub digest: String,
    /// This terminal first, then by name.
    pub terminals: Vec<TerminalView>,
    pub quarantined: u64,
    pub alarms: Vec<Alarm>,
    /// The last erasures, newest first.
    pub erasures: Vec<Erasure>,
    /// Profiles that only another facility key opens: names read "unknown here".
    pub sealed_profiles: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OldestPending {
    pub at: UtcMs,
    pub kind: RecordKind,
    /// Masked (추○람); null where the name isn't known here.
    pub customer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Outage {
    pub from: UtcMs,
    pub to: Option<UtcMs>,
}

/// An error of the link, in words by its code, with when it last came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LinkProblem {
    pub at: UtcMs,
    pub error: AppError,
}

/// Whether another terminal holds the same facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum DigestState {
    Same,
    /// Equal heads, different facts: an alarm.
    Different,
    /// One of the two is still reading, or it hasn't been heard since.
    NotYet,
}

/// A terminal as it was last heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TerminalView {
    pub terminal_id: TerminalId,
    pub name: Option<String>,
    /// This terminal.
    pub here: bool,
    pub hub: bool,
    /// Null where only its facts are known.
    pub last_heard_at: Option<UtcMs>,
    /// What it has still to send; another one's as it said.
    pub pending: Option<u64>,
    /// Facts that are here and that it hadn't read.
    pub behind: Option<u64>,
    pub digest: DigestState,
    pub clock_off_ms: Option<i64>,
    pub version: Option<String>,
    /// Its lives, the present one last.
    pub incarnations: Vec<IncarnationView>,
    /// Points (P) of customers that its lives hold, as known here; what a manager may reclaim. Counted only for terminals
    /// not heard for long, and null where that would take long.
    pub held: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct IncarnationView {
    pub incarnation: IncarnationId,
    /// Facts of it that are here without a gap.
    pub seq: u64,
    pub forked: bool,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Alarm {
    /// Two different facts have one place: a data folder was copied and used twice.
    Forked { terminal_name: Option<String>, incarnation: IncarnationId },
    /// This terminal began another life: its journal was older than what it had recorded, or a copy.
    NewLife { at: UtcMs },
    /// The log was lost or replaced, and is being filled again.
    NewLog { at: UtcMs },
    /// Another terminal holds other facts though it has read as far.
    DigestDiffers {
        terminal_name: Option<String>,
        /// What differs; null while the two are looking for it.
        difference: Option<DifferenceView>,
    },
    /// Facts that only a newer version understands.
    NeedsUpdate { facts: u64 },
}

/// How another terminal differs from this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// The first customer that differs; null where the records are the same and only a count of them isn't.
    pub customer: Option<DifferingCustomer>,
    /// The facts here, or there, aren't those that were counted when they were written: the file was changed.
    pub altered_here: bool,
    pub altered_there: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DifferingCustomer {
    pub customer_id: CustomerId,
    /// Masked (추○람); null where the name isn't known here.
    pub name: Option<String>,
    /// Tells two customers of one name apart.
    pub tag: String,
    /// Facts of this customer here and there.
    pub here: u64,
    pub there: u64,
}

/// Which terminals have applied the erasure of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    pub event_id: EventId,
    pub at: UtcMs,
    /// Tells two unnamed customers apart.
    pub tag: String,
    pub applied: Vec<String>,
    pub waiting: Vec<String>,
}

/// A record that is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct QuarantineRow {
    pub at: UtcMs,
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub reason: QuarantineReason,
    /// What exactly was found, in English.
    pub detail: String,
    /// Bytes.
    pub size: u64,
    /// The key and the headers as text.
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
    pub next: Option<i64>,
}

/// How the cluster is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum Transport {
    #[default]
    Plain,
    Tls,
}

/// The connection as it is shown and given. Secrets go in and never come out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Connection {
    /// `host:port`, several parted by commas; empty is no cluster.
    pub servers: String,
    /// Put before every topic's name; empty is none.
    pub prefix: String,
    pub transport: Transport,
    /// Path of a PEM file with the authorities to trust; empty is the system's.
    pub ca_file: String,
    /// Paths of PEM files for mutual TLS; empty is none.
    pub certificate_file: String,
    pub key_file: String,
    /// SASL/SCRAM-SHA-512; an empty name is none.
    pub user: String,
    /// Whether a password is kept; the password itself is never shown.
    pub password_kept: bool,
}

/// A connection to try or to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionInput {
    pub connection: Connection,
    /// Replaces the one that is kept; left out, that one stays.
    #[ts(optional)]
    pub password: Option<String>,
}

/// What a trial of a connection found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ConnectionTrial {
    pub cluster_id: Option<String>,
    /// Records of facts in the cluster.
    pub facts: Option<u64>,
    pub took_ms: u64,
    pub error: Option<AppError>,
}

/// What a second terminal needs to take part: the facility's id and key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Pairing {
    pub facility: Named<FacilityId>,
    /// To be typed or scanned at the other terminal. Whoever has it can read every name.
    pub code: String,
    /// The same with how the cluster is reached, too long to type: to be pasted, or read from a file. Null where no cluster
    /// is configured.
    pub code_with_connection: Option<String>,
}

/// What a pairing code says, to be seen before it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Tells facilities apart whose names aren't in the code.
    pub tag: String,
    /// Null in a code that is short enough to type.
    pub connection: Option<InvitedConnection>,
}

/// How a cluster is reached, as far as it is no secret and the same at every terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct InvitedConnection {
    /// The facility's name.
    pub facility: String,
    pub servers: String,
    pub prefix: String,
    pub transport: Transport,
    /// The cluster wants a name and a password; each terminal may have its own.
    pub with_user: bool,
    /// The cluster wants a certificate of the terminal.
    pub with_certificate: bool,
}

/// Joins a facility at the first start instead of making one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JoinInput {
    pub code: String,
    pub terminal_name: String,
    pub manager_name: String,
    /// 4 to 8 digits.
    pub pin: String,
    pub connection: ConnectionInput,
}

/// Why a record of the log is set aside. It stays as it was read, for a newer version or for somebody to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    /// It has no value where it needs one.
    Empty,
    TooLarge,
    /// Not the JSON of its kind.
    Malformed,
    /// A header that it needs is missing or can't be read.
    MissingHeader,
    /// Its bytes aren't those that its hash names.
    WrongHash,
    /// It stands under another customer's key.
    WrongKey,
    /// Its sealed part can't be opened though the key is here.
    Tampered,
}
