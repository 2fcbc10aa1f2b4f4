//! Mypage's projector (CQRS, N5 to N8): derives Mypage's entries from the journal and writes them to a read model in a
//! store of its own (S5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Change, ForkProgress, MypageStore, ProjectionBatch, ReadFacts, StoreError, Worker, read};
use nosmoke_reading::entries::{entries, of_customers, subject_of};
use nosmoke_runtime::measures::Node;
use nosmoke_runtime::{Core, Step};
use uuid::Uuid;

use super::forks;
use super::rows::customers;

pub(super) async fn step(
    (core, mypage): (&Core, &dyn MypageStore),
    size: usize,
    set_aside: Arc<BTreeSet<CustomerId>>,
) -> Result<Step, StoreError> {
    let mut checkpoint = mypage.checkpoint().await?;
    core.feed.folded(Worker::Mypage, checkpoint);
    let (after, skipped) = (checkpoint, set_aside.clone());
    let Gathered { batch, full, forked } = read(&*core.journal, move |tx| gather(tx, after, size, &skipped)).await?;
    if let Some(batch) = batch {
        checkpoint = batch.checkpoint;
        if !apply((core, mypage), batch).await? {
            return Ok(Step::More);
        }
        core.feed.folded(Worker::Mypage, checkpoint);
    }
    if full || forked.is_empty() {
        return Ok(if full { Step::More } else { Step::Idle });
    }
    let block = forks::next_block((core, mypage), (forked, checkpoint), size, set_aside).await?;
    let Some((batch, overspent)) = block else { return Ok(Step::Idle) };
    if apply((core, mypage), batch).await? && !overspent.is_empty() {
        core.feed.reprojected(overspent);
    }
    Ok(Step::More)
}

/// Writes a batch. Returns false if the read model was cleared meanwhile; then nothing is written.
async fn apply((core, mypage): (&Core, &dyn MypageStore), batch: ProjectionBatch) -> Result<bool, StoreError> {
    let begun = Instant::now();
    let applied = mypage.apply(batch).await;
    core.measures.observe((Node::Mypage, Node::MypageDb), 1, begun.elapsed(), applied.is_ok());
    applied
}

/// Projects a customer's changes that were skipped, while the customer was set aside, and lie before the checkpoint.
pub(super) async fn catch_up_on(
    (core, mypage): (&Core, &dyn MypageStore),
    customer: CustomerId,
    from: i64,
) -> Result<(), StoreError> {
    let checkpoint = mypage.checkpoint().await?;
    let batch = read(&*core.journal, move |tx| {
        let mut changes = tx.facts_after(customer, from - 1)?;
        changes.retain(|change| change.change_seq <= checkpoint);
        batch(tx, &changes, checkpoint, checkpoint)
    });
    // If the checkpoint was reset meanwhile, nothing is written, because the projector will process these changes again
    // anyway.
    mypage.apply(batch.await?).await.map(drop)
}

/// What a step read from the journal.
struct Gathered {
    /// `None` if there are no changes.
    batch: Option<ProjectionBatch>,
    /// Whether there may be more changes.
    full: bool,
    forked: BTreeSet<IncarnationId>,
}

fn gather(
    tx: &mut dyn ReadFacts,
    after: i64,
    size: usize,
    set_aside: &BTreeSet<CustomerId>,
) -> Result<Gathered, StoreError> {
    let (mut changes, forked) = (tx.changes(after, size)?, tx.forked()?);
    let Some(checkpoint) = changes.last().map(|change| change.change_seq) else {
        return Ok(Gathered { batch: None, full: false, forked });
    };
    let full = changes.len() == size;
    changes.retain(|change| !set_aside.contains(&change.recorded.fact.customer_id));
    let mut batch = batch(tx, &changes, after, checkpoint)?;
    if after == 0 {
        // The forks that are known at the beginning are taken into account in every customer's entries.
        batch.forks = forked.iter().map(|fork| (*fork, ForkProgress::All)).collect();
    }
    Ok(Gathered { batch: Some(batch), full, forked })
}

/// Computes the rows of all visits, payments, corrections and penalties that appear in these changes, and of the points
/// written off for their customers.
fn batch(
    tx: &mut dyn ReadFacts,
    changes: &[Change],
    after: i64,
    checkpoint: i64,
) -> Result<ProjectionBatch, StoreError> {
    let subjects: BTreeSet<Uuid> = changes.iter().filter_map(|change| subject_of(&change.recorded.fact)).collect();
    let mut facts: BTreeMap<Uuid, Vec<Change>> = BTreeMap::new();
    for change in tx.facts_about(&subjects)? {
        if let Some(subject) = subject_of(&change.recorded.fact) {
            facts.entry(subject).or_default().push(change);
        }
    }
    let mut rows: Vec<_> = facts.iter().flat_map(|(subject, facts)| entries(*subject, facts)).collect();
    let written_off = of_customers(tx, &customers(changes))?;
    rows.extend(written_off.rows);
    let subjects = subjects.into_iter().chain(written_off.subjects).collect();
    Ok(ProjectionBatch { subjects, rows, after, checkpoint, forks: Vec::new() })
}
