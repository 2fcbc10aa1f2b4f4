//! point's earning policy (F3): records the earning of each check-out of this terminal exactly once. The fact and the
//! worker's checkpoint are written in one transaction, so that a crash neither loses nor doubles an earning. A check-out
//! of an incarnation that ended earns too, and the points are handed on to the current one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use nosmoke_domain::check_in::Visit;
use nosmoke_domain::fact::{Draft, Fact, Payload, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::point::earn;
use nosmoke_ports::contract::SpanStep;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Change, Ids, StoreError, WriteFacts};
use nosmoke_reading::state::recorded;
use nosmoke_runtime::present::Present;

use crate::gifts::Recording;

pub(super) fn follow(
    tx: &mut dyn WriteFacts,
    changes: &[Change],
    present: Present,
    ids: &dyn Ids,
    traces: &Traces,
) -> Result<(), StoreError> {
    let own = tx.own_incarnations()?;
    let Some((here, ended)) = own.split_last() else { return Ok(()) };
    let mut drafts: BTreeMap<IncarnationId, Vec<Draft>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for change in changes {
        let began = SystemTime::now();
        let fact = &change.recorded.fact;
        // Once another terminal's check-out is taken back, an own one may count that didn't before.
        let visit_id = match &fact.payload {
            Payload::CheckedOut(p) if own.contains(&fact.origin.incarnation) => p.visit_id,
            Payload::CheckOutTakenBack(p) => p.visit_id,
            _ => continue,
        };
        if !seen.insert(visit_id) {
            continue;
        }
        let facts = tx.facts_about(&[visit_id.0].into())?;
        let visit = Visit::of(recorded(&facts));
        let Some(exit) = visit.check_out.as_ref().filter(|exit| own.contains(&exit.incarnation)) else { continue };
        let Some(earned) = earn(visit_id, &visit, exit.incarnation) else { continue };
        let Some(out) = recorded(&facts).find(|recorded| recorded.key() == exit.key) else { continue };
        drafts.entry(exit.incarnation).or_default().push(Draft {
            event_id: EventId(ids.ordered(present.clock)),
            customer_id: out.fact.customer_id,
            occurred_at: present.clock,
            recorded_at: present.clock,
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: Some(out.fact.event_id),
            rules: out.fact.rules,
            traceparent: traces.consequence(SpanStep::Earning, &out.fact, (present.clock, began)),
            payload: earned.into(),
        });
    }
    for (by, drafts) in drafts {
        if by == *here {
            tx.append(drafts)?
        } else {
            tx.append_as(by, drafts)?
        };
    }
    hand_on(tx, changes, ended, present, ids)
}

/// Lets ended incarnations hand on what they have received with these changes.
fn hand_on(
    tx: &mut dyn WriteFacts,
    changes: &[Change],
    ended: &[IncarnationId],
    present: Present,
    ids: &dyn Ids,
) -> Result<(), StoreError> {
    let of_ended = |fact: &Fact| match &fact.payload {
        Payload::Given(given) => ended.contains(&given.to),
        _ => ended.contains(&fact.origin.incarnation),
    };
    let facts = changes.iter().map(|change| &change.recorded.fact);
    let customers: BTreeSet<CustomerId> = facts.filter(|fact| of_ended(fact)).map(|fact| fact.customer_id).collect();
    for customer in customers {
        let rules = changes.iter().map(|change| change.recorded.fact.rules).max().unwrap_or_default();
        Recording { rules, present, ids }.hand_on(tx, customer)?;
    }
    Ok(())
}
