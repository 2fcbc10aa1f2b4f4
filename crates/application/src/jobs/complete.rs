//! Makes sure that Mypage's read model has everything that an export must contain.

use std::time::{Duration, Instant};

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AppError, ContextName, ErrorCode};
use nosmoke_ports::{StoreError, Worker, read};
use serde_json::{Value, json};

use crate::queries::Queries;
use crate::workers::set_aside_by;

/// How long the projectors may make no progress before an export gives up.
const STALLED_TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Waits until Mypage's read model includes all changes recorded so far, however long its projector takes, and returns
/// the last one. It compares the checkpoint in the read model itself, because the change feed doesn't know when a read
/// model on a server has begun again.
///
/// # Errors
/// `context_stopped`; `mypage_behind` if the projector fails, hangs or makes no progress; an error of `meanwhile`, which
/// is called between two looks; or an error of the journal or of Mypage's store.
pub(crate) async fn wait_for_all(
    queries: &Queries,
    mut meanwhile: impl FnMut() -> Result<(), AppError>,
) -> Result<i64, AppError> {
    let target = read::<_, StoreError>(&*queries.core.journal, |tx| tx.last_change()).await?;
    let feed = &queries.core.feed;
    let (mut before, mut since) = (None, Instant::now());
    loop {
        queries.core.contexts.expect_open(ContextName::Mypage)?;
        let mypage = queries.mypage.checkpoint().await?;
        let point = read::<_, StoreError>(&*queries.core.journal, |tx| tx.checkpoint(Worker::Point)).await?;
        // Without point a penalty isn't ACCRUED yet (N10), which is no reason to keep the file from anybody.
        if mypage >= target && (point >= target || !feed.is_waited_for(Worker::Point)) {
            return Ok(target);
        }
        if before.replace((mypage, point)) != Some((mypage, point)) {
            since = Instant::now();
        }
        let stalled = since.elapsed() > STALLED_TIMEOUT;
        if mypage < target && (stalled || !feed.is_waited_for(Worker::Mypage)) {
            return Err(behind(target - mypage));
        }
        if stalled {
            return Ok(target);
        }
        meanwhile()?;
        if mypage < target {
            // A projector whose read model has begun again doesn't know yet that changes are missing.
            feed.nudge();
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Checks that Mypage's projector has set aside none of the customers who are exported: it has passed their changes
/// without projecting them.
///
/// # Errors
/// `mypage_behind`, or an error of the store.
pub(crate) async fn expect_none_set_aside(queries: &Queries, customer: Option<CustomerId>) -> Result<(), AppError> {
    let set_aside = read::<_, StoreError>(&*queries.core.journal, |tx| set_aside_by(tx, Worker::Mypage)).await?;
    let lacking = set_aside.keys().filter(|lacking| customer.is_none_or(|customer| customer == **lacking)).count();
    if lacking == 0 { Ok(()) } else { Err(incomplete("set_aside", json!(lacking))) }
}

/// The error of an export that would leave out the last `missing` changes.
pub(crate) fn behind(missing: i64) -> AppError {
    incomplete("behind", json!(missing))
}

fn incomplete(reason: &str, missing: Value) -> AppError {
    AppError::with(ErrorCode::MypageBehind, json!({ "reason": reason, "missing": missing }))
}
