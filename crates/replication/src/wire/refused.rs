//! The error of a message that can't be decoded.

use nosmoke_ports::contract::QuarantineReason;

/// Why a message is quarantined, with a detail that contains nothing of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub QuarantineReason, pub String);

impl Refused {
    pub(super) fn new(reason: QuarantineReason, detail: impl std::fmt::Display) -> Self {
        Self(reason, detail.to_string())
    }
}
