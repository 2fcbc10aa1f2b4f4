//! Commands of review.

use nosmoke_domain::fact::{CaseAbout, CaseId, CaseResolved};
use nosmoke_domain::words::CaseReason;
use nosmoke_ports::contract::{AppError, ContextName, ErrorCode, Outcome, ResolveCase};
use serde_json::json;

use super::decide::Decide;
use super::work::Work;
use crate::facility_cases;
use crate::permission::Act;

impl Decide for ResolveCase {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::ResolveCase
    }

    /// Records the facts that the person saw, so that one that came in the meantime opens the case again.
    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { reason, about, resolution, facts } = self;
        let invalid = |detail: &str| AppError::with(ErrorCode::InvalidInput, json!({ "detail": detail }));
        let about: CaseAbout = about.parse().map_err(|_| invalid("about"))?;
        // Two profiles make the case of a shared card, and no fact.
        if facts.is_empty() != (reason == CaseReason::SHARED_CARD) || facts.len() > CaseResolved::MOST_FACTS {
            return Err(invalid("facts"));
        }
        let case = CaseId { reason, about };
        let stored = work.tx.open_case(&case)?.map(|row| row.customer_id);
        let under = match stored {
            Some(customer) => Some(customer),
            None => facility_cases::find(work.tx, &case)?.and_then(|found| found.recorded_under),
        };
        let customer = under.ok_or_else(|| AppError::new(ErrorCode::UnknownCase))?;
        work.append(customer, CaseResolved { case, resolution, facts })?;
        Ok(Outcome::Done)
    }
}
