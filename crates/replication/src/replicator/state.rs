//! The replicator's state in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::{DocumentKey, Partition};

use super::in_flight::InFlight;
use super::resume::Expected;
use crate::FacilityKey;
use crate::differences::Narrowing;
use crate::gaps::{Gaps, Peers};
use crate::pushed_out::PushedOut;

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
    /// The facility key of this connection; messages are authenticated and sealed with it, also if the terminal has
    /// taken a newer one meanwhile.
    pub(crate) key: Option<FacilityKey>,
    /// The message that each partition must begin with; removed once the partition's first message was read.
    pub(crate) expected: BTreeMap<Partition, Expected>,
    /// Where reading began on this connection; of requests, which have no positions in the journal, where it is now.
    pub(crate) from: BTreeMap<Partition, i64>,
    /// The consumer's last step failed, so that nothing is read back from the log.
    pub(crate) is_failing: bool,
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
    /// When the last heartbeats of this connection were sent, by this PC's clock.
    pub(crate) beats_sent: VecDeque<DateTime<Utc>>,
    /// Facts that other terminals with everything read lack: the log may have lost them.
    pub(crate) gaps: Gaps,
    /// Documents that strangers' messages pushed out.
    pub(crate) pushed_out: PushedOut,
    /// What other terminals have, by their last heartbeats.
    pub(crate) peers: Peers,
    /// The search for the facts that differ from those of terminals with equal heads.
    pub(crate) narrowing: Narrowing,
    /// When everything was read, by process time.
    pub(crate) read_all_at: Option<Duration>,
    /// When tombstones without a fact were last looked at, by process time.
    pub(crate) tombstones_looked_at: Option<Duration>,
    /// A new log is being read from its start; nothing is published meanwhile.
    pub(crate) reading_new: bool,
}

impl ReplicatorState {
    /// Whether a heartbeat of this connection was sent at this time of the PC's clock; it is then forgotten, so that a
    /// copy isn't taken for it.
    pub(crate) fn sent(&mut self, clock: DateTime<Utc>) -> bool {
        let place = self.beats_sent.iter().position(|sent| *sent == clock);
        place.and_then(|place| self.beats_sent.remove(place)).is_some()
    }

    /// Forgets everything that was handed over, so that all that is still pending is published again.
    pub(crate) fn publish_again(&mut self) {
        self.handed_over = [0; 2];
        self.in_flight.clear();
        self.window_is_full = false;
        self.handed_over_documents.clear();
    }
}
