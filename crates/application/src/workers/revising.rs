//! penalty's revising policy: brings the levels of a rule set that was published for present standings to every customer
//! with penalty points outstanding under an older one. It runs where the set was published, or where a manager has
//! started it again: first through the list of open penalties, then along the change feed, for penalties that arrive
//! later. Recording the levels of a set twice changes nothing.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Draft, LevelsRevised, Payload, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::point::{Account, revise_levels};
use nosmoke_ports::{Priority, Read, StoreError, Worker, Write, read, write};
use nosmoke_reading::rule_sets;
use nosmoke_reading::state::load;
use nosmoke_runtime::Step;

use super::handing_over::LOOK_INTERVAL;
use super::steps::Workers;
use crate::revising::Revision;

/// The facts of one step, and where the work stands after it.
struct Plan {
    before: Revision,
    after: Revision,
    checkpoint: i64,
    revised: Vec<(CustomerId, LevelsRevised)>,
    is_more: bool,
}

enum Planned {
    /// There is no revision to do here, or all of it is done.
    Nothing,
    /// penalty's projector hasn't passed the penalties that were known when the revision began.
    Waits,
    Plan(Plan),
}

impl Workers {
    /// Revises the levels of at most `size` customers.
    pub(super) async fn revise_step(&self, size: usize, set_aside: &BTreeSet<CustomerId>) -> Result<Step, StoreError> {
        let (last, set_aside) = (self.core.feed.last_written(), set_aside.clone());
        // Most customers need nothing, so they are looked at beside the writer.
        let planned = read::<_, StoreError>(&*self.core.journal, move |tx| plan(tx, size, &set_aside)).await?;
        let Plan { before, after, checkpoint, revised, is_more } = match planned {
            Planned::Nothing => {
                self.core.feed.folded(Worker::Revising, last);
                return Ok(Step::Idle);
            }
            Planned::Waits => return Ok(Step::After(LOOK_INTERVAL)),
            Planned::Plan(plan) => plan,
        };
        let (clock, ids) = (self.core.clock.clone(), self.core.ids.clone());
        let unit = move |tx: &mut dyn Write| {
            // A manager may have started it again since the read.
            if Revision::read(tx)? != Some(before) {
                return Ok(());
            }
            let now = clock.now();
            let draft = |(customer_id, revised): &(CustomerId, LevelsRevised)| Draft {
                event_id: EventId(ids.ordered(now)),
                customer_id: *customer_id,
                occurred_at: now,
                recorded_at: now,
                recorded_by: Recorder::Program,
                approved_by: None,
                causation_id: None,
                rules: before.generation,
                traceparent: None,
                payload: revised.clone().into(),
            };
            if !revised.is_empty() {
                tx.append(revised.iter().map(draft).collect())?;
            }
            tx.put_checkpoint(Worker::Revising, checkpoint)?;
            after.put(tx)
        };
        let ((), written) = write::<_, StoreError>(&*self.core.journal, Priority::Background, unit).await?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        self.core.feed.folded(Worker::Revising, checkpoint);
        Ok(if is_more { Step::More } else { Step::Idle })
    }
}

fn plan(tx: &mut dyn Read, size: usize, set_aside: &BTreeSet<CustomerId>) -> Result<Planned, StoreError> {
    let Some(before) = Revision::read(tx)? else { return Ok(Planned::Nothing) };
    // A later set for present standings is brought by the terminal that published it. Levels that only a newer program
    // understands wait for the upgrade.
    let set = rule_sets::for_present(tx)?.filter(|set| {
        set.rules.generation == before.generation && !set.not_understood.iter().any(|field| field == "levels")
    });
    let Some(set) = set else { return Ok(Planned::Nothing) };
    let checkpoint = tx.checkpoint(Worker::Revising)?;
    let mut after = before;
    let (mut customers, checkpoint, is_more) = if before.complete {
        let changes = tx.changes(checkpoint, size)?;
        let Some(last) = changes.last().map(|change| change.change_seq) else { return Ok(Planned::Nothing) };
        let facts = changes.iter().map(|change| &change.recorded.fact);
        let customers: Vec<_> =
            facts.filter(|fact| is_of_penalty(&fact.payload)).map(|fact| fact.customer_id).collect();
        (customers, last, changes.len() == size)
    } else {
        if tx.checkpoint(Worker::Penalty)? < before.from {
            return Ok(Planned::Waits);
        }
        let customers = tx.with_open_penalties(before.after, size)?;
        after.complete = customers.len() < size;
        after.after = customers.last().copied().or(before.after);
        // The change feed comes next.
        (customers, checkpoint, true)
    };
    customers.sort_unstable();
    customers.dedup();
    customers.retain(|customer| !set_aside.contains(customer));
    let mut revised = Vec::new();
    for customer in customers {
        let account = load::<Account>(tx, customer)?.state;
        revised.extend(revise_levels(&account, &set.rules).map(|it| (customer, it)));
    }
    after.revised += revised.len() as u64;
    Ok(Planned::Plan(Plan { before, after, checkpoint, revised, is_more }))
}

const fn is_of_penalty(payload: &Payload) -> bool {
    matches!(
        payload,
        Payload::PenaltyImposed(_)
            | Payload::PenaltyDeducted(_)
            | Payload::PenaltyVoided(_)
            | Payload::PenaltyDeductionVoided(_)
    )
}
