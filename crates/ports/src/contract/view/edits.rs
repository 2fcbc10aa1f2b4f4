//! Edits of this terminal that another terminal's revision overtook.

use nosmoke_domain::ids::EventId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CustomerName;
use crate::contract::{EditedKind, UtcMs};

/// An edit made at this terminal that another terminal replaced without knowing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OvertakenEditView {
    pub edit_id: EventId,
    pub kind: EditedKind,
    /// Whose profile it is; null for other kinds.
    pub customer: Option<CustomerName>,
    /// The present name of the area, the facility, the person or the terminal; null if it has none.
    pub name: Option<String>,
    /// When the edit was made; null if its id doesn't say so.
    pub edited_at: Option<UtcMs>,
    /// When the revision that counts now was made; null if its id doesn't say so.
    pub overtaken_at: Option<UtcMs>,
    /// The fields whose text was lost.
    pub fields: Vec<EditedField>,
    /// Whether the edit can be taken here. Else it is made again where such data is edited.
    pub can_take: bool,
}

/// A text that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct EditedField {
    /// The field's name in the document, such as `phone`.
    pub field: String,
    /// The text before the edit; null if there was none. A PIN is never shown.
    pub before: Option<String>,
    pub mine: Option<String>,
    pub now: Option<String>,
}
