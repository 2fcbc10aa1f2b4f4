//! Every command a screen, a script or a kiosk may give, and what each answers.

use nosmoke_domain::ids::{
    AreaId, CustomerId, DeductionId, EarningId, PaymentId, PenaltyDeductionId, PenaltyId, TerminalId, VisitId,
};
use nosmoke_domain::words::{
    AdjustReason, CloseReason, Ground, OverrideReason, PenaltyCode, Standing, VisitStatus, VoidReason,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UtcMs;

/// A command with the key that makes it safe to repeat: the same key and body give the first answer again,
/// the same key with another body is refused (`key_reused`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Chosen by the caller, 1 to 128 characters; the screens send a UUID made at the first key press.
    pub idempotency_key: String,
    pub command: Command,
}

/// A number as it arrives from outside, not yet known to be whole, positive or in range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export_to = "contract.ts")]
pub struct Numeral(#[ts(type = "number")] pub serde_json::Value);

/// An area by its id, or by its name as a kiosk or a turnstile knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export, export_to = "contract.ts")]
pub struct AreaRef(pub String);

impl From<AreaId> for AreaRef {
    fn from(id: AreaId) -> Self {
        Self(id.to_string())
    }
}

/// Hands the name of every command to a macro: of each the enum [`Command`] and the dispatch are made.
#[macro_export]
macro_rules! every_command {
    ($then:ident) => {
        $then! {
            CheckIn,
            CheckOut,
            CheckOutArea,
            CloseVisit,
            VoidVisit,
            Pay,
            VoidPayment,
            AdjustPoints,
            ImposePenalty,
            DeductPenalty,
            VoidPenalty,
            LinkCustomers,
            EraseCustomer,
            RegisterCustomer,
            ReviseCustomer,
            SaveArea,
            RetireArea,
            SaveFacility,
            SaveTerminal,
            SaveHub,
        }
    };
}

macro_rules! define_command {
    ($($name:ident),* $(,)?) => {
        /// A command as it crosses: its fields beside its `type`.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, strum::IntoStaticStr)]
        #[ts(export, export_to = "contract.ts")]
        #[serde(tag = "type", rename_all = "camelCase")]
        #[strum(serialize_all = "camelCase")]
        pub enum Command {
            $($name($name)),*
        }

        $(impl From<$name> for Command {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        })*
    };
}

every_command!(define_command);

impl Command {
    /// Its type, as it crosses.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// Checks a customer in (F1). Without `customer_id` a walk-in customer is made, to be named later. An area whose name
/// isn't known is added where the rules allow it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckIn {
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    pub area_id: AreaRef,
    /// Admits a prohibited customer; such a visit earns nothing.
    #[ts(optional)]
    pub admission: Option<OverrideReason>,
}

/// Checks a visit out (F2). `points` replaces what the rules give, 1 to 1,000,000.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckOut {
    pub visit_id: VisitId,
    #[ts(optional)]
    pub points: Option<Numeral>,
}

/// Checks out everyone who is inside an area, as at closing time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckOutArea {
    pub area_id: AreaId,
}

/// Ends a visit without points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseVisit {
    pub visit_id: VisitId,
    pub reason: CloseReason,
}

/// Takes back a visit that was recorded by mistake. Points it earned stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidVisit {
    pub visit_id: VisitId,
    pub reason: VoidReason,
}

/// Pays with points; payment and deduction are one fact (F4, F5, N1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pay {
    pub customer_id: CustomerId,
    pub points: Numeral,
    #[ts(optional)]
    pub note: Option<String>,
}

/// Takes a payment back; the points return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidPayment {
    pub payment_id: PaymentId,
    pub reason: VoidReason,
}

/// Corrects a balance, up or down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdjustPoints {
    pub customer_id: CustomerId,
    pub points: Numeral,
    pub reason: AdjustReason,
    #[ts(optional)]
    pub note: Option<String>,
}

/// Imposes a penalty (F8, N2). Without `code` it is `BASIC`; given `points` (1 to 1,000) replace the code's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImposePenalty {
    pub customer_id: CustomerId,
    #[ts(optional)]
    pub code: Option<PenaltyCode>,
    #[ts(optional)]
    pub points: Option<Numeral>,
    #[ts(optional)]
    pub area_id: Option<AreaRef>,
    #[ts(optional)]
    pub note: Option<String>,
}

/// Deducts from a penalty (F10, F11). For `education` the rules say how much and `points` is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeductPenalty {
    pub penalty_id: PenaltyId,
    pub ground: Ground,
    #[ts(optional)]
    pub points: Option<Numeral>,
    #[ts(optional)]
    pub note: Option<String>,
}

/// Takes back a penalty that was imposed by mistake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidPenalty {
    pub penalty_id: PenaltyId,
    pub reason: VoidReason,
}

/// Says that two ids are one person: standing is then the worse of both, balances stay apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkCustomers {
    pub customer_id: CustomerId,
    pub other_id: CustomerId,
}

/// Erases a person here and at every terminal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EraseCustomer {
    pub customer_id: CustomerId,
}

/// Registers a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterCustomer {
    pub profile: ProfileInput,
}

/// Replaces a profile; also names a walk-in customer and replaces a lost card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviseCustomer {
    pub customer_id: CustomerId,
    /// The revision the edit began from; another one since then is `revised_meanwhile`.
    pub base_revision: i64,
    pub profile: ProfileInput,
}

/// Adds an area, or changes one when `area_id` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveArea {
    #[ts(optional)]
    pub area_id: Option<AreaId>,
    pub name: String,
    #[ts(optional)]
    pub capacity: Option<Numeral>,
}

/// Takes an area out of use; refused while someone is inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetireArea {
    pub area_id: AreaId,
}

/// Names the facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveFacility {
    pub name: String,
}

/// Names this terminal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveTerminal {
    pub name: String,
}

/// Names the terminal that holds the points of visits that have ended; null is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveHub {
    pub terminal_id: Option<TerminalId>,
}

/// A person's details. Text is kept exactly as given; nothing is trimmed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileInput {
    pub name: String,
    #[ts(optional)]
    pub phone: Option<String>,
    #[ts(optional)]
    pub card: Option<String>,
}

/// What a recorded command answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    CheckedIn {
        visit_id: VisitId,
        customer_id: CustomerId,
        area_id: AreaId,
        at: UtcMs,
    },
    /// `points` is what will be earned; null where the visit earns nothing.
    CheckedOut {
        visit_id: VisitId,
        customer_id: CustomerId,
        status: VisitStatus,
        earning_id: Option<EarningId>,
        points: Option<u64>,
    },
    AreaCheckedOut {
        area_id: AreaId,
        count: u32,
    },
    VisitEnded {
        visit_id: VisitId,
        status: VisitStatus,
    },
    Paid {
        payment_id: PaymentId,
        deduction_id: DeductionId,
        points: u64,
        balance: i64,
    },
    PaymentVoided {
        payment_id: PaymentId,
        points: u64,
        balance: i64,
    },
    PointsAdjusted {
        customer_id: CustomerId,
        points: i64,
        balance: i64,
    },
    PenaltyImposed {
        penalty_id: PenaltyId,
        points: u64,
        outstanding: i64,
        standing: Standing,
    },
    PenaltyDeducted {
        penalty_id: PenaltyId,
        deduction_id: PenaltyDeductionId,
        points: u64,
        /// What is left of this penalty.
        #[serde(default)]
        remaining: i64,
        outstanding: i64,
        standing: Standing,
    },
    PenaltyVoided {
        penalty_id: PenaltyId,
        outstanding: i64,
        standing: Standing,
    },
    CustomerSaved {
        customer_id: CustomerId,
        revision: i64,
    },
    AreaSaved {
        area_id: AreaId,
    },
    /// Done, with nothing more to say.
    Done,
}
