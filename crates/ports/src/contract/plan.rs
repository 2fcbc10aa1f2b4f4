//! The plans of the facility's sites, as managers draw them and all staff see them.

use nosmoke_domain::ids::{AreaId, PlanId};
use nosmoke_domain::site::{PictureKind, Shape, SourceKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Adds a plan, or changes the plan `plan_id` if that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavePlan {
    #[ts(optional)]
    pub plan_id: Option<PlanId>,
    /// The revision of the plan that was edited, 0 for a new one. The command is refused (`revised_meanwhile`) if the plan
    /// has another revision by now.
    pub base_revision: i64,
    pub name: String,
    /// The size of the drawing, 100 to 4,000; the picture fills it.
    pub width: u32,
    pub height: u32,
    /// At most 100; what comes later is drawn over what comes before.
    pub shapes: Vec<Shape>,
    pub picture: PictureChange,
}

/// What becomes of a plan's picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum PictureChange {
    Keep,
    Remove,
    /// A PNG or JPEG as Base64, of at most 512 KiB and 4,000 pixels a side.
    Replace {
        data: String,
    },
}

/// Retires a plan, which is then shown nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetirePlan {
    pub plan_id: PlanId,
    pub base_revision: i64,
}

/// A plan without the bytes of its picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    pub plan_id: PlanId,
    pub revision: i64,
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub shapes: Vec<Shape>,
    /// Null for a plan without a picture.
    pub picture: Option<PlanPictureState>,
}

/// How much of a plan's picture has come to this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PlanPictureState {
    pub pieces: u32,
    pub have: u32,
}

/// The bytes of a plan's picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PlanPicture {
    pub kind: PictureKind,
    /// Base64.
    pub data: String,
}

/// A file that was picked to become a plan's picture. The screen scales it down and draws an SVG before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PickedPicture {
    pub kind: SourceKind,
    /// Base64.
    pub data: String,
}

/// The penalties of an area within some days, without those that were voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PlacePenalties {
    pub area_id: AreaId,
    pub count: u32,
}
