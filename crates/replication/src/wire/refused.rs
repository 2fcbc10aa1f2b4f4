//! Why a record isn't taken.

use nosmoke_ports::contract::QuarantineReason;

/// Why a record is set aside, and what exactly was found; never any of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub QuarantineReason, pub String);

impl Refused {
    pub(super) fn new(reason: QuarantineReason, detail: impl std::fmt::Display) -> Self {
        Self(reason, detail.to_string())
    }
}
