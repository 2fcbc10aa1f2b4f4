//! The task that makes the scheduled backups of an open folder: when one is due, and what became of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::commands::note_backup;
use nosmoke_application::settings::backup_schedule::{self, Kept, State};
use nosmoke_ports::contract::{AccessAct, AppError, BackupProblem, ErrorCode, OutdatedBackup};
use nosmoke_ports::{Access, AccessBy, Journal, Priority, StoreError, Write, read, write};
use nosmoke_store::Secret;
use nosmoke_store::backup::{self, Passphrase, Tell};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::backup_files::{blocking, worded};
use crate::backups::{BackupSource, MadeBackup, about, made_backup, own_terminal};

/// How often it is looked whether a backup is due.
const LOOK_INTERVAL: Duration = Duration::from_secs(30);
/// How long a failed backup isn't tried again.
const RETRY_INTERVAL: Duration = Duration::from_mins(10);
/// How long no other backup is made after one: if the computer's clock jumps to and fro, the
/// folder must not fill with backups of the same hour.
const PAUSE: Duration = Duration::from_hours(1);
/// How long closing the folder waits for the end of a backup.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// The task that makes the backups, and removes those that an erasure has made outdated.
#[derive(Debug)]
pub(crate) struct RunningBackups {
    stop: watch::Sender<bool>,
    look: Arc<Notify>,
    outdated: Arc<Mutex<Vec<OutdatedBackup>>>,
    task: JoinHandle<()>,
}

impl RunningBackups {
    /// Starts the task. `source` returns `None` once the folder is closed.
    pub(crate) fn start(source: impl Fn() -> Option<BackupSource> + Send + 'static) -> Self {
        let (stop, stopped) = watch::channel(false);
        let look = Arc::<Notify>::default();
        let outdated = Arc::<Mutex<_>>::default();
        let task = tokio::spawn(run(source, outdated.clone(), stopped, look.clone()));
        Self { stop, look, outdated, task }
    }

    /// Looks now whether a backup is due.
    pub(crate) fn look(&self) {
        self.look.notify_one();
    }

    /// Returns the backups that name people who were erased since, as the last look found them.
    pub(crate) fn outdated(&self) -> Vec<OutdatedBackup> {
        self.outdated.lock().clone()
    }

    /// Ends the task; a backup that is being made is given up and leaves nothing.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        if timeout(STOP_TIMEOUT, &mut self.task).await.is_err() {
            tracing::warn!("a backup doesn't end in time and is aborted");
            self.task.abort();
        }
    }
}

async fn run(
    source: impl Fn() -> Option<BackupSource> + Send + 'static,
    outdated: Arc<Mutex<Vec<OutdatedBackup>>>,
    mut stopped: watch::Receiver<bool>,
    looks: Arc<Notify>,
) {
    let tell: Tell = {
        let stopped = stopped.clone();
        Arc::new(move |_, _| !*stopped.borrow())
    };
    let mut pace = Pace::default();
    loop {
        let Some(source) = source() else { return };
        if pace.may_try(Instant::now()) {
            let tried = source.back_up_if_due(tell.clone()).await;
            if let Err(error) = &tried {
                tracing::warn!(code = %error.code.word(), "a scheduled backup failed");
            }
            pace.tried(&tried, Instant::now());
        }
        match source.remove_outdated().await {
            Ok(left) => *outdated.lock() = left,
            Err(error) => tracing::warn!(code = %error.code.word(), "the list of backups can't be looked through"),
        }
        // Not borrowed while waiting, so that the folder can close.
        drop(source);
        tokio::select! {
            _ = stopped.changed() => return,
            // Somebody has changed the setting, perhaps because of the problem.
            () = looks.notified() => pace = Pace::default(),
            () = sleep(LOOK_INTERVAL) => {}
        }
    }
}

/// When the next backup may be tried, by a clock that nobody sets.
#[derive(Debug, Default)]
struct Pace {
    not_before: Option<Instant>,
}

impl Pace {
    fn may_try(&self, now: Instant) -> bool {
        self.not_before.is_none_or(|time| now >= time)
    }

    fn tried<T>(&mut self, outcome: &Result<Option<T>, AppError>, now: Instant) {
        self.not_before = match outcome {
            Ok(None) => None,
            Ok(Some(_)) => Some(now + PAUSE),
            Err(_) => Some(now + RETRY_INTERVAL),
        };
    }
}

impl BackupSource {
    /// Makes the scheduled backup if it is due, removes those that are too many, and notes what became of it.
    ///
    /// # Errors
    /// `backup_target_missing`, or as for [`BackupSource::back_up`].
    pub async fn back_up_if_due(&self, tell: Tell) -> Result<Option<PathBuf>, AppError> {
        let journal = &*self.terminal.core.journal;
        let (Kept { schedule, folder }, state) = read::<_, StoreError>(journal, |tx| backup_schedule::kept(tx)).await?;
        let now = self.environment.clock.now();
        let (Some(folder), true) = (folder, backup_schedule::is_due(schedule, &state, now)) else { return Ok(None) };
        let keep = usize::try_from(schedule.keep).unwrap_or(usize::MAX);
        let made = self.back_up_into(Path::new(&folder), state.number, keep, tell).await;
        if !matches!(made, Ok(None)) {
            let row = Access::done(AccessBy::Program, AccessAct::BackedUp);
            self.terminal.core.access.note(row.ended(&made));
        }
        match made {
            Ok(Some((number, backup))) => {
                let last = backup.noted(now.timestamp_millis());
                let day = Some(backup_schedule::day(now, schedule.hour));
                let made = State { number, day, last: Some(last.clone()), problem: None };
                note(journal, folder, move |_| made.clone()).await?;
                note_backup(journal, last).await?;
                Ok(Some(backup.path))
            }
            Ok(None) => Ok(None),
            // The program ends.
            Err(error) if error.code == ErrorCode::Cancelled => Ok(None),
            Err(error) => {
                let told = error.clone();
                let failed = move |state: State| {
                    let before = state.problem.filter(|before| before.error.code == told.code);
                    let since = before.map_or(now.timestamp_millis(), |before| before.since);
                    State { problem: Some(BackupProblem { since, error: told.clone() }), ..state }
                };
                note(journal, folder, failed).await?;
                Err(error)
            }
        }
    }

    /// Returns the backup and its number; `None` if the folder isn't set up as a terminal.
    async fn back_up_into(
        &self,
        folder: &Path,
        last_number: u64,
        keep: usize,
        tell: Tell,
    ) -> Result<Option<(u64, MadeBackup)>, AppError> {
        let Some(terminal) = own_terminal(&*self.terminal.core.journal).await? else { return Ok(None) };
        let into = folder.to_owned();
        let before = blocking(move || {
            backup::prepare_target(&into, terminal)?;
            backup::scheduled_backups(&into, terminal)
        });
        // A restored journal has an older number than the backups that were made after it.
        let newest = before.await?.first().map_or(0, |newest| newest.number);
        let number = newest.max(last_number).saturating_add(1);
        let passphrase = Secret::backup_passphrase(&self.folder).read()?.and_then(|text| Passphrase::new(&text));
        let about = about(&self.environment, &*self.terminal.core.journal, Some(number), passphrase).await?;
        let made = backup::back_up(self.store.sqlite_journal(), folder, about, tell).await;
        let made = made_backup(&self.folder, made.map_err(worded)?).await;
        let into = folder.to_owned();
        // The new backup is there whatever becomes of the old ones.
        if let Err(error) = blocking(move || backup::keep_newest(&into, terminal, keep)).await {
            tracing::warn!(code = %error.code.word(), "old backups can't be removed");
        }
        Ok(Some((number, made)))
    }
}

/// Writes what became of a backup into `folder`, unless another folder was chosen meanwhile.
async fn note(
    journal: &dyn Journal,
    folder: String,
    change: impl Fn(State) -> State + Send + Sync + 'static,
) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        let (kept, state) = backup_schedule::kept(tx)?;
        if kept.folder.as_ref() != Some(&folder) {
            return Ok(());
        }
        Ok(backup_schedule::put_state(tx, &change(state))?)
    };
    write::<(), AppError>(journal, Priority::Background, unit).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_to_and_fro_brings_one_backup_an_hour() {
        let (mut pace, begun) = (Pace::default(), Instant::now());
        let mut made = 0;
        // Each look finds another day, so that a backup is always due.
        for look in 0..(24 * 120) {
            let now = begun + LOOK_INTERVAL * look;
            if pace.may_try(now) {
                made += 1;
                pace.tried(&Ok(Some(())), now);
            }
        }
        assert_eq!(made, 24);
    }

    #[test]
    fn a_failed_backup_is_tried_again_every_ten_minutes() {
        let (mut pace, begun) = (Pace::default(), Instant::now());
        let failed: Result<Option<()>, AppError> = Err(AppError::new(ErrorCode::BackupTargetMissing));
        let mut tried = Vec::new();
        for minute in 0..31 {
            let now = begun + Duration::from_mins(minute);
            if pace.may_try(now) {
                tried.push(minute);
                pace.tried(&failed, now);
            }
        }
        assert_eq!(tried, [0, 10, 20, 30]);
    }
}
