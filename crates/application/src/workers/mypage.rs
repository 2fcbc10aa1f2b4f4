//! The customer center's projector (CQRS, N5 to N8): from the journal into a store of its own (S5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use nosmoke_domain::fact::Fact;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Change, MypageStore, ProjectionBatch, ReadFacts, StoreError, Worker, read};
use nosmoke_runtime::measures::Node;
use nosmoke_runtime::{Core, Step};
use uuid::Uuid;

use super::entries::entries;

pub(super) async fn step(
    (core, mypage): (&Core, &dyn MypageStore),
    size: usize,
    set_aside: Arc<BTreeSet<CustomerId>>,
) -> Result<Step, StoreError> {
    let after = mypage.checkpoint().await?;
    core.feed.folded(Worker::Mypage, after);
    let Some((batch, full)) = read(&*core.journal, move |tx| gather(tx, after, size, &set_aside)).await? else {
        return Ok(Step::Idle);
    };
    let checkpoint = batch.checkpoint;
    let begun = Instant::now();
    let applied = mypage.apply(batch).await;
    core.measures.record((Node::Mypage, Node::MypageDb), 1, begun.elapsed(), applied.is_ok());
    if !applied? {
        return Ok(Step::More);
    }
    core.feed.folded(Worker::Mypage, checkpoint);
    Ok(if full { Step::More } else { Step::Idle })
}

/// Projects a customer's changes that the checkpoint has passed already.
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
    // One that was set back meanwhile comes by these changes again.
    mypage.apply(batch.await?).await.map(drop)
}

fn gather(
    tx: &mut dyn ReadFacts,
    after: i64,
    size: usize,
    set_aside: &BTreeSet<CustomerId>,
) -> Result<Option<(ProjectionBatch, bool)>, StoreError> {
    let mut changes = tx.changes(after, size)?;
    let Some(checkpoint) = changes.last().map(|change| change.change_seq) else { return Ok(None) };
    let full = changes.len() == size;
    changes.retain(|change| !set_aside.contains(&change.recorded.fact.customer_id));
    Ok(Some((batch(tx, &changes, after, checkpoint)?, full)))
}

/// The rows of every visit, payment, correction and penalty that these changes are about.
fn batch(
    tx: &mut dyn ReadFacts,
    changes: &[Change],
    after: i64,
    checkpoint: i64,
) -> Result<ProjectionBatch, StoreError> {
    let subjects: BTreeSet<Uuid> = changes.iter().filter_map(|change| row_subject(&change.recorded.fact)).collect();
    let mut facts: BTreeMap<Uuid, Vec<Change>> = BTreeMap::new();
    for change in tx.facts_about(&subjects)? {
        if let Some(subject) = row_subject(&change.recorded.fact) {
            facts.entry(subject).or_default().push(change);
        }
    }
    let rows = facts.iter().flat_map(|(subject, facts)| entries(*subject, facts)).collect();
    Ok(ProjectionBatch { subjects: subjects.into_iter().collect(), rows, after, checkpoint })
}

/// An earning makes a row with its visit; everything else with its own subject.
fn row_subject(fact: &Fact) -> Option<Uuid> {
    fact.related().or(fact.subject())
}
