//! After a backup was put back: another incarnation begins, and takes over what the old one held (ADR 0004).
//!
//! With no cluster configured this happens within the restore itself: the manager confirms that the old PC is out of use. With
//! one, the log may hold what the old life had paid since the backup: the new one holds nothing until everything was read and a
//! manager reclaims it ([`crate::lives::reclaim`]).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Origin, Recorder};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Clock, Ids, Journal, Priority, RESTORED_FROM, RestoredFrom, StoreError, Write, read, write};

use super::reclaim::take_block;
use crate::LogMemory;

/// The setting that says, from a restore until it is done, that the earlier lives' holdings are to be taken over.
const TAKING_OVER: &str = "taking_over";

/// Begins another incarnation of this terminal if its journal was put back from a backup since the last one began.
/// Done again, also after a crash, it changes nothing more.
///
/// # Errors
/// The store's.
pub async fn begin_incarnation(journal: &dyn Journal, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        let (Some(old), Some(text)) = (tx.origin()?, tx.setting(RESTORED_FROM)?) else { return Ok(()) };
        let restored: RestoredFrom = serde_json::from_str(&text)
            .map_err(|error| StoreError::Corrupt(format!("setting {RESTORED_FROM}: {error}")))?;
        if restored.incarnation == Some(old.incarnation) {
            tx.put_origin(Origin { incarnation: IncarnationId(ids.random()), ..old })?;
            tx.put_setting(TAKING_OVER, "true")?;
        }
        Ok(())
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// The setting that says of an incarnation that it was marked outside the data folder.
const MARKED: &str = "marked";

/// The incarnation that records here, its last seq, and whether it was marked outside the data folder.
///
/// # Errors
/// The store's.
pub async fn life(journal: &dyn Journal) -> Result<Option<(IncarnationId, u64, bool)>, AppError> {
    let life = read::<_, StoreError>(journal, |tx| {
        let Some(origin) = tx.origin()? else { return Ok(None) };
        let seq = tx.extent()?.heads.get(&origin.incarnation).copied().unwrap_or(0);
        let marked = tx.setting(MARKED)?.is_some_and(|marked| marked == origin.incarnation.to_string());
        Ok(Some((origin.incarnation, seq, marked)))
    })
    .await?;
    Ok(life)
}

/// Remembers that the present incarnation was marked.
///
/// # Errors
/// The store's.
pub async fn note_marked(journal: &dyn Journal) -> Result<(), AppError> {
    let unit = |tx: &mut dyn Write| {
        let Some(origin) = tx.origin()? else { return Ok(()) };
        Ok(tx.put_setting(MARKED, &origin.incarnation.to_string())?)
    };
    write::<(), AppError>(journal, Priority::Background, unit).await?;
    Ok(())
}

/// Begins another incarnation because this journal is older than it was once, or a copy: it holds nothing until what the
/// old one held is reclaimed.
///
/// # Errors
/// The store's.
pub async fn begin_another_life(journal: &dyn Journal, ids: Arc<dyn Ids>, now: DateTime<Utc>) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        let Some(old) = tx.origin()? else { return Ok(()) };
        tx.put_origin(Origin { incarnation: IncarnationId(ids.random()), ..old })?;
        tx.put_setting(TAKING_OVER, "true")?;
        Ok(LogMemory::change(tx, |memory| memory.new_life_at = Some(now))?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Takes over what the folder's earlier incarnations held, customer by customer; goes on after a crash. Nothing to do is no error.
///
/// # Errors
/// The store's; what was taken over so far stays.
pub async fn take_over(
    journal: &dyn Journal,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    recorder: Recorder,
) -> Result<(), AppError> {
    let mut after = None;
    loop {
        let (clock, ids) = (clock.clone(), ids.clone());
        let unit = move |tx: &mut dyn Write| {
            if tx.setting(TAKING_OVER)?.as_deref() != Some("true") {
                return Ok(None);
            }
            let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.incarnation;
            let earlier = tx.lives()?.into_iter().map(|life| life.incarnation).filter(|life| *life != here).collect();
            let next = take_block(tx, after, &earlier, (&*clock, &*ids), recorder)?;
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

/// With a cluster configured, taking over is left to a manager.
///
/// # Errors
/// The store's.
pub async fn leave_to_manager(journal: &dyn Journal) -> Result<(), AppError> {
    let unit = |tx: &mut dyn Write| match tx.setting(TAKING_OVER)?.as_deref() {
        Some("true") => Ok(tx.put_setting(TAKING_OVER, "false")?),
        _ => Ok(()),
    };
    write::<(), AppError>(journal, Priority::Background, unit).await?;
    Ok(())
}
