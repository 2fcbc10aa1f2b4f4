//! Runs workers step by step until they are idle, for tests that don't start them.

use nosmoke_application::workers::Workers;
use nosmoke_ports::{Pace, StoreError, Worker};
use nosmoke_runtime::Step;
use nosmoke_runtime::feed::WORKERS;

/// Steps every worker whose context isn't stopped, until all are idle.
///
/// # Errors
/// Returns an error of the journal or of Mypage's store.
pub async fn settle(workers: &Workers) -> Result<(), StoreError> {
    settle_but(workers, &[]).await
}

/// Like [`settle`], but without stepping some workers.
///
/// # Errors
/// Returns an error of the journal or of Mypage's store.
pub async fn settle_but(workers: &Workers, not: &[Worker]) -> Result<(), StoreError> {
    let core = &workers.core;
    let steps = |worker: &Worker| core.contexts.unit_of(*worker).is_open() && !not.contains(worker);
    loop {
        let before = core.feed.last_written();
        for worker in WORKERS.into_iter().filter(steps) {
            while workers.step(worker, Pace::Free).await? == Step::More {}
        }
        if core.feed.last_written() == before {
            return Ok(());
        }
    }
}
