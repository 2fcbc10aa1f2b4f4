//! Tokens: the names under which other programs call this terminal's gateway.

use nosmoke_domain::ids::{TerminalId, TokenId};
use nosmoke_domain::words::Scope;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

/// A token that this terminal accepts, or once accepted. The secret itself is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// `owner` for the token of the PC's owner.
    pub token_id: TokenId,
    /// Empty for the owner's token.
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Null for the owner's token.
    pub made_at: Option<UtcMs>,
    pub rotated_at: Option<UtcMs>,
    /// Until then the secret from before the last rotation is accepted too; null if it isn't any more.
    pub earlier_until: Option<UtcMs>,
    /// When a request came with it last, to the minute; null if none came.
    pub last_used_at: Option<UtcMs>,
    pub revoked_at: Option<UtcMs>,
    pub terminal_id: Option<TerminalId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MakeToken {
    pub name: String,
    /// At least one.
    pub scopes: Vec<Scope>,
}

/// A token that was made or rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct MadeToken {
    pub token: TokenView,
    /// Shown now and never again. Null for the owner's token, whose secret is in the file `gateway.token`.
    pub secret: Option<String>,
}
