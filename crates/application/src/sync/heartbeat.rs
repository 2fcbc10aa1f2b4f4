//! What a terminal says of itself every few seconds: that it lives, what it has, and how its clock goes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The value of a record on the heartbeats topic. No names, no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Heartbeat {
    pub terminal_id: TerminalId,
    /// The life in which it records now.
    pub incarnation: IncarnationId,
    /// By its own clock.
    pub at: DateTime<Utc>,
    /// Of the program.
    pub version: String,
    /// Facts that it hasn't read back.
    pub pending: u64,
    /// It has read everything that the log held.
    pub has_read_all: bool,
    /// Facts that it has.
    pub facts: u64,
    /// Sum modulo 2^256 of their hashes, hexadecimal.
    pub digest: String,
    /// Highest contiguous seq of each incarnation.
    pub heads: BTreeMap<IncarnationId, u64>,
}

impl Heartbeat {
    /// Reads one; `None` where it isn't one that this program understands.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
