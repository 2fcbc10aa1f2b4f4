//! One step of a projector. It folds facts in a read transaction, which doesn't block the writer. Only the resulting
//! rows and the checkpoint are then written, in one short transaction (ADR 0008).

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Change, Priority, Read, ReadFacts, StoreError, Worker, Write, read, write};
use nosmoke_runtime::{Core, Step};

use super::rows::{ProjectedRow, put};
use super::{check_in, penalty, point, review};

/// The rows derived from the changes after the checkpoint `after`, up to the change `last`.
struct Projection {
    after: i64,
    last: i64,
    full: bool,
    rows: Vec<ProjectedRow>,
}

/// Whether this worker is a projector that writes to the journal.
pub(super) const fn is_projector(worker: Worker) -> bool {
    matches!(worker, Worker::CheckIn | Worker::Point | Worker::Penalty | Worker::Review)
}

pub(super) async fn step(
    core: &Core,
    worker: Worker,
    size: usize,
    set_aside: Arc<BTreeSet<CustomerId>>,
) -> Result<Step, StoreError> {
    let now = core.present.moment();
    let folded = read(&*core.journal, move |tx| fold(tx, worker, now, size, &set_aside)).await?;
    let Some(Projection { after, last, full, rows }) = folded else { return Ok(Step::Idle) };
    let unit = move |tx: &mut dyn Write| {
        // If the checkpoint was moved back since the read (facts became known to an upgraded program), these rows are
        // outdated and nothing is written.
        let stands = tx.checkpoint(worker)? == after;
        if stands {
            rows.iter().try_for_each(|row| put(tx, row))?;
            tx.put_checkpoint(worker, last)?;
        }
        Ok::<_, StoreError>(stands)
    };
    let (stood, _) = write(&*core.journal, Priority::Projection, unit).await?;
    if !stood {
        return Ok(Step::More);
    }
    core.feed.folded(worker, last);
    Ok(if full { Step::More } else { Step::Idle })
}

fn fold(
    tx: &mut dyn Read,
    worker: Worker,
    now: DateTime<Utc>,
    size: usize,
    set_aside: &BTreeSet<CustomerId>,
) -> Result<Option<Projection>, StoreError> {
    let after = tx.checkpoint(worker)?;
    let mut changes = tx.changes(after, size)?;
    let Some(last) = changes.last().map(|change| change.change_seq) else { return Ok(None) };
    let full = changes.len() == size;
    changes.retain(|change| !set_aside.contains(&change.recorded.fact.customer_id));
    let rows = project(tx, worker, &changes, now)?;
    Ok(Some(Projection { after, last, full, rows }))
}

fn project(
    tx: &mut dyn Read,
    worker: Worker,
    changes: &[Change],
    now: DateTime<Utc>,
) -> Result<Vec<ProjectedRow>, StoreError> {
    match worker {
        Worker::CheckIn => check_in::project(tx, changes),
        Worker::Point => point::project(tx, changes, now),
        Worker::Penalty => penalty::project(tx, changes),
        Worker::Review => review::project(tx, changes),
        Worker::Earning | Worker::Giving | Worker::HandingOver | Worker::Revising | Worker::Mypage => Ok(Vec::new()),
    }
}

/// Returns the rows from a customer's changes that were skipped: those from the change `from` up to the checkpoint.
pub(super) async fn passed_over(
    core: &Core,
    worker: Worker,
    customer: CustomerId,
    from: i64,
) -> Result<Vec<ProjectedRow>, StoreError> {
    let now = core.present.moment();
    read(&*core.journal, move |tx| {
        let changes = up_to_checkpoint(tx, worker, customer, from)?;
        project(tx, worker, &changes, now)
    })
    .await
}

pub(super) fn up_to_checkpoint(
    tx: &mut dyn ReadFacts,
    worker: Worker,
    customer: CustomerId,
    from: i64,
) -> Result<Vec<Change>, StoreError> {
    let checkpoint = tx.checkpoint(worker)?;
    let mut changes = tx.facts_after(customer, from - 1)?;
    changes.retain(|change| change.change_seq <= checkpoint);
    Ok(changes)
}
