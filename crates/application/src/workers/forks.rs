//! Looks through the customers when an incarnation has forked: points that it overspent are written off, also those of
//! customers of whom nothing new is recorded. A step of Mypage's projector looks at one block of customers, and the
//! progress is stored with the entries.

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_domain::point::Account;
use nosmoke_ports::{ForkProgress, MypageStore, ProjectionBatch, ReadFacts, StoreError, read};
use nosmoke_reading::entries::{WriteOffRows, of_customers};
use nosmoke_reading::state::load;
use nosmoke_runtime::Core;

/// Looks at the next `size` customers because of the first fork that isn't done. Returns the batch to write, and the
/// customers of whose points the fork overspent some; `None` if all forks are done.
pub(super) async fn next_block(
    (core, mypage): (&Core, &dyn MypageStore),
    (forked, checkpoint): (BTreeSet<IncarnationId>, i64),
    size: usize,
    set_aside: Arc<BTreeSet<CustomerId>>,
) -> Result<Option<(ProjectionBatch, Vec<CustomerId>)>, StoreError> {
    let progress = mypage.fork_progress().await?;
    let next = forked.into_iter().find_map(|fork| match progress.get(&fork) {
        None => Some((fork, None)),
        Some(ForkProgress::UpTo(customer)) => Some((fork, Some(*customer))),
        Some(ForkProgress::All) => None,
    });
    let Some((fork, after)) = next else { return Ok(None) };
    let mut customers = read(&*core.journal, move |tx| tx.customers_with_facts(after, size)).await?;
    let last = customers.last().copied().filter(|_| customers.len() == size);
    customers.retain(|customer| !set_aside.contains(customer));
    let (overspent, found) = look_at(core, fork, customers).await?;
    let batch = ProjectionBatch {
        subjects: found.subjects,
        rows: found.rows,
        after: checkpoint,
        checkpoint,
        forks: vec![(fork, last.map_or(ForkProgress::All, ForkProgress::UpTo))],
    };
    Ok(Some((batch, overspent.into_iter().collect())))
}

/// Returns the customers of whose points the fork overspent some, and the rows of their write-offs. A customer whose
/// fold panics is left out, and must not keep the others from being looked at.
async fn look_at(
    core: &Core,
    fork: IncarnationId,
    customers: Vec<CustomerId>,
) -> Result<(BTreeSet<CustomerId>, WriteOffRows), StoreError> {
    let block = customers.clone();
    let looked = read(&*core.journal, move |tx| overspent(tx, fork, &block)).await;
    let Err(StoreError::Panicked(_)) = looked else { return looked };
    let mut all = (BTreeSet::new(), WriteOffRows::default());
    for customer in customers {
        match read(&*core.journal, move |tx| overspent(tx, fork, &[customer])).await {
            Ok((customers, found)) => {
                all.0.extend(customers);
                all.1.subjects.extend(found.subjects);
                all.1.rows.extend(found.rows);
            }
            Err(StoreError::Panicked(panic)) => {
                tracing::error!(%customer, panic, "the points written off for this customer can't be derived");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

fn overspent(
    tx: &mut dyn ReadFacts,
    fork: IncarnationId,
    customers: &[CustomerId],
) -> Result<(BTreeSet<CustomerId>, WriteOffRows), StoreError> {
    let mut overspent = BTreeSet::new();
    for customer in customers {
        if load::<Account>(tx, *customer)?.state.holdings.lots(fork).below_zero() > 0 {
            overspent.insert(*customer);
        }
    }
    let found = of_customers(tx, &overspent)?;
    Ok((overspent, found))
}
