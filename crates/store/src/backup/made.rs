//! The list of the backups that programs have made of a data folder. It is a file of its own, because no restore may
//! shorten it: an erasure has to reach the backups that were made before it, on disks that aren't connected now too
//! (ADR 0030).

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use nosmoke_ports::StoreError;
use serde::{Deserialize, Serialize};

use super::files::unwritable;
use super::manifest::MANIFEST;
use super::{BackupError, Manifest};
use crate::error::from_io;
use crate::folder::private_file;

const FILE: &str = "made-backups";
/// Longest list that is read: a hundred years of daily backups.
const LIST_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A backup that was made of this folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub path: PathBuf,
    /// As its manifest has it.
    pub created_at: DateTime<Utc>,
}

/// What is found where a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Backup,
    /// It was removed, or something else lies there.
    Nothing,
    /// Its disk isn't connected: the folder that contained it is missing, or is an empty mount point.
    NoMedium,
}

/// A line of the file, which only grows: two programs may write to it at once.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    made: Made,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

impl Made {
    /// Adds this backup to the list of the data folder.
    ///
    /// # Errors
    /// `Unwritable`, `DiskFull`.
    pub fn note(&self, data_folder: &Path) -> Result<(), StoreError> {
        append(data_folder, Line { made: self.clone(), gone: false })
    }

    /// Looks whether the backup is still there. It may take seconds if its disk has to wake up.
    pub fn look(&self) -> Found {
        match Manifest::read(&self.path) {
            Ok(manifest) if manifest.created_at == self.created_at => Found::Backup,
            Ok(_) => Found::Nothing,
            Err(_) if fs::symlink_metadata(&self.path).is_ok() => Found::Nothing,
            Err(_) => {
                let mut beside = self.path.parent().and_then(|parent| fs::read_dir(parent).ok());
                if beside.as_mut().and_then(Iterator::next).is_some() { Found::Nothing } else { Found::NoMedium }
            }
        }
    }

    /// Removes the backup if it is there, and takes it off the list unless its disk isn't connected.
    ///
    /// # Errors
    /// `Unwritable`, or an error of the list.
    pub fn remove(&self, data_folder: &Path) -> Result<Found, BackupError> {
        let found = self.look();
        match found {
            Found::NoMedium => return Ok(found),
            Found::Backup => {
                // The manifest last: a removal that is interrupted is found again.
                let manifest = self.path.join(MANIFEST);
                let remove = || -> io::Result<()> {
                    for entry in fs::read_dir(&self.path)? {
                        let file = entry?.path();
                        if file != manifest {
                            fs::remove_file(file)?;
                        }
                    }
                    fs::remove_file(&manifest)?;
                    fs::remove_dir(&self.path)
                };
                remove().map_err(|error| unwritable(&self.path, &error))?;
            }
            Found::Nothing => {}
        }
        append(data_folder, Line { made: self.clone(), gone: true })?;
        Ok(found)
    }
}

/// Returns the backups that were made of a data folder and aren't known to be gone, the first one first.
///
/// # Errors
/// An error of the file. A line that can't be read, as a full disk leaves one, is passed over.
pub fn made_backups(data_folder: &Path) -> Result<Vec<Made>, StoreError> {
    let path = data_folder.join(FILE);
    let mut text = Vec::new();
    match fs::File::open(&path).and_then(|file| file.take(LIST_BYTES_MAX).read_to_end(&mut text)) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(from_io(path.display(), &error)),
    }
    let mut all: Vec<Made> = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Ok(Line { made, gone }) = serde_json::from_slice(line) else { continue };
        all.retain(|earlier| *earlier != made);
        if !gone {
            all.push(made);
        }
    }
    Ok(all)
}

fn append(data_folder: &Path, line: Line) -> Result<(), StoreError> {
    let path = data_folder.join(FILE);
    let failed = |error: io::Error| from_io(path.display(), &error);
    private_file(&path)?;
    // With a line break before it too, so that half a line doesn't spoil the next one.
    let json = serde_json::to_string(&line).map_err(|error| StoreError::Failed(error.to_string()))?;
    let mut file = fs::File::options().append(true).open(&path).map_err(failed)?;
    file.write_all(format!("\n{json}\n").as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}
