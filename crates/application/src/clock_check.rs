//! Asks at a start whether this PC's clock can be right. If it is before this terminal's newest fact, or over 60 days after
//! it, the window shows no verdicts until a person confirms the clock, or it is set, or a measurement against the cluster
//! corrects it.

use chrono::{DateTime, Utc};
use nosmoke_domain::clock::{self, doubt};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::contract::{ClockDoubt, ClockQuestion};
use nosmoke_ports::{Priority, StoreError, Write, read, setting, write};
use nosmoke_runtime::Core;
use serde::{Deserialize, Serialize};

const KEY: &str = "clock_check";

/// What is kept of the last question. Facts of machines go on while it is asked, so the next start can't judge the clock by
/// the newest fact alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Kept {
    /// Nobody has answered. The clock is compared with the newest fact before it was doubted.
    Asked { newest_fact_at: DateTime<Utc> },
    /// The clock was right at a moment, after this fact.
    Answered { newest_fact: EventId, at: DateTime<Utc> },
}

/// Compares the clock with this terminal's newest fact. Called when a folder is opened to record in it, before anything
/// is recorded.
///
/// # Errors
/// An error of the store; the clock is asked about nevertheless.
pub async fn begin(core: &Core) -> Result<(), StoreError> {
    let (kept, newest) = read::<_, StoreError>(&*core.journal, |tx| {
        let newest = tx.recent(None, 1)?.pop().map(|change| change.recorded.fact);
        let kept = match setting::read::<Kept>(tx, KEY) {
            Err(StoreError::Corrupt(_)) => None,
            kept => kept?,
        };
        Ok((kept, newest))
    })
    .await?;
    let Some(newest) = newest else { return Ok(()) };
    let newest_fact_at = match kept {
        Some(Kept::Asked { newest_fact_at }) => newest_fact_at,
        Some(Kept::Answered { newest_fact, at }) if newest_fact == newest.event_id => at,
        Some(Kept::Answered { .. }) | None => newest.recorded_at,
    };
    core.present.set_doubted_since(Some(newest_fact_at));
    let was_asked = matches!(kept, Some(Kept::Asked { .. }));
    match question_of(core) {
        Some(_) if was_asked => Ok(()),
        Some(_) => keep(core, move |_| Ok(Some(Kept::Asked { newest_fact_at }))).await,
        None if was_asked => answer(core).await,
        None => {
            core.present.set_doubted_since(None);
            Ok(())
        }
    }
}

/// Returns what to ask; `None` if the clock wasn't doubted, if it was confirmed, or if it is right by now.
pub async fn question(core: &Core) -> Option<ClockQuestion> {
    let asked = question_of(core);
    if asked.is_none() && core.present.doubted_since().is_some() {
        confirm(core).await;
    }
    asked
}

/// Notes that the clock is right. On a full disk only this run knows it, and the next start asks again.
pub async fn confirm(core: &Core) {
    if core.present.doubted_since().is_some()
        && let Err(error) = answer(core).await
    {
        tracing::warn!(%error, "the answer about the clock can't be kept; the next start asks again");
    }
}

fn question_of(core: &Core) -> Option<ClockQuestion> {
    let newest = core.present.doubted_since()?;
    let now = core.present.moment();
    let doubt = match doubt(newest, now)? {
        clock::ClockDoubt::Behind => ClockDoubt::Behind,
        clock::ClockDoubt::LongAfter => ClockDoubt::LongAfter,
    };
    Some(ClockQuestion { doubt, newest_fact_at: newest.timestamp_millis(), now: now.timestamp_millis() })
}

async fn answer(core: &Core) -> Result<(), StoreError> {
    core.present.set_doubted_since(None);
    let at = core.present.moment();
    keep(core, move |tx| {
        let newest = tx.recent(None, 1)?.pop().map(|change| change.recorded.fact.event_id);
        Ok(newest.map(|newest_fact| Kept::Answered { newest_fact, at }))
    })
    .await
}

async fn keep(
    core: &Core,
    kept: impl Fn(&mut dyn Write) -> Result<Option<Kept>, StoreError> + Send + 'static,
) -> Result<(), StoreError> {
    let unit = move |tx: &mut dyn Write| match kept(tx)? {
        Some(kept) => setting::put(tx, KEY, &kept),
        None => Ok(()),
    };
    write(&*core.journal, Priority::Command, unit).await.map(|_| ())
}
