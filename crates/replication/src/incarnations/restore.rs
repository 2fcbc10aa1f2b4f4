//! After a backup was restored, another incarnation begins and takes over the holdings of the old one (ADR 0004).
//! Without a cluster this is part of the restore, because the manager confirms that the old PC is out of use. With a
//! cluster, the log may hold payments that the old incarnation made after the backup, so the new one holds nothing
//! until the log was read and a manager reclaims ([`crate::incarnations::reclaim`]).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Origin, Recorder};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{
    Clock, Ids, Journal, Place, Priority, RESTORED_FROM, RestoredFrom, StoreError, Write, read, setting, write,
};
use nosmoke_runtime::present::Present;
use serde::{Deserialize, Serialize};

use super::reclaim::{left_behind, reclaim_batch};
use crate::LogMemory;

/// Setting: "true" from a restore until the earlier incarnations' holdings have been taken over.
const TAKING_OVER: &str = "taking_over";

/// Begins another incarnation if the journal was restored from a backup since the present one began. Idempotent, also
/// after a crash.
///
/// # Errors
/// An error of the store.
pub async fn begin_incarnation(journal: &dyn Journal, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        let (Some(old), Some(text)) = (tx.origin()?, tx.setting(RESTORED_FROM)?) else { return Ok(()) };
        let restored: RestoredFrom = serde_json::from_str(&text)
            .map_err(|error| StoreError::Corrupt(format!("the setting {RESTORED_FROM} is unreadable: {error}")))?;
        if restored.incarnation == Some(old.incarnation) {
            tx.put_origin(Origin { incarnation: IncarnationId(ids.random()), ..old })?;
            tx.put_setting(TAKING_OVER, "true")?;
        }
        Ok(())
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Setting: where the journal lay when an incarnation last recorded there.
const PLACE: &str = "place";

/// The value of the setting [`PLACE`]. After a restore another incarnation begins, of which nothing is noted yet.
#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    incarnation: IncarnationId,
    place: Place,
}

/// What a folder's mark is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The first of the incarnations that the folder records for: the mark is named by it, also after it ended.
    pub incarnation: IncarnationId,
    /// The number of facts of these incarnations. It never falls in a folder that is in use.
    pub seq: u64,
    /// Where the journal lay when it was last opened to record for these incarnations.
    pub noted: Option<Place>,
}

/// Returns what the folder's mark is compared with; `None` before the set-up.
///
/// # Errors
/// An error of the store.
pub async fn marked(journal: &dyn Journal) -> Result<Option<Marked>, AppError> {
    let marked = read::<_, StoreError>(journal, |tx| {
        let own = tx.own_incarnations()?;
        let Some(incarnation) = own.first().copied() else { return Ok(None) };
        let heads = tx.extent()?.heads;
        let seq = own.iter().filter_map(|own| heads.get(own)).sum();
        let noted = setting::read::<Noted>(tx, PLACE)?.filter(|noted| noted.incarnation == incarnation);
        Ok(Some(Marked { incarnation, seq, noted: noted.map(|noted| noted.place) }))
    })
    .await?;
    Ok(marked)
}

/// Notes in the journal where it lies.
///
/// # Errors
/// An error of the store.
pub async fn note_place(journal: &dyn Journal, incarnation: IncarnationId, place: Place) -> Result<(), AppError> {
    let noted = Noted { incarnation, place };
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, PLACE, &noted)?);
    write::<(), AppError>(journal, Priority::Background, unit).await?;
    Ok(())
}

/// Begins another incarnation because this journal is an older one or a copy. The new incarnation holds no points until
/// those of the old one are reclaimed.
///
/// # Errors
/// An error of the store.
pub async fn begin_another_incarnation(
    journal: &dyn Journal,
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        let Some(old) = tx.origin()? else { return Ok(()) };
        tx.put_setting(TAKING_OVER, "true")?;
        Ok(begin_another(tx, old, &*ids, now)?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Leaves all incarnations of this folder behind and begins another one.
pub(crate) fn begin_another(
    tx: &mut dyn Write,
    old: Origin,
    ids: &dyn Ids,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.put_origin(Origin { incarnation: IncarnationId(ids.random()), ..old })?;
    LogMemory::change(tx, |memory| memory.new_incarnation_at = Some(now))
}

/// Takes over the holdings of the folder's earlier incarnations, batch by batch, if `TAKING_OVER` is set. Starts
/// again after a crash.
///
/// # Errors
/// An error of the store; the batches finished before it stay taken over.
pub async fn take_over(journal: &dyn Journal, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    let mut after = None;
    loop {
        let (clock, ids) = (clock.clone(), ids.clone());
        let unit = move |tx: &mut dyn Write| {
            if tx.setting(TAKING_OVER)?.as_deref() != Some("true") {
                return Ok(None);
            }
            let earlier = left_behind(tx)?;
            let next = reclaim_batch(
                tx,
                after,
                &earlier,
                (Present::uncorrected(clock.now()), &*ids),
                (Recorder::Program, None),
            )?;
            if next.is_none() {
                tx.put_setting(TAKING_OVER, "false")?;
            }
            Ok(next)
        };
        let (next, _) = write::<_, AppError>(journal, Priority::Background, unit).await?;
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Clears `TAKING_OVER`: with a cluster configured a manager reclaims instead.
///
/// # Errors
/// An error of the store.
pub async fn leave_to_manager(journal: &dyn Journal) -> Result<(), AppError> {
    let unit = |tx: &mut dyn Write| match tx.setting(TAKING_OVER)?.as_deref() {
        Some("true") => Ok(tx.put_setting(TAKING_OVER, "false")?),
        _ => Ok(()),
    };
    write::<(), AppError>(journal, Priority::Background, unit).await?;
    Ok(())
}
