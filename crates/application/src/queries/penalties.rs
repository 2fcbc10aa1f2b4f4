//! The query of one penalty.

use nosmoke_domain::ids::PenaltyId;
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::words::PenaltyStatus;
use nosmoke_ports::contract::{AppError, ErrorCode, PenaltyDeductionView, PenaltyView};
use nosmoke_ports::{Worker, read};
use nosmoke_reading::reference;
use nosmoke_reading::state::{load, recorded};

use super::Queries;

impl Queries {
    /// Returns one penalty with its deductions. Its status is ACCRUED once point's projector has passed the change that
    /// imposed it (N10).
    ///
    /// # Errors
    /// `unknown_penalty`, or an error of the store.
    pub async fn penalty(&self, penalty_id: PenaltyId) -> Result<PenaltyView, AppError> {
        let now = self.core.present.moment();
        read(&*self.core.journal, move |tx| {
            let unknown = || AppError::new(ErrorCode::UnknownPenalty);
            let facts = tx.facts_about(&[penalty_id.0].into())?;
            let penalty = Penalty::of(recorded(&facts));
            let imposed = penalty.imposed.as_ref().ok_or_else(unknown)?;
            let by = facts.iter().find(|change| change.recorded.key() == imposed.key).ok_or_else(unknown)?;
            let account = load::<Account>(tx, by.recorded.fact.customer_id)?.state;
            let status = if penalty.voided.is_some() {
                PenaltyStatus::Voided
            } else if by.change_seq <= tx.checkpoint(Worker::Point)? {
                PenaltyStatus::Accrued
            } else {
                PenaltyStatus::Imposed
            };
            let area = imposed.area_id.map(|id| reference::area(tx, id)).transpose()?.flatten();
            let deductions = penalty.effective_deductions().into_iter().map(|(deduction_id, deducted, taken)| {
                let voided = penalty.is_deduction_voided(deduction_id);
                let points = if voided { penalty.most_deducted(deducted) } else { taken };
                PenaltyDeductionView {
                    deduction_id,
                    ground: deducted.ground,
                    points: to_i64(points),
                    voided,
                    at: deducted.key.occurred_at.timestamp_millis(),
                }
            });
            Ok(PenaltyView {
                penalty_id,
                customer_id: by.recorded.fact.customer_id,
                code: imposed.code,
                points: imposed.points.get(),
                outstanding: to_i64(penalty.outstanding(&account.penalty_days, now)),
                status,
                area_id: imposed.area_id,
                area_name: area.map(|area| area.name),
                at: imposed.key.occurred_at.timestamp_millis(),
                deductions: deductions.collect(),
            })
        })
        .await
    }
}
