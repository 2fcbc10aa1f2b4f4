//! The payload of each type of fact, version 1; those of point and pay are in `points_payloads.rs`. No personal data and
//! no free text: notes and areas are named by ids.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case_about::CaseAbout;
use super::points_payloads::Deduction;
use crate::ids::{
    AccrualId, AreaId, CustomerId, EarningId, EventId, LinkId, NoteId, PenaltyDeductionId, PenaltyId, VisitId,
};
use crate::lapse::Lapse;
use crate::lots::{LastDay, Lots, lots_or_none};
use crate::points::Points;
use crate::rules::Levels;
use crate::words::{
    CaseReason, CaseResolution, CloseReason, Ground, OverrideReason, PenaltyCode, Standing, VoidReason,
};

/// A customer checked in (F1), with the standing that this terminal knew at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedIn {
    pub visit_id: VisitId,
    pub area_id: AreaId,
    pub standing: Standing,
    /// Outstanding penalty points in the standing that check-in read.
    pub outstanding: u64,
    /// When that standing was computed.
    pub standing_as_of: DateTime<Utc>,
    /// Why a prohibited customer was admitted, if one was; the visit then earns nothing.
    pub admission: Option<OverrideReason>,
}

/// The earning that a check-out promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Earning {
    pub earning_id: EarningId,
    pub points: Points,
    pub expires_on: LastDay,
}

/// A customer checked out (F2). If the visit earns nothing, its status is CLOSED.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedOut {
    pub visit_id: VisitId,
    pub earning: Option<Earning>,
    /// The daily cap in force; null if the cap is off or staff chose the points.
    pub daily_cap: Option<Points>,
}

/// A check-out made by mistake was taken back: the customer is inside again. It counts only if the incarnation that
/// recorded the check-out recorded this too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckOutTakenBack {
    pub visit_id: VisitId,
    /// The check-out that is taken back.
    pub check_out: EventId,
    /// What is taken of the points that it earned, from the holding of the recording incarnation; empty if it earned
    /// nothing yet, or if none of it is held there any more.
    #[serde(with = "lots_or_none")]
    #[schemars(schema_with = "lots_or_none::schema")]
    pub lots: Option<Lots>,
}

/// A visit ended without a check-out and without points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitClosed {
    pub visit_id: VisitId,
    pub reason: CloseReason,
}

/// A visit recorded by mistake was voided. Its points stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitVoided {
    pub visit_id: VisitId,
    pub reason: VoidReason,
}

/// The accrual of penalty points inside a penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accrual {
    pub accrual_id: AccrualId,
    pub points: Points,
}

/// A penalty was imposed (F8) and accrued (N2), in one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "PenaltyImposedParts")]
pub struct PenaltyImposed {
    penalty_id: PenaltyId,
    points: Points,
    accrual: Accrual,
    pub code: PenaltyCode,
    pub area_id: Option<AreaId>,
    pub note_id: Option<NoteId>,
    pub levels: Levels,
    /// When it lapses; null if it doesn't.
    pub lapse: Option<Lapse>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyImposed")]
struct PenaltyImposedParts {
    penalty_id: PenaltyId,
    points: Points,
    accrual: Accrual,
    code: PenaltyCode,
    area_id: Option<AreaId>,
    note_id: Option<NoteId>,
    levels: Levels,
    lapse: Option<Lapse>,
}

impl PenaltyImposed {
    /// Makes a penalty whose accrual has the same points.
    ///
    /// ```
    /// use nosmoke_domain::{fact::PenaltyImposed, points::Points, rules::Rules, words::PenaltyCode};
    /// # let id = uuid::Uuid::nil();
    /// let (code, levels) = (PenaltyCode::BASIC, Rules::default().levels);
    /// let imposed = PenaltyImposed::new(id.into(), id.into(), Points::ONE, code, levels);
    /// assert_eq!(imposed.points(), Points::ONE);
    /// ```
    /// It can't be built field by field:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::{Accrual, PenaltyImposed}, points::Points, rules::Rules, words::PenaltyCode};
    /// # let id = uuid::Uuid::nil();
    /// let accrual = Accrual { accrual_id: id.into(), points: Points::ONE };
    /// let (code, levels) = (PenaltyCode::BASIC, Rules::default().levels);
    /// let imposed = PenaltyImposed {
    ///     penalty_id: id.into(), points: Points::ONE, accrual, code, area_id: None, note_id: None, levels,
    ///     lapse: None,
    /// };
    /// ```
    /// nor can these fields be changed:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::PenaltyImposed, points::Points, rules::Rules, words::PenaltyCode};
    /// # let id = uuid::Uuid::nil();
    /// let (code, levels) = (PenaltyCode::BASIC, Rules::default().levels);
    /// let mut imposed = PenaltyImposed::new(id.into(), id.into(), Points::ONE, code, levels);
    /// imposed.accrual.points = Points::ONE;
    /// ```
    pub fn new(
        penalty_id: PenaltyId,
        accrual_id: AccrualId,
        points: Points,
        code: PenaltyCode,
        levels: Levels,
    ) -> Self {
        let accrual = Accrual { accrual_id, points };
        Self { penalty_id, points, accrual, code, area_id: None, note_id: None, levels, lapse: None }
    }

    pub fn penalty_id(&self) -> PenaltyId {
        self.penalty_id
    }

    pub fn points(&self) -> Points {
        self.points
    }

    pub fn accrual_id(&self) -> AccrualId {
        self.accrual.accrual_id
    }
}

impl TryFrom<PenaltyImposedParts> for PenaltyImposed {
    type Error = &'static str;

    fn try_from(parts: PenaltyImposedParts) -> Result<Self, Self::Error> {
        let PenaltyImposedParts { penalty_id, points, accrual, code, area_id, note_id, levels, lapse } = parts;
        if accrual.points != points {
            return Err("a penalty and its accrual have different points");
        }
        Ok(Self { penalty_id, points, accrual, code, area_id, note_id, levels, lapse })
    }
}

/// Points were deducted from a penalty (F10, F11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenaltyDeducted {
    pub deduction_id: PenaltyDeductionId,
    pub penalty_id: PenaltyId,
    pub points: Points,
    pub ground: Ground,
    /// Whether the ground deducts only once from a penalty.
    pub once: bool,
    /// Points (P) that the customer paid for the deduction, taken from the holding of the recording incarnation; null
    /// if nothing was paid.
    pub price: Option<Deduction>,
    pub note_id: Option<NoteId>,
    pub levels: Levels,
}

/// A penalty imposed by mistake was voided; it has nothing outstanding any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenaltyVoided {
    pub penalty_id: PenaltyId,
    pub reason: VoidReason,
    pub levels: Levels,
}

/// A deduction recorded by mistake was voided: its points are outstanding again. A price goes back to the holding from
/// which it was paid; such a void counts only if the incarnation that recorded the deduction recorded this too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenaltyDeductionVoided {
    pub penalty_id: PenaltyId,
    pub deduction_id: PenaltyDeductionId,
    pub reason: VoidReason,
    pub levels: Levels,
}

/// The levels of a newly published rule set shall count for this customer's present standing too. The generation of
/// the set is the fact's `rules`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelsRevised {
    pub levels: Levels,
}

/// A customer's personal data was erased. It overrides every profile document, even a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerErased {}

/// Two customer ids belong to one person. Recorded twice, once under each id. It counts unless a `CustomersParted` names
/// its link; to join the ids again is a new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomersLinked {
    pub link_id: LinkId,
    pub other_id: CustomerId,
}

/// A link was taken back: the two customer ids belong to two persons. Recorded twice, once under each id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomersParted {
    pub link_id: LinkId,
}

/// Staff resolved a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "CaseResolvedParts")]
pub struct CaseResolved {
    pub case: CaseId,
    pub resolution: CaseResolution,
    /// The facts of the case that were seen, at most [`CaseResolved::MOST_FACTS`]: of more, the newest. A further fact
    /// opens the case again.
    pub facts: Vec<EventId>,
}

impl CaseResolved {
    /// The most facts that a resolution names.
    pub const MOST_FACTS: usize = 8;
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CaseResolved")]
struct CaseResolvedParts {
    case: CaseId,
    resolution: CaseResolution,
    #[schemars(length(max = 8))]
    facts: Vec<EventId>,
}

impl TryFrom<CaseResolvedParts> for CaseResolved {
    type Error = &'static str;

    fn try_from(parts: CaseResolvedParts) -> Result<Self, Self::Error> {
        let CaseResolvedParts { case, resolution, facts } = parts;
        if facts.len() > Self::MOST_FACTS {
            return Err("a resolution names at most 8 facts");
        }
        Ok(Self { case, resolution, facts })
    }
}

/// Identifies a case by its reason and by what it is about, never by the fact that came last.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CaseId {
    pub reason: CaseReason,
    pub about: CaseAbout,
}
