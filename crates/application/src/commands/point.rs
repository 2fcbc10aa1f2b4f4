//! Commands of point.

use nosmoke_domain::point;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{AdjustPoints, AppError, ContextName, ErrorCode, Outcome};

use super::amounts::delta;
use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

impl Decide for AdjustPoints {
    const CONTEXT: Option<ContextName> = Some(ContextName::Point);

    fn act(&self) -> Act {
        Act::AdjustPoints
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, points: amount, reason, note } = self;
        let points = delta("points", &amount)?;
        work.expect_customer(customer_id)?;
        let summary = work.account(customer_id)?.summary(work.here, work.moment);
        let adjustment_id = work.id();
        let note_id = work.note(customer_id, note)?;
        let adjusted = point::adjust(&summary, adjustment_id, points, reason, note_id, &work.rules)
            .map_err(|refusal| work.refuse_points(customer_id, points.size(), refusal, ErrorCode::UnknownCustomer))?;
        work.append(customer_id, adjusted)?;
        let balance = to_i64(summary.balance + points.sum());
        Ok(Outcome::PointsAdjusted { customer_id, points: points.get(), balance })
    }
}
