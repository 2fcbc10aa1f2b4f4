//! point's giving policy: another terminal's question for points is answered, once, from what is held here (ADR 0017).
//!
//! An answer is the fact `Given`: what it hands over isn't held here from that moment on, however long the receiver takes to
//! read it. So both may be cut off at any time and no point is held twice.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Draft, Given, Payload};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::point::{Account, answer, hand_over};
use nosmoke_ports::contract::SpanStep;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Change, Ids, ReadFacts, StoreError, Write, WriteFacts};
use nosmoke_reading::reference;
use nosmoke_reading::state::load;

/// Answers the questions among these changes.
pub(super) fn follow(
    tx: &mut dyn Write,
    changes: &[Change],
    now: DateTime<Utc>,
    ids: &dyn Ids,
    traces: &Traces,
) -> Result<(), StoreError> {
    let Some(here) = tx.origin()?.map(|origin| origin.incarnation) else { return Ok(()) };
    let rules = reference::rules(tx)?;
    for change in changes {
        let began = SystemTime::now();
        let fact = &change.recorded.fact;
        let Payload::Asked(asked) = &fact.payload else { continue };
        let customer = fact.customer_id;
        let account = load::<Account>(tx, customer)?.state;
        let inside = is_inside_here(tx, customer, here)?;
        if let Some(given) = answer(&account, here, asked.ask_id, inside, &rules) {
            let traceparent = traces.consequence(SpanStep::Giving, fact, (now, began));
            give(tx, change, given, (rules.generation, traceparent), (now, ids))?;
        }
    }
    Ok(())
}

/// Hands what is held here of the customers of these changes to the hub, unless they are inside here.
pub(super) fn hand_over_to_hub(
    tx: &mut dyn Write,
    changes: &[Change],
    hub: IncarnationId,
    now: DateTime<Utc>,
    ids: &dyn Ids,
) -> Result<(), StoreError> {
    let Some(here) = tx.origin()?.map(|origin| origin.incarnation) else { return Ok(()) };
    let generation = reference::rules(tx)?.generation;
    for change in changes {
        let customer = change.recorded.fact.customer_id;
        let visits = load::<Visits>(tx, customer)?.state;
        // What a check-out is still to earn is handed over when it is earned.
        if visits.open.values().any(|visit| visit.entry.as_ref().is_some_and(|entry| entry.incarnation == here)) {
            continue;
        }
        let account = load::<Account>(tx, customer)?.state;
        if let Some(given) = hand_over(&account, here, hub) {
            // Nobody waits for it.
            give(tx, change, given, (generation, None), (now, ids))?;
        }
    }
    Ok(())
}

fn is_inside_here(tx: &mut dyn ReadFacts, customer: CustomerId, here: IncarnationId) -> Result<bool, StoreError> {
    let visits = load::<Visits>(tx, customer)?.state;
    let mut inside = visits.open.values().filter(|visit| visit.is_inside());
    Ok(inside.any(|visit| visit.entry.as_ref().is_some_and(|entry| entry.incarnation == here)))
}

fn give(
    tx: &mut dyn WriteFacts,
    because: &Change,
    given: Given,
    (rules, traceparent): (u64, Option<String>),
    (now, ids): (DateTime<Utc>, &dyn Ids),
) -> Result<(), StoreError> {
    let fact = &because.recorded.fact;
    tx.append(vec![Draft {
        event_id: EventId(ids.ordered(now)),
        customer_id: fact.customer_id,
        occurred_at: now,
        recorded_by: fact.recorded_by,
        causation_id: Some(fact.event_id),
        rules,
        traceparent,
        payload: given.into(),
    }])?;
    Ok(())
}
