//! What can be corrected of an entry. Each correction is tried with the decision that its command runs, so that a screen
//! offers exactly what would be recorded.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::{self, TakeBackInput, Visit, Visits};
use nosmoke_domain::corrector::Corrector;
use nosmoke_domain::ids::{EventId, PaymentId, PenaltyDeductionId, PenaltyId, VisitId};
use nosmoke_domain::pay::{self, Payment};
use nosmoke_domain::penalty::{self, Penalty};
use nosmoke_domain::point::Account;
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::words::{CloseReason, VoidReason};
use nosmoke_ports::contract::{AppError, Correctable, Correction, CorrectionKind, ErrorCode};
use nosmoke_ports::{Change, Read, read};
use nosmoke_reading::acts::check_outs_of;
use nosmoke_reading::reference;
use nosmoke_reading::state::{load, recorded};
use nosmoke_runtime::heard::HeardIncarnations;
use uuid::Uuid;

use super::Queries;
use crate::commands::to_app_error;
use crate::permission::{Act, Authority};

/// The reason with which a void is tried; no decision depends on it.
const REASON: VoidReason = VoidReason::MISTAKEN;

impl Queries {
    /// Returns the corrections of something that was recorded, each with the refusal that it would get now from whoever
    /// is signed in. Empty if this terminal doesn't know it.
    ///
    /// # Errors
    /// `not_signed_in`, `not_set_up`, or an error of the store.
    pub async fn corrections(&self, of: Correctable) -> Result<Vec<Correction>, AppError> {
        let (present, caller, heard) = (self.core.present.read(), self.caller().await?, self.core.heard.clone());
        read(&*self.core.journal, move |tx| {
            let authority = caller.authority(tx)?;
            let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.incarnation;
            let (own, rules) = (tx.own_incarnations()?, reference::rules(tx)?);
            let (role, recorder_id) = (authority.role(), authority.recorded_by.id());
            let by = Corrector { role, recorder_id, here, own: &own, now: present.clock, rules: &rules };
            Trial { tx, authority, heard, by, moment: present.moment }.of(of)
        })
        .await
    }
}

/// Tries corrections without recording them.
struct Trial<'a> {
    tx: &'a mut dyn Read,
    authority: Authority,
    heard: Arc<HeardIncarnations>,
    by: Corrector<'a>,
    /// When holdings are judged.
    moment: DateTime<Utc>,
}

/// What a decision says about a correction, and when the entry that its window counts from was recorded.
type Tried = (Result<(), Refusal>, Option<DateTime<Utc>>);

impl Trial<'_> {
    fn of(&mut self, of: Correctable) -> Result<Vec<Correction>, AppError> {
        match of {
            Correctable::Visit { visit_id } => self.visit(visit_id),
            Correctable::CheckOuts { act } => self.check_outs(act),
            Correctable::Payment { payment_id } => self.payment(payment_id),
            Correctable::Adjustment { adjustment_id } => {
                let is_known = !self.facts(adjustment_id.0)?.is_empty();
                Ok(if is_known { vec![self.adjustment()] } else { Vec::new() })
            }
            Correctable::Penalty { penalty_id } => self.penalty(penalty_id),
            Correctable::PenaltyDeduction { penalty_id, deduction_id } => self.deduction(penalty_id, deduction_id),
        }
    }

    fn visit(&mut self, visit_id: VisitId) -> Result<Vec<Correction>, AppError> {
        let facts = self.facts(visit_id.0)?;
        let visit = Visit::of(recorded(&facts));
        let mut found = Vec::new();
        if visit.is_inside() {
            let closed = check_in::close(visit_id, &visit, CloseReason::FORGOTTEN, self.by.now, self.by.now);
            found.push(self.correction(CorrectionKind::CloseVisit, (closed.map(drop), None)));
        }
        if let Some(check_out) = visit.check_out.as_ref().filter(|_| !visit.voided) {
            let taken_back = (self.take_back(visit_id, &facts)?.map(drop), Some(check_out.recorded_at));
            found.push(self.correction(CorrectionKind::TakeBackCheckOut, taken_back));
        }
        if let Some(entry) = &visit.entry {
            let voided = check_in::void(visit_id, &visit, REASON, &self.by);
            found.push(self.correction(CorrectionKind::VoidVisit, (voided.map(drop), Some(entry.recorded_at))));
        }
        if visit.earned.0 != 0 {
            found.push(self.adjustment());
        }
        Ok(found)
    }

    /// Tries to take a visit's check-out back. Returns the check-out.
    fn take_back(&mut self, visit_id: VisitId, facts: &[Change]) -> Result<Result<EventId, Refusal>, AppError> {
        let Some(first) = facts.first() else { return Ok(Err(Refusal::Unknown)) };
        let customer = first.recorded.fact.customer_id;
        let account = load::<Account>(self.tx, customer)?.state.summary(self.by.here, self.moment);
        let (visit, visits) = (Visit::of(recorded(facts)), load::<Visits>(self.tx, customer)?.state);
        let input = TakeBackInput { visit_id, visit: &visit, visits: &visits, account: &account, by: self.by };
        Ok(check_in::take_back(input).map(|taken_back| taken_back.check_out))
    }

    /// Check-outs recorded together can be taken back together as long as one of them can.
    fn check_outs(&mut self, act: EventId) -> Result<Vec<Correction>, AppError> {
        let mut refused = None;
        for out in check_outs_of(self.tx, act)? {
            let facts = self.facts(out.visit_id.0)?;
            match self.take_back(out.visit_id, &facts)? {
                Ok(check_out) if check_out == out.event_id => {
                    let recorded_at = Visit::of(recorded(&facts)).check_out.map(|exit| exit.recorded_at);
                    return Ok(vec![self.correction(CorrectionKind::TakeBackCheckOut, (Ok(()), recorded_at))]);
                }
                Ok(_) => {}
                Err(refusal) => {
                    refused.get_or_insert(refusal);
                }
            }
        }
        let refused = Err(refused.unwrap_or(Refusal::NotCheckedOut));
        Ok(vec![self.correction(CorrectionKind::TakeBackCheckOut, (refused, None))])
    }

    fn payment(&mut self, payment_id: PaymentId) -> Result<Vec<Correction>, AppError> {
        let payment = Payment::of(recorded(&self.facts(payment_id.0)?));
        let Some(made) = &payment.made else { return Ok(Vec::new()) };
        let voided = pay::void(payment_id, &payment, REASON, &self.by);
        let voided = (voided.map(drop), Some(made.recorded_at));
        Ok(vec![self.correction(CorrectionKind::VoidPayment, voided), self.adjustment()])
    }

    fn penalty(&mut self, penalty_id: PenaltyId) -> Result<Vec<Correction>, AppError> {
        let penalty = Penalty::of(recorded(&self.facts(penalty_id.0)?));
        let Some(imposed) = &penalty.imposed else { return Ok(Vec::new()) };
        let voided = penalty::void(penalty_id, &penalty, REASON, &self.by);
        Ok(vec![self.correction(CorrectionKind::VoidPenalty, (voided.map(drop), Some(imposed.recorded_at)))])
    }

    fn deduction(&mut self, of: PenaltyId, deduction_id: PenaltyDeductionId) -> Result<Vec<Correction>, AppError> {
        let penalty = Penalty::of(recorded(&self.facts(of.0)?));
        let Some(deducted) = penalty.deductions.get(&deduction_id) else { return Ok(Vec::new()) };
        let voided = penalty::void_deduction((of, deduction_id), &penalty, REASON, &self.by);
        let voided = (voided.map(drop), Some(deducted.recorded_at));
        let mut found = vec![self.correction(CorrectionKind::VoidPenaltyDeduction, voided)];
        if deducted.price.is_some() {
            found.push(self.adjustment());
        }
        Ok(found)
    }

    /// The points of an adjustment are chosen in its form, so that only the role decides here.
    fn adjustment(&mut self) -> Correction {
        self.correction(CorrectionKind::AdjustPoints, (Ok(()), None))
    }

    fn correction(&mut self, kind: CorrectionKind, (tried, recorded_at): Tried) -> Correction {
        let (act, unknown) = match kind {
            CorrectionKind::VoidVisit => (Act::VoidVisit, ErrorCode::UnknownVisit),
            CorrectionKind::TakeBackCheckOut => (Act::TakeBackCheckOut, ErrorCode::UnknownVisit),
            CorrectionKind::CloseVisit => (Act::CloseVisit, ErrorCode::UnknownVisit),
            CorrectionKind::VoidPayment => (Act::VoidPayment, ErrorCode::UnknownPayment),
            CorrectionKind::AdjustPoints => (Act::AdjustPoints, ErrorCode::UnknownCustomer),
            CorrectionKind::VoidPenalty => (Act::VoidPenalty, ErrorCode::UnknownPenalty),
            CorrectionKind::VoidPenaltyDeduction => (Act::VoidPenaltyDeduction, ErrorCode::UnknownDeduction),
        };
        let refused = match (self.authority.expect(act), tried) {
            (Err(error), _) => Some(error),
            (Ok(()), Err(refusal)) => Some(to_app_error(self.tx, &self.heard, refusal, unknown)),
            (Ok(()), Ok(())) => None,
        };
        let until = recorded_at.filter(|_| refused.is_none()).and_then(|at| self.by.until(at));
        Correction { kind, refused, until: until.map(|at| at.timestamp_millis()) }
    }

    fn facts(&mut self, subject: Uuid) -> Result<Vec<Change>, AppError> {
        Ok(self.tx.facts_about(&[subject].into())?)
    }
}
