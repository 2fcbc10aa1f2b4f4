//! All commands that a screen, a script or a kiosk can send, and their outcomes.

use nosmoke_domain::ids::{
    AreaId, CustomerId, DeductionId, EarningId, EventId, PaymentId, PenaltyDeductionId, PenaltyId, PlanId, StaffId,
    TerminalId, VisitId,
};
use nosmoke_domain::words::{
    AdjustReason, CaseReason, CaseResolution, CloseReason, Ground, OverrideReason, PenaltyCode, Standing, VisitStatus,
    VoidReason, known, maybe_known,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Pin, PublishRules, RetirePlan, ReviseLevels, SavePlan, UtcMs};

/// A command with its idempotency key: the same key and body give the first answer again, the same key with another
/// body is refused (`key_reused`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Chosen by the caller, 1 to 128 characters; the screens send a UUID made at the first key press.
    pub idempotency_key: String,
    pub command: Command,
}

/// The PIN that a supervisor or manager types over somebody else's screen, for one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    pub staff_id: StaffId,
    pub pin: Pin,
}

/// The input of the call `record`: a [`Request`], and who approves it. The PIN is checked before the command runs, and
/// no part of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RecordInput {
    /// Chosen by the caller, 1 to 128 characters; the screens send a UUID made at the first key press.
    pub idempotency_key: String,
    pub command: Command,
    #[serde(default)]
    #[ts(optional = nullable)]
    pub approver: Option<Approval>,
}

impl RecordInput {
    /// Parts the request from the approval, so that the PIN goes no further.
    pub fn split(self) -> (Request, Option<Approval>) {
        let Self { idempotency_key, command, approver } = self;
        (Request { idempotency_key, command }, approver)
    }
}

/// A number as the caller sent it, not yet checked to be whole and in range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export_to = "contract.ts")]
pub struct Numeral(#[ts(type = "number")] pub serde_json::Value);

/// An area's id or its name; a kiosk or a turnstile knows only the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export, export_to = "contract.ts")]
pub struct AreaRef(pub String);

impl From<AreaId> for AreaRef {
    fn from(id: AreaId) -> Self {
        Self(id.to_string())
    }
}

/// Calls the macro `$then` with the names of all commands. It generates [`Command`] and the dispatch to the decisions.
#[macro_export]
macro_rules! every_command {
    ($then:ident) => {
        $then! {
            CheckIn,
            CheckOut,
            TakeBackCheckOut,
            TakeBackAreaCheckOut,
            CheckOutArea,
            CloseVisit,
            VoidVisit,
            EnterVisit,
            Pay,
            VoidPayment,
            AdjustPoints,
            ImposePenalty,
            DeductPenalty,
            VoidPenalty,
            VoidPenaltyDeduction,
            LinkCustomers,
            PartCustomers,
            ResolveCase,
            TakeEdit,
            DropEdit,
            EraseCustomer,
            RegisterCustomer,
            ReviseCustomer,
            SaveArea,
            RetireArea,
            SaveFacility,
            SaveEvacuation,
            SaveTerminal,
            RetireTerminal,
            SaveHub,
            SavePlan,
            RetirePlan,
            PublishRules,
            ReviseLevels,
        }
    };
}

macro_rules! define_command {
    ($($name:ident),* $(,)?) => {
        /// A command. As JSON it is one object with the command's fields and its name as `type`.
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
    /// The command's `type` in JSON.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// Checks a customer in (F1). Without `customer_id`, a walk-in customer is registered, who can be named later. If the
/// area's name is unknown and the rules allow it, the area is added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckIn {
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    pub area_id: AreaRef,
    /// The reason for admitting the customer although prohibited; such a visit earns nothing.
    #[serde(default, deserialize_with = "maybe_known")]
    #[ts(optional)]
    pub admission: Option<OverrideReason>,
}

/// Checks a customer out of a visit (F2). `points` (1 to 1,000,000) replaces the points of the rules. The check-out of a
/// forgotten visit is refused (`visit_forgotten`) unless `confirmForgotten` says that it is meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckOut {
    pub visit_id: VisitId,
    #[ts(optional)]
    pub points: Option<Numeral>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub confirm_forgotten: bool,
}

/// Takes back a check-out made by mistake, with what it earned: the customer is inside again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeBackCheckOut {
    pub visit_id: VisitId,
}

/// Takes back together the check-outs of one `checkOutArea`, as far as each may still be taken back. Visits that it ended
/// without points stay ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeBackAreaCheckOut {
    /// The first fact that the act recorded.
    pub act: EventId,
}

/// Checks out all customers who are inside an area, for example at closing time. Forgotten visits end without points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckOutArea {
    pub area_id: AreaId,
}

/// Ends a visit without points. `endedAt` says when it ended if that was earlier, for a visit that was forgotten.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseVisit {
    pub visit_id: VisitId,
    #[serde(deserialize_with = "known")]
    pub reason: CloseReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<UtcMs>,
}

/// Voids a visit that was recorded by mistake. Points that it earned stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidVisit {
    pub visit_id: VisitId,
    #[serde(deserialize_with = "known")]
    pub reason: VoidReason,
}

/// Enters a visit after it happened, always a new one with both ends. A ban, a full area or another visit don't refuse
/// it: what contradicts becomes a case. It earns by the rules and the cap of the day on which it ended, and nothing
/// where this terminal knew of a ban by then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnterVisit {
    pub customer_id: CustomerId,
    pub area_id: AreaRef,
    pub began_at: UtcMs,
    pub ended_at: UtcMs,
}

/// Records a customer's payment with points; the payment and the deduction of the points are one fact (F4, F5, N1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pay {
    pub customer_id: CustomerId,
    pub points: Numeral,
    #[ts(optional)]
    pub note: Option<String>,
    /// When it happened, if it is entered afterwards: within the days that the rules allow, never ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub happened_at: Option<UtcMs>,
}

/// Voids a payment; the customer gets the points back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidPayment {
    pub payment_id: PaymentId,
    #[serde(deserialize_with = "known")]
    pub reason: VoidReason,
}

/// Corrects a customer's balance, up or down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdjustPoints {
    pub customer_id: CustomerId,
    pub points: Numeral,
    #[serde(deserialize_with = "known")]
    pub reason: AdjustReason,
    #[ts(optional)]
    pub note: Option<String>,
}

/// Imposes a penalty (F8, N2). The default of `code` is `BASIC`; `points` (1 to 1,000) replaces the points of the code.
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
    /// When it happened, if it is entered afterwards: within the days that the rules allow, never ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub happened_at: Option<UtcMs>,
}

/// Deducts points from a penalty (F10, F11). If `ground` is `education`, the rules set the points and `points` must be
/// left out. With `pay`, the deduction and the customer's payment for it are one fact.
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
    /// Whether the customer pays for it with points, at the price that the rules set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub pay: bool,
    /// When it happened, if it is entered afterwards: within the days that the rules allow, never ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub happened_at: Option<UtcMs>,
}

/// Voids a penalty that was imposed by mistake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidPenalty {
    pub penalty_id: PenaltyId,
    #[serde(deserialize_with = "known")]
    pub reason: VoidReason,
}

/// Voids a deduction that was recorded by mistake: its points are outstanding again, and a price is given back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidPenaltyDeduction {
    pub penalty_id: PenaltyId,
    pub deduction_id: PenaltyDeductionId,
    #[serde(deserialize_with = "known")]
    pub reason: VoidReason,
}

/// Links two customer ids of one person: for both ids the worse of the two standings then counts; the balances stay
/// separate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkCustomers {
    pub customer_id: CustomerId,
    pub other_id: CustomerId,
}

/// Parts two customer ids that were linked by mistake. Ids linked through a third one stay linked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartCustomers {
    pub customer_id: CustomerId,
    pub other_id: CustomerId,
}

/// Resolves a case. `facts` are those of its facts that were seen, at most 8: a further one opens the case again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResolveCase {
    pub reason: CaseReason,
    /// What the case is about, such as `visit/<id>`.
    pub about: String,
    #[serde(deserialize_with = "known")]
    pub resolution: CaseResolution,
    pub facts: Vec<EventId>,
}

/// What an edit changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum EditedKind {
    Customer,
    Facility,
    Area,
    Staff,
    Terminal,
    Hub,
    Keeping,
    Plan,
}

/// Records an edit of this terminal that was overtaken as the document's next revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeEdit {
    pub kind: EditedKind,
    pub edit_id: EventId,
}

/// Drops an edit of this terminal that was overtaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DropEdit {
    pub kind: EditedKind,
    pub edit_id: EventId,
}

/// Why an export shows names.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    TS,
    strum::EnumIter,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AccessReason {
    /// The customer asked for it.
    CustomerRequest,
    /// The customer wasn't seen for the years that the facility chose.
    NotSeen,
    Audit,
    Accounting,
    /// Data moves to another program.
    Moving,
    Incident,
    Other,
}

/// Erases a customer's personal data at this and every other terminal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EraseCustomer {
    pub customer_id: CustomerId,
    /// Kept in the access log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<AccessReason>,
}

/// Registers a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterCustomer {
    pub profile: ProfileInput,
}

/// Replaces a customer's profile, for example to name a walk-in customer or to replace a lost card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviseCustomer {
    pub customer_id: CustomerId,
    /// The revision of the profile that was edited. The command is refused (`revised_meanwhile`) if the profile has
    /// another revision by now.
    pub base_revision: i64,
    pub profile: ProfileInput,
}

/// Adds an area, or changes the area `area_id` if that is given.
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

/// Retires an area, so that nobody can check in to it any more; refused while someone is inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetireArea {
    pub area_id: AreaId,
}

/// Changes the facility's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveFacility {
    pub name: String,
}

/// What the evacuation list shows of those inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum EvacuationContent {
    Names,
    Counts,
}

/// Chooses what the evacuation list shows, at all terminals of the facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveEvacuation {
    pub content: EvacuationContent,
}

/// Changes this terminal's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveTerminal {
    pub name: String,
}

/// Retires a terminal that is out of use, or takes that back: nobody gives points to it any more, and its points may be
/// taken over though it is heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetireTerminal {
    pub terminal_id: TerminalId,
    pub retired: bool,
}

/// Chooses the hub: the terminal that receives the points of customers of whom nothing happened for ten minutes. Null
/// for no hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveHub {
    pub terminal_id: Option<TerminalId>,
}

/// A person's details. Name and phone are kept exactly as given; a card in the one form of `search_keys::card_number`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileInput {
    pub name: String,
    #[ts(optional)]
    pub phone: Option<String>,
    #[ts(optional)]
    pub card: Option<String>,
    /// The day in Seoul (`YYYY-MM-DD`) on which the person consented to the facility's notice. Left out, a
    /// revision keeps it; an empty text takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub consent_on: Option<String>,
}

/// A forgotten visit that a check-in of the customer closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ClosedVisit {
    pub visit_id: VisitId,
    pub area_id: AreaId,
    pub since: UtcMs,
}

/// The result of a command, once its facts are durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// `closed` are the customer's forgotten visits that the check-in ended without points.
    CheckedIn {
        visit_id: VisitId,
        customer_id: CustomerId,
        area_id: AreaId,
        at: UtcMs,
        #[serde(default)]
        closed: Vec<ClosedVisit>,
    },
    /// `points` are the points that the visit will earn; null if it earns nothing.
    CheckedOut {
        visit_id: VisitId,
        customer_id: CustomerId,
        status: VisitStatus,
        earning_id: Option<EarningId>,
        points: Option<u64>,
    },
    /// `points` are the points taken back of what the visit had earned.
    CheckOutTakenBack {
        visit_id: VisitId,
        customer_id: CustomerId,
        points: u64,
    },
    /// `count` visits were checked out, and `closed` forgotten ones ended without points. `left` are still inside,
    /// because one command ends a limited number; the command can be given again. `act` names the command's facts for
    /// `takeBackAreaCheckOut`; null if it checked nobody out.
    AreaCheckedOut {
        area_id: AreaId,
        #[serde(default)]
        act: Option<EventId>,
        count: u32,
        #[serde(default)]
        closed: u32,
        #[serde(default)]
        left: u32,
    },
    /// `count` check-outs of an area were taken back, `left` couldn't be. `points` are the points taken back in all.
    AreaCheckOutTakenBack {
        area_id: AreaId,
        count: u32,
        left: u32,
        points: u64,
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
        /// Points of this penalty that are still outstanding.
        #[serde(default)]
        remaining: i64,
        outstanding: i64,
        standing: Standing,
        /// What the customer paid for it; null if nothing.
        #[serde(default)]
        price: Option<u64>,
        /// The balance afterwards, if the customer paid.
        #[serde(default)]
        balance: Option<i64>,
    },
    PenaltyVoided {
        penalty_id: PenaltyId,
        outstanding: i64,
        standing: Standing,
    },
    PenaltyDeductionVoided {
        penalty_id: PenaltyId,
        deduction_id: PenaltyDeductionId,
        /// The deducted points of which none are deducted any more.
        points: u64,
        outstanding: i64,
        standing: Standing,
        /// The price given back; null if nothing was paid.
        price: Option<u64>,
        /// The balance afterwards, if a price was given back.
        balance: Option<i64>,
    },
    CustomerSaved {
        customer_id: CustomerId,
        revision: i64,
    },
    AreaSaved {
        area_id: AreaId,
    },
    PlanSaved {
        plan_id: PlanId,
        revision: i64,
    },
    RulesPublished {
        generation: u64,
    },
    /// The command was recorded; there is no further data.
    Done,
}
