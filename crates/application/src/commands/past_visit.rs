//! Entering a visit after it happened.

use nosmoke_domain::check_in::{self, PastVisitInput, Visits};
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::ids::{EarningId, VisitId};
use nosmoke_domain::words::VisitStatus;
use nosmoke_ports::contract::{AppError, ContextName, EnterVisit, ErrorCode, Outcome};
use nosmoke_reading::rule_sets;
use nosmoke_reading::standing::known_at;
use nosmoke_reading::state::recorded;

use super::amounts::moment;
use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

impl Decide for EnterVisit {
    const CONTEXT: Option<ContextName> = Some(ContextName::CheckIn);

    fn act(&self) -> Act {
        Act::EnterAfterwards
    }

    /// Reads all facts of the customer: neither the standing of then nor the earnings of a day that long ago are stored.
    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, area_id, began_at, ended_at } = self;
        let (began, ended) = (work.happened(Some(began_at))?, moment("endedAt", ended_at)?);
        work.expect_customer(customer_id)?;
        let (area_id, _) = work.area_to_enter(&area_id)?;
        let rules = rule_sets::in_force_at(work.tx, ended)?;
        let standing = known_at(work.tx, customer_id, &rules, began)?;
        let facts = work.tx.facts_after(customer_id, 0)?;
        let promised = Visits::promised_on(recorded(&facts), seoul_date(ended));
        let erased = work.state::<Visits>(customer_id)?.erased;
        let (visit_id, earning_id): (VisitId, EarningId) = (work.id(), work.id());
        let (entry, exit) = check_in::past_visit(PastVisitInput {
            visit_id,
            area_id,
            earning_id,
            began,
            ended,
            now: work.now,
            standing: &standing,
            promised,
            erased,
            rules: &rules,
        })
        .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownVisit))?;
        let earning = exit.earning;
        // The facts name the rules of the visit's own day, by which it earns.
        work.rules = rules;
        work.append_at(customer_id, entry, began)?;
        work.append_at(customer_id, exit, ended)?;
        Ok(Outcome::CheckedOut {
            visit_id,
            customer_id,
            status: if earning.is_some() { VisitStatus::CheckedOut } else { VisitStatus::Closed },
            earning_id: earning.map(|earning| earning.earning_id),
            points: earning.map(|earning| earning.points.get()),
        })
    }
}
