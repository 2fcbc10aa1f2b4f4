//! Commands about the rules.

use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{AppError, ContextName, ErrorCode, Outcome, PublishRules, ReviseLevels};
use nosmoke_ports::{ReferenceKind, limits};
use nosmoke_reading::rule_sets::{self, Publication};
use serde_json::json;

use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;
use crate::revising::Revision;
use crate::rules::{Draft, body_of, parse};

/// Upper bound for the reason of a publication, in characters.
const REASON_MAX: usize = 200;

impl Decide for PublishRules {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::PublishRules
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { base, form, reason, to_present } = self;
        limits::check_needed("reason", &reason, REASON_MAX)?;
        let origin = work.tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        let in_force = rule_sets::in_force(work.tx)?;
        // A terminal that has joined a facility has no rules before it has read them: their generation isn't known.
        if in_force.id.is_none() {
            return Err(AppError::new(ErrorCode::StillReading));
        }
        let known = in_force.rules.generation;
        if in_force.id != base {
            return Err(AppError::with(ErrorCode::RulesChanged, json!({ "generation": known })));
        }
        let rules = parse(&form, &in_force.rules)
            .map_err(|problems| AppError::with(ErrorCode::RulesInvalid, json!({ "problems": problems })))?;
        let is_conflict = rule_sets::newest(work.tx)?.len() > 1;
        // Unchanged rules may be published to end a conflict, or to reach present standings after all.
        if rules == in_force.rules && !is_conflict && !to_present {
            return Err(AppError::new(ErrorCode::RulesUnchanged));
        }
        let rules = Rules { generation: known + 1, ..rules };
        let published = Publication {
            by: work.authority.recorded_by,
            terminal_id: origin.terminal_id,
            at: work.now,
            reason,
            base,
            to_present,
        };
        let body = body_of(&rules, &in_force, &published)?;
        let id = work.id();
        work.put(ReferenceKind::Rules, id, &body)?;
        Draft::put(work.tx, None)?;
        if to_present {
            Revision::begin(work.tx, rules.generation)?;
        }
        Ok(Outcome::RulesPublished { generation: rules.generation })
    }
}

impl Decide for ReviseLevels {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::PublishRules
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let sets = rule_sets::for_present(work.tx)?;
        let set = sets.ok_or_else(|| AppError::new(ErrorCode::NothingToRevise))?;
        Revision::begin(work.tx, set.rules.generation)?;
        // Wakes the policy, as a document does.
        work.has_put = true;
        Ok(Outcome::Done)
    }
}
