//! Opening balances: recorded with the customers of a list, and taken back with the import.

use chrono::{DateTime, Utc};
use nosmoke_domain::corrector::Corrector;
use nosmoke_domain::fact::{PenaltyVoided, PointsAdjusted};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, PenaltyId};
use nosmoke_domain::penalty::{self, Penalty};
use nosmoke_domain::point::{self, CarriedOver};
use nosmoke_domain::points::{Delta, Points};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::words::{AdjustReason, PenaltyCode, VoidReason};
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Read, StoreError};
use nosmoke_reading::reference;
use nosmoke_reading::state::recorded;
use serde::{Deserialize, Serialize};

use crate::commands::Work;
use crate::csv::Opening;
use crate::gifts::handed_on;
use crate::permission::Authority;

/// What an import did with one customer, as far as taking it back needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Brought {
    pub(super) customer_id: CustomerId,
    /// Whether the import added the customer.
    pub(super) is_added: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) adjustment: Option<AdjustmentId>,
    /// The points of the adjustment; 0 without one.
    #[serde(default)]
    pub(super) points: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) penalty: Option<PenaltyId>,
    /// The penalty points of the penalty; 0 without one.
    #[serde(default)]
    pub(super) penalty_points: u32,
}

impl Brought {
    pub(super) const fn is_empty(&self) -> bool {
        !self.is_added && self.adjustment.is_none() && self.penalty.is_none()
    }
}

/// Returns which part of an opening a customer doesn't have yet: of points and of penalty points each counts once.
pub(super) fn missing(tx: &mut dyn Read, customer: CustomerId, opening: Opening) -> Result<Opening, StoreError> {
    if opening.is_empty() {
        return Ok(opening);
    }
    let carried = carried_over(tx, customer)?;
    Ok(Opening {
        points: opening.points.filter(|_| !carried.has_points()),
        penalty_points: opening.penalty_points.filter(|_| !carried.has_penalty()),
    })
}

fn carried_over(tx: &mut dyn Read, customer: CustomerId) -> Result<CarriedOver, StoreError> {
    Ok(CarriedOver::of(customer, recorded(&tx.facts_after(customer, 0)?)))
}

/// Records what a customer brings along and hasn't yet.
///
/// # Errors
/// `invalid_input` if the rules don't have the code any more, `not_authorised`, or an error of the store.
pub(super) fn record(
    work: &mut Work<'_>,
    (customer_id, is_added): (CustomerId, bool),
    opening: Opening,
    code: Option<PenaltyCode>,
) -> Result<Brought, AppError> {
    let opening = missing(work.tx, customer_id, opening)?;
    let mut brought = Brought { customer_id, is_added, adjustment: None, points: 0, penalty: None, penalty_points: 0 };
    if let Some(points) = opening.points {
        let account = work.account(customer_id)?.summary(work.here, work.moment);
        let (id, delta) = (work.id(), Delta::from(amount("points", points)?));
        let adjusted = point::adjust(&account, id, delta, AdjustReason::MIGRATION, None, &work.rules)
            .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
        work.append(customer_id, adjusted)?;
        (brought.adjustment, brought.points) = (Some(id), points);
    }
    if let Some(points) = opening.penalty_points {
        let account = work.account(customer_id)?.summary(work.here, work.moment);
        let id = carried_over(work.tx, customer_id)?.next_penalty(customer_id);
        let code = code.unwrap_or(PenaltyCode::BASIC);
        let given = Some(amount("penaltyPoints", points)?);
        let imposed = penalty::impose(&account, (id, work.id()), code, given, (None, None), &work.rules)
            .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownPenalty))?;
        work.append(customer_id, imposed)?;
        (brought.penalty, brought.penalty_points) = (Some(id), points);
    }
    Ok(brought)
}

fn amount(field: &str, points: u32) -> Result<Points, AppError> {
    let none = |_| AppError::with(ErrorCode::OutOfRange, serde_json::json!({ "field": field, "min": 1 }));
    Points::new(points.into()).map_err(none)
}

/// Whether a customer has no facts but what the import brought.
pub(super) fn nobody_came(tx: &mut dyn Read, brought: &Brought) -> Result<bool, StoreError> {
    let ours = [brought.adjustment.map(|id| id.0), brought.penalty.map(|id| id.0)];
    let facts = tx.facts_after(brought.customer_id, 0)?;
    Ok(facts.iter().all(|it| it.recorded.fact.subject().is_some_and(|subject| ours.contains(&Some(subject)))))
}

/// The facts that take an opening balance back.
#[derive(Debug, Default)]
pub(super) struct Undo {
    adjusted: Option<PointsAdjusted>,
    voided: Option<PenaltyVoided>,
}

/// Decides to take back what an import brought a customer; nothing of it that was taken back already.
///
/// # Errors
/// The refusal as `Err` inside; an error of the store outside.
pub(super) fn undo(
    tx: &mut dyn Read,
    brought: &Brought,
    authority: Authority,
    (adjustment_id, now, moment): (AdjustmentId, DateTime<Utc>, DateTime<Utc>),
) -> Result<Result<Undo, Refusal>, AppError> {
    let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.incarnation;
    let (own, rules) = (tx.own_incarnations()?, reference::rules(tx)?);
    let (role, recorder_id) = (authority.role(), authority.recorded_by.id());
    let by = Corrector { role, recorder_id, here, own: &own, now, rules: &rules };
    let carried = carried_over(tx, brought.customer_id)?;
    let mut undo = Undo::default();
    let points = Points::new(brought.points.into()).ok();
    if let Some(points) = points.filter(|_| brought.adjustment.is_some()).filter(|_| carried.has_points()) {
        let account = handed_on(tx, here, brought.customer_id, moment)?.summary(here, moment);
        match point::adjust(&account, adjustment_id, -Delta::from(points), AdjustReason::MIGRATION, None, &rules) {
            Ok(adjusted) => undo.adjusted = Some(adjusted),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    if let Some(penalty_id) = brought.penalty {
        let facts = tx.facts_about(&[penalty_id.0].into())?;
        match penalty::void(penalty_id, &Penalty::of(recorded(&facts)), VoidReason::MISTAKEN, &by) {
            Ok(voided) => undo.voided = Some(voided),
            Err(Refusal::AlreadyVoided) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Ok(undo))
}

impl Undo {
    /// Records it.
    ///
    /// # Errors
    /// An error of the store.
    pub(super) fn record(self, work: &mut Work<'_>, customer: CustomerId) -> Result<(), AppError> {
        if let Some(adjusted) = self.adjusted {
            // What ended incarnations of this folder hold is handed on first.
            work.account(customer)?;
            work.append(customer, adjusted)?;
        }
        if let Some(voided) = self.voided {
            work.append(customer, voided)?;
        }
        Ok(())
    }
}
