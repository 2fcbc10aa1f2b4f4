//! The folder of a terminal's scheduled backups: only the newest ones are kept. Other terminals and people use the folder too,
//! so nothing is removed whose manifest doesn't say that it is a scheduled backup of this terminal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_domain::ids::TerminalId;

use super::create::scheduled_ending;
use super::files::{Medium, unreadable, unwritable};
use super::manifest::MANIFEST;
use super::{BackupError, Manifest, StoredFile};

/// A file in the chosen folder. Where it is missing, the folder is an empty mount point: the disk isn't connected.
const MARKER: &str = ".nosmoke-backups";
const MARKER_TEXT: &str = "This folder holds backups of Nosmoke Desk. This file shows that its disk is connected.\n";
const PREFIX: &str = "nosmoke-";

/// A scheduled backup of one terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledBackup {
    pub path: PathBuf,
    /// Counts up by one with each of the terminal's scheduled backups.
    pub number: u64,
    /// Whether its journal is there in full length.
    pub is_whole: bool,
}

/// Marks the folder that was chosen for the backups.
///
/// # Errors
/// `TargetMissing`, `Unwritable`, `DiskFull`.
pub fn mark_target(into: &Path) -> Result<(), BackupError> {
    if !into.is_dir() {
        return Err(BackupError::TargetMissing { path: into.to_owned() });
    }
    Medium::default().write_durably(&into.join(MARKER), MARKER_TEXT.as_bytes())
}

/// Checks that the folder is the one that was chosen, and removes what an interrupted scheduled backup of this terminal left
/// there. Must not be called while one runs.
///
/// # Errors
/// `TargetMissing`, `Unreadable`.
pub fn prepare_target(into: &Path, terminal: TerminalId) -> Result<(), BackupError> {
    if !into.join(MARKER).is_file() {
        return Err(BackupError::TargetMissing { path: into.to_owned() });
    }
    let ending = scheduled_ending(terminal);
    for name in names(into)? {
        if name.starts_with('.') && name.ends_with(&ending) {
            remove(&into.join(name));
        }
    }
    Ok(())
}

/// Returns the scheduled backups of a terminal, newest first.
///
/// # Errors
/// `Unreadable`.
pub fn scheduled_backups(into: &Path, terminal: TerminalId) -> Result<Vec<ScheduledBackup>, BackupError> {
    let mut found: Vec<ScheduledBackup> = names(into)?
        .into_iter()
        .filter(|name| name.starts_with(PREFIX))
        .filter_map(|name| scheduled(into.join(name), terminal))
        .collect();
    found.sort_by(|a, b| (b.number, &b.path).cmp(&(a.number, &a.path)));
    Ok(found)
}

/// Removes the scheduled backups of a terminal that are older than its newest `keep` whole ones, and returns their number.
/// Nothing is removed as long as there are no more whole ones.
///
/// # Errors
/// `Unreadable`.
pub fn keep_newest(into: &Path, terminal: TerminalId, keep: usize) -> Result<usize, BackupError> {
    let all = scheduled_backups(into, terminal)?;
    let Some(oldest_kept) = all.iter().filter(|backup| backup.is_whole).nth(keep.max(1) - 1) else { return Ok(0) };
    let older: Vec<&ScheduledBackup> = all.iter().filter(|backup| backup.number < oldest_kept.number).collect();
    for backup in &older {
        // Renamed first: if the program is killed meanwhile, the next backup goes on with it.
        let name = backup.path.file_name().unwrap_or_default().to_string_lossy();
        let dead = into.join(format!(".{name}{}", scheduled_ending(terminal)));
        match fs::rename(&backup.path, &dead) {
            Ok(()) => remove(&dead),
            Err(error) => tracing::warn!(%error, "an old backup can't be removed"),
        }
    }
    Ok(older.len())
}

fn scheduled(path: PathBuf, terminal: TerminalId) -> Option<ScheduledBackup> {
    // Not through a link, which may lead anywhere.
    if !fs::symlink_metadata(&path).ok()?.is_dir() {
        return None;
    }
    let manifest = Manifest::read(&path).ok()?;
    let number = manifest.scheduled.filter(|_| manifest.terminal_id == Some(terminal))?;
    let files: Vec<&StoredFile> =
        [Some(manifest.journal(&path).ok()?), manifest.access()].into_iter().flatten().collect();
    // Somebody has put something else there.
    if names(&path).ok()?.iter().any(|name| name != MANIFEST && files.iter().all(|file| *name != file.name)) {
        return None;
    }
    let is_there = |file: &&StoredFile| {
        fs::metadata(path.join(&file.name)).is_ok_and(|found| found.is_file() && found.len() == file.bytes)
    };
    let is_whole = files.iter().all(is_there);
    Some(ScheduledBackup { path, number, is_whole })
}

fn names(folder: &Path) -> Result<Vec<String>, BackupError> {
    let read = || -> io::Result<Vec<String>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    };
    read().map_err(|error| unreadable(folder, &error))
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!(error = %unwritable(folder, &error), "an old backup can't be removed");
    }
}
