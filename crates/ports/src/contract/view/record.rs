//! Single records and short lists of them, as other programs ask for them: a visit, an earning, a payment, a penalty, a standing.

use nosmoke_domain::ids::{
    AreaId, CustomerId, DeductionId, EarningId, PaymentId, PenaltyDeductionId, PenaltyId, VisitId,
};
use nosmoke_domain::words::{Ground, PaymentStatus, PenaltyCode, PenaltyStatus, VisitStatus};

use crate::contract::UtcMs;

/// A page of a list, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Null on the last page.
    pub next: Option<String>,
}

/// Where a page begins (null at the start), and how much it holds at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageInput {
    pub cursor: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitView {
    pub visit_id: VisitId,
    pub customer_id: CustomerId,
    pub area_id: Option<AreaId>,
    pub area_name: Option<String>,
    pub status: VisitStatus,
    pub checked_in_at: Option<UtcMs>,
    pub ended_at: Option<UtcMs>,
    /// What it earned or will earn; null where it earns nothing, or isn't over.
    pub earning_id: Option<EarningId>,
    pub points: Option<u64>,
}

/// What a check-out earned, or will earn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarningView {
    pub earning_id: EarningId,
    pub visit_id: VisitId,
    pub customer_id: CustomerId,
    pub points: u64,
    /// Null while it isn't earned.
    pub earned_at: Option<UtcMs>,
    /// Of the visit.
    pub status: VisitStatus,
}

/// A payment with its deduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentView {
    pub payment_id: PaymentId,
    pub deduction_id: DeductionId,
    pub customer_id: CustomerId,
    pub points: u64,
    pub status: PaymentStatus,
    pub at: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyView {
    pub penalty_id: PenaltyId,
    pub customer_id: CustomerId,
    pub code: PenaltyCode,
    pub points: u64,
    pub outstanding: i64,
    pub status: PenaltyStatus,
    pub area_id: Option<AreaId>,
    pub area_name: Option<String>,
    pub at: UtcMs,
    /// Oldest first.
    pub deductions: Vec<PenaltyDeductionView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyDeductionView {
    pub deduction_id: PenaltyDeductionId,
    pub ground: Ground,
    /// What it took off: the last of too many takes only what was left.
    pub points: i64,
    pub at: UtcMs,
}
