//! The setting of the scheduled backups, what became of the last one, and when the next one is due.
//!
//! A clock may be wrong by years, so nothing here compares ages. A backup is due once for each day, known by its date: a clock
//! that is set brings one backup at most. Which backups are the newest is known by their numbers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use nosmoke_domain::days::{seoul_date, seoul_midnight};
use nosmoke_ports::contract::{AppError, BackupProblem, BackupSchedule, BackupScheduleView, ErrorCode, LastBackup};
use nosmoke_ports::limits::check_text;
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, WriteSettings, read, write};
use serde::{Deserialize, Serialize};
use serde_json::json;

const SETTING: &str = nosmoke_ports::setting::outward::BACKUP_SCHEDULE;
const STATE: &str = nosmoke_ports::setting::outward::BACKUP_STATE;
const HOUR_MAX: u8 = 23;
const KEEP_MAX: u32 = 365;
/// Longer than any path of the operating systems.
const FOLDER_MAX: usize = 4_096;

/// The saved setting; off by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Kept {
    pub schedule: BackupSchedule,
    pub folder: Option<String>,
}

/// What became of the scheduled backups so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct State {
    /// The number of the last backup.
    pub number: u64,
    /// The day for which the last backup was made.
    pub day: Option<NaiveDate>,
    pub last: Option<LastBackup>,
    pub problem: Option<BackupProblem>,
}

/// Reads the setting and the state.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<(Kept, State), StoreError> {
    Ok((setting::read(tx, SETTING)?.unwrap_or_default(), setting::read(tx, STATE)?.unwrap_or_default()))
}

/// Writes the state.
///
/// # Errors
/// An error of the store.
pub fn put_state(tx: &mut dyn WriteSettings, state: &State) -> Result<(), StoreError> {
    setting::put(tx, STATE, state)
}

/// Saves when to back up.
///
/// # Errors
/// `out_of_range`; `empty` with the field `folder` if the backups are switched on and no folder was chosen; an error of the
/// store.
pub async fn keep(journal: &dyn Journal, chosen: BackupSchedule) -> Result<(), AppError> {
    let out_of_range = |field: &str, min: u32, max: u32| {
        Err(AppError::with(ErrorCode::OutOfRange, json!({ "field": field, "min": min, "max": max })))
    };
    if chosen.hour > HOUR_MAX {
        return out_of_range("hour", 0, HOUR_MAX.into());
    }
    if !(1..=KEEP_MAX).contains(&chosen.keep) {
        return out_of_range("keep", 1, KEEP_MAX);
    }
    let unit = move |tx: &mut dyn Write| {
        let (kept, state) = kept(tx)?;
        if chosen.enabled && kept.folder.is_none() {
            return Err(AppError::with(ErrorCode::Empty, json!({ "field": "folder" })));
        }
        // Switched off, there is nothing to complain of.
        put_state(tx, &State { problem: state.problem.filter(|_| chosen.enabled), ..state })?;
        Ok(setting::put(tx, SETTING, &Kept { schedule: chosen, folder: kept.folder })?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Saves the folder and switches the backups on. The first one is due at once.
///
/// # Errors
/// `too_long`, or an error of the store.
pub async fn keep_folder(journal: &dyn Journal, folder: String) -> Result<(), AppError> {
    check_text("folder", &folder, FOLDER_MAX)?;
    let unit = move |tx: &mut dyn Write| {
        let (kept, state) = kept(tx)?;
        put_state(tx, &State { day: None, problem: None, ..state })?;
        let schedule = BackupSchedule { enabled: true, ..kept.schedule };
        Ok(setting::put(tx, SETTING, &Kept { schedule, folder: Some(folder.clone()) })?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Returns what the settings screen shows, but for the outdated backups, which only the file system knows.
///
/// # Errors
/// An error of the store.
pub async fn view(journal: &dyn Journal, now: DateTime<Utc>) -> Result<BackupScheduleView, AppError> {
    let (Kept { schedule, folder }, state) = read::<_, StoreError>(journal, |tx| kept(tx)).await?;
    let next_at = schedule.enabled.then(|| {
        let tomorrow = day(now, schedule.hour).succ_opt().map(|day| begin(day, schedule.hour));
        if is_due(schedule, &state, now) { now } else { tomorrow.unwrap_or(now) }.timestamp_millis()
    });
    Ok(BackupScheduleView { schedule, folder, last: state.last, next_at, problem: state.problem, outdated: Vec::new() })
}

/// Returns the day whose backup is made at this time: a day begins at the hour of the backups.
pub fn day(now: DateTime<Utc>, hour: u8) -> NaiveDate {
    seoul_date(now.checked_sub_signed(TimeDelta::hours(hour.into())).unwrap_or(now))
}

fn begin(day: NaiveDate, hour: u8) -> DateTime<Utc> {
    let midnight = seoul_midnight(day);
    midnight.checked_add_signed(TimeDelta::hours(hour.into())).unwrap_or(midnight)
}

/// Whether the backup of the present day is to be made. A clock that was set back a little, over the hour of the backups,
/// brings none; one that was set to another day brings one.
pub fn is_due(schedule: BackupSchedule, state: &State, now: DateTime<Utc>) -> bool {
    let today = day(now, schedule.hour);
    let is_done = state.day.is_some_and(|done| done == today || Some(done) == today.succ_opt());
    schedule.enabled && !is_done
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_THREE: BackupSchedule = BackupSchedule { enabled: true, hour: 3, keep: 7 };

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}+09:00")).unwrap().to_utc()
    }

    /// Makes each backup that is due, and returns the times.
    fn made<'a>(looks: &[&'a str]) -> Vec<&'a str> {
        let mut state = State::default();
        let mut made = Vec::new();
        for look in looks {
            if is_due(AT_THREE, &state, at(look)) {
                state.day = Some(day(at(look), AT_THREE.hour));
                made.push(*look);
            }
        }
        made
    }

    #[test]
    fn a_backup_is_due_once_a_day_at_its_hour_and_a_missed_one_at_the_next_look() {
        let looks = [
            "2026-11-20T02:59:59",
            "2026-11-20T03:00:00",
            "2026-11-20T23:00:00",
            "2026-11-21T02:59:59",
            // Switched off over night.
            "2026-11-22T09:00:00",
            "2026-11-22T09:10:00",
            "2026-11-23T03:00:00",
        ];
        assert_eq!(made(&looks), [looks[0], looks[1], looks[4], looks[6]]);
    }

    #[test]
    fn a_clock_that_is_set_brings_one_backup_at_most() {
        let looks = [
            "2026-11-20T03:00:01",
            // Corrected by some seconds, over the hour.
            "2026-11-20T02:59:58",
            "2026-11-20T03:00:03",
            // Ten years ahead, and back.
            "2036-11-20T03:00:04",
            "2036-11-20T03:10:00",
            "2026-11-20T03:11:00",
            "2026-11-20T09:00:00",
            "2026-11-21T03:00:00",
            // Back by decades: the PC's battery is empty.
            "1970-01-01T12:00:00",
            "1970-01-01T13:00:00",
            "2026-11-21T12:00:00",
        ];
        let expected = [looks[0], looks[3], looks[5], looks[7], looks[8], looks[10]];
        assert_eq!(made(&looks), expected);
    }

    #[test]
    fn nothing_is_due_while_it_is_off() {
        let off = BackupSchedule { enabled: false, ..AT_THREE };
        assert!(!is_due(off, &State::default(), at("2026-11-20T03:00:00")));
        for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!(is_due(AT_THREE, &State::default(), now), "an absurd clock doesn't panic");
        }
    }
}
