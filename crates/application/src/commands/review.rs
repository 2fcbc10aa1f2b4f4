//! Commands of review.

use nosmoke_domain::fact::{CaseAbout, CaseId, CaseResolved};
use nosmoke_ports::contract::{AppError, ContextName, ErrorCode, Outcome, ResolveCase};
use serde_json::json;

use super::decide::Decide;
use super::work::Work;
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
        if facts.is_empty() || facts.len() > CaseResolved::MOST_FACTS {
            return Err(invalid("facts"));
        }
        let case = CaseId { reason, about };
        let open = work.tx.open_case(&case)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCase))?;
        work.append(open.customer_id, CaseResolved { case, resolution, facts })?;
        Ok(Outcome::Done)
    }
}
