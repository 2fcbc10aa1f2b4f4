//! Visits, earnings, payments and penalties, as the REST gateway returns them to other programs.

use nosmoke_domain::ids::{
    AreaId, CustomerId, DeductionId, EarningId, PaymentId, PenaltyDeductionId, PenaltyId, VisitId,
};
use nosmoke_domain::words::{Ground, PaymentStatus, PenaltyCode, PenaltyStatus, VisitStatus};

use crate::contract::UtcMs;

/// One page of a list, with the cursor of the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<String>,
}

/// The requested page: its cursor (`None` for the first page) and its largest number of items.
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
    /// The earning, recorded or only promised by the check-out; `None` if the visit earns nothing or hasn't ended.
    pub earning_id: Option<EarningId>,
    pub points: Option<u64>,
}

/// The earning of a check-out, recorded or only promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarningView {
    pub earning_id: EarningId,
    pub visit_id: VisitId,
    pub customer_id: CustomerId,
    pub points: u64,
    /// `None` until the earning is recorded.
    pub earned_at: Option<UtcMs>,
    /// The status of the visit.
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
    /// The deductions from the penalty, oldest first.
    pub deductions: Vec<PenaltyDeductionView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyDeductionView {
    pub deduction_id: PenaltyDeductionId,
    pub ground: Ground,
    /// The points that the deduction really took off: fewer than recorded if several deductions together exceed the
    /// penalty.
    pub points: i64,
    /// The deduction was voided and deducts nothing any more.
    pub voided: bool,
    pub at: UtcMs,
}
