//! Who recorded a fact, and who approved it. Roles are those at the time of recording; whoever has the facility key can
//! state any role, so a fold never depends on them (ADR 0035).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{RecorderId, StaffId, TokenId};
use crate::words::Role;

/// The party that recorded a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Recorder {
    /// A member of staff who was signed in.
    Staff { id: StaffId, role: Role },
    /// Another program, through the gateway.
    Token { id: TokenId, role: Role },
    /// This program itself: a policy such as earning. `causation_id` names the fact that caused it, if one did.
    Program,
}

impl Recorder {
    pub const fn id(self) -> RecorderId {
        match self {
            Self::Staff { id, .. } => RecorderId(id.0),
            Self::Token { id, .. } => id.recorder_id(),
            Self::Program => RecorderId::PROGRAM,
        }
    }
}

/// The member of staff who typed a PIN over somebody else's screen to approve this one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approver {
    pub id: StaffId,
    pub role: Role,
}
