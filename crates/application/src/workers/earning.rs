//! point's earning policy (F3): whenever a customer has checked out here, points are earned, once. The fact and the
//! checkpoint are one transaction, so a crash neither loses nor doubles an earning.

use std::collections::BTreeSet;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visit;
use nosmoke_domain::fact::{Draft, Payload};
use nosmoke_domain::ids::EventId;
use nosmoke_domain::point::earn;
use nosmoke_ports::contract::SpanStep;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Change, Ids, StoreError, WriteFacts};
use nosmoke_reading::state::recorded;

pub(super) fn follow(
    tx: &mut dyn WriteFacts,
    changes: &[Change],
    now: DateTime<Utc>,
    ids: &dyn Ids,
    traces: &Traces,
) -> Result<(), StoreError> {
    let Some(here) = tx.origin()?.map(|origin| origin.incarnation) else { return Ok(()) };
    let mut drafts = Vec::new();
    let mut seen = BTreeSet::new();
    for change in changes {
        let began = SystemTime::now();
        let fact = &change.recorded.fact;
        let Payload::CheckedOut(p) = &fact.payload else { continue };
        if fact.origin.incarnation != here || !seen.insert(p.visit_id) {
            continue;
        }
        let visit = Visit::of(recorded(&tx.facts_about(&[p.visit_id.0].into())?));
        let Some(earned) = earn(p.visit_id, &visit, here) else { continue };
        drafts.push(Draft {
            event_id: EventId(ids.ordered(now)),
            customer_id: fact.customer_id,
            occurred_at: now,
            recorded_by: fact.recorded_by,
            causation_id: Some(fact.event_id),
            rules: fact.rules,
            traceparent: traces.consequence(SpanStep::Earning, fact, (now, began)),
            payload: earned.into(),
        });
    }
    if !drafts.is_empty() {
        tx.append(drafts)?;
    }
    Ok(())
}
