//! The replicator's state in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{EventId, IncarnationId, TerminalId};
use nosmoke_ports::{DocumentKey, Partition};

use super::in_flight::InFlight;
use super::resume::Expected;
use crate::differences::Narrowing;

/// A heartbeat that was sent: when, by process time, and whether it said that this terminal answers requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beat {
    pub(crate) at: Duration,
    pub(crate) gives: bool,
}

/// State of the present connection, reset by each new one.
#[derive(Debug, Default)]
pub(crate) struct ReplicatorState {
    pub(crate) connected: bool,
    /// The message that each partition must begin with; removed once the partition's first message was read.
    pub(crate) expected: BTreeMap<Partition, Expected>,
    /// Partitions that haven't been read to the end that they had when the connection began.
    pub(crate) unread: BTreeSet<Partition>,
    /// Partitions in which messages may follow the last one read, by the last fetch.
    pub(crate) not_at_end: BTreeSet<Partition>,
    /// The last change handed over for publishing: of own facts, and of other terminals' facts.
    pub(crate) handed_over: [i64; 2],
    /// Own facts that were handed over and not yet read back from the log.
    pub(crate) in_flight: InFlight,
    /// The producer's window is full: the log accepted fewer messages than were handed over.
    pub(crate) window_is_full: bool,
    /// Documents that were handed over, each with the event id of the revision that was handed over.
    pub(crate) handed_over_documents: BTreeMap<DocumentKey, Option<EventId>>,
    /// When the publisher last checked which pending documents have changed.
    pub(crate) documents_checked_at: Option<DateTime<Utc>>,
    /// When something was last handed over to the log or read back from it.
    pub(crate) progressed_at: Option<DateTime<Utc>>,
    /// The last heartbeat that was sent.
    pub(crate) beat: Option<Beat>,
    /// Heads that a terminal with everything read reported lower than ours: it may lack facts that the log has lost.
    pub(crate) lacking: BTreeMap<(TerminalId, IncarnationId), u64>,
    /// Terminals with the same heads as this one, but other facts above a gap or in a fork.
    pub(crate) differing_beyond: BTreeSet<TerminalId>,
    /// The search for the facts that differ from those of terminals with equal heads.
    pub(crate) narrowing: Narrowing,
    /// A new log is being read from its start; nothing is published meanwhile.
    pub(crate) reading_new: bool,
}

impl ReplicatorState {
    /// Forgets everything that was handed over, so that all that is still pending is published again.
    pub(crate) fn publish_again(&mut self) {
        self.handed_over = [0; 2];
        self.in_flight.clear();
        self.window_is_full = false;
        self.handed_over_documents.clear();
    }
}
