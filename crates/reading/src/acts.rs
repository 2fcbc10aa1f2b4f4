//! The check-outs that one act recorded, such as the check-out of a whole area.

use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::ids::{CustomerId, EventId, VisitId};
use nosmoke_ports::{ReadFacts, StoreError};

/// The largest number of visits that one act ends, because other commands wait for it.
pub const ACT_BATCH: usize = 500;

/// A check-out as an act recorded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActCheckOut {
    pub event_id: EventId,
    pub customer_id: CustomerId,
    pub visit_id: VisitId,
}

/// Returns the check-outs of an act of this incarnation, which is named by its first fact: the act's other facts follow
/// it and name it as their cause.
///
/// # Errors
/// An error of the store.
pub fn check_outs_of(tx: &mut dyn ReadFacts, act: EventId) -> Result<Vec<ActCheckOut>, StoreError> {
    // Most check-outs are acts of their own, so the fact that follows is read first.
    let mut facts = facts_of(tx, act, 2)?;
    if facts.len() > 1 {
        facts = facts_of(tx, act, ACT_BATCH)?;
    }
    let check_out = |Fact { event_id, customer_id, payload, .. }| match payload {
        Payload::CheckedOut(out) => Some(ActCheckOut { event_id, customer_id, visit_id: out.visit_id }),
        _ => None,
    };
    Ok(facts.into_iter().filter_map(check_out).collect())
}

fn facts_of(tx: &mut dyn ReadFacts, act: EventId, limit: usize) -> Result<Vec<Fact>, StoreError> {
    // The earning that follows a check-out names it as its cause too, but isn't of the act.
    let is_of_act = |fact: &Fact| {
        let ends_a_visit = matches!(fact.payload, Payload::CheckedOut(_) | Payload::VisitClosed(_));
        ends_a_visit && (fact.event_id == act || fact.causation_id == Some(act))
    };
    let facts = tx.facts_from(act, limit)?;
    Ok(facts.into_iter().map(|change| change.recorded.fact).take_while(is_of_act).collect())
}
