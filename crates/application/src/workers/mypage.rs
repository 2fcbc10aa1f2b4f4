//! The customer center's projector (CQRS, N5 to N8): from the journal into a store of its own (S5).

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Fact;
use uuid::Uuid;

use super::entries::entries;
use super::{STEP, Step, Workers};
use crate::ports::{Change, ProjectionBatch, Read, StoreError, Worker, read};

pub(super) async fn step(workers: &Workers) -> Result<Step, StoreError> {
    let after = workers.mypage.checkpoint().await?;
    let Some((batch, full)) = read(&*workers.journal, move |tx| gather(tx, after)).await? else {
        return Ok(Step::Idle);
    };
    let checkpoint = batch.checkpoint;
    if !workers.mypage.apply(batch).await? {
        return Ok(Step::More);
    }
    workers.feed.folded(Worker::Mypage, checkpoint);
    Ok(if full { Step::More } else { Step::Idle })
}

/// The rows of every visit, payment, correction and penalty that the next changes are about.
fn gather(tx: &mut dyn Read, after: i64) -> Result<Option<(ProjectionBatch, bool)>, StoreError> {
    let changes = tx.changes(after, STEP)?;
    let Some(checkpoint) = changes.last().map(|change| change.change_seq) else { return Ok(None) };
    let subjects: BTreeSet<Uuid> = changes.iter().filter_map(|change| row_subject(&change.recorded.fact)).collect();
    let mut facts: BTreeMap<Uuid, Vec<Change>> = BTreeMap::new();
    for change in tx.facts_about(&subjects)? {
        if let Some(subject) = row_subject(&change.recorded.fact) {
            facts.entry(subject).or_default().push(change);
        }
    }
    let rows = facts.iter().flat_map(|(subject, facts)| entries(*subject, facts)).collect();
    let batch = ProjectionBatch { subjects: subjects.into_iter().collect(), rows, after, checkpoint };
    Ok(Some((batch, changes.len() == STEP)))
}

/// An earning makes a row with its visit; everything else with its own subject.
fn row_subject(fact: &Fact) -> Option<Uuid> {
    fact.related().or(fact.subject())
}
