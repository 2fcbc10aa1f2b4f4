//! The error of a message that can't be decoded.

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::{Incoming, Quarantined};

/// Most bytes stored of a quarantined message.
const MAX_QUARANTINED_BYTES: usize = 64 * 1024;
/// Most bytes stored of its key, and of each of its headers.
const MAX_QUARANTINED_LABEL_BYTES: usize = 256;
/// Most headers stored of it; our own messages have ten.
const MAX_QUARANTINED_HEADERS: usize = 16;

/// Why a message is quarantined, with a detail that contains nothing of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub QuarantineReason, pub String);

impl Refused {
    pub(super) fn new(reason: QuarantineReason, detail: impl std::fmt::Display) -> Self {
        Self(reason, detail.to_string())
    }
}

/// Returns what is stored of a message that can't be decoded, with limits on all parts.
pub fn quarantined(message: &Incoming, Refused(reason, detail): Refused, received_at: DateTime<Utc>) -> Quarantined {
    let value = message.value.as_deref().unwrap_or_default();
    let label = |bytes: &[u8]| bytes.iter().take(MAX_QUARANTINED_LABEL_BYTES).copied().collect::<Vec<_>>();
    let text = |name: &str| name.chars().take(MAX_QUARANTINED_LABEL_BYTES).collect::<String>();
    let headers = message.headers.iter().take(MAX_QUARANTINED_HEADERS);
    Quarantined {
        partition: message.partition,
        offset: message.offset,
        reason,
        detail: detail.chars().take(200).collect(),
        received_at,
        key: message.key.as_deref().map(label),
        size: value.len() as u64,
        value: value.iter().take(MAX_QUARANTINED_BYTES).copied().collect(),
        headers: headers.map(|(name, value)| (text(name).into(), label(value))).collect(),
    }
}
