//! What one side keeps in memory of its present connection.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{EventId, IncarnationId, TerminalId};
use nosmoke_ports::{Partition, RecordKey};

use super::on_the_way::OnTheWay;
use super::resume::Expected;
use crate::differences::Narrowing;

/// What is known of the present connection; gone with it.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) connected: bool,
    /// Partitions whose first record is still to be compared.
    pub(crate) expected: BTreeMap<Partition, Expected>,
    /// Partitions that haven't been read to their end.
    pub(crate) unread: BTreeSet<Partition>,
    /// Facts handed over for publishing, own ones and others', up to these changes.
    pub(crate) handed_over: [i64; 2],
    /// Own facts of those, by their hashes.
    pub(crate) on_the_way: OnTheWay,
    /// The log took less than was handed over: what is on its way has to arrive first.
    pub(crate) window_is_full: bool,
    pub(crate) handed_over_records: BTreeMap<RecordKey, Option<EventId>>,
    /// When the publisher last looked at the records that wait.
    pub(crate) records_looked_at: Option<DateTime<Utc>>,
    /// When something was last handed over or read back.
    pub(crate) moved_at: Option<DateTime<Utc>>,
    pub(crate) beat_at: Option<DateTime<Utc>>,
    /// Heads that a terminal was seen to lack though it had read everything.
    pub(crate) lacking: BTreeMap<(TerminalId, IncarnationId), u64>,
    /// Terminals that differ though they have read as far.
    pub(crate) narrowing: Narrowing,
    /// Nothing is published before the new log was read.
    pub(crate) reading_new: bool,
}

impl Session {
    pub(crate) fn publish_again(&mut self) {
        self.handed_over = [0; 2];
        self.on_the_way.clear();
        self.window_is_full = false;
        self.handed_over_records.clear();
    }
}
