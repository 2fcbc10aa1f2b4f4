//! A restore that is staged: its journal stands ready in the folder and is put in the place of the one that is there, at once
//! or, after a crash, when the folder's journal is opened next. What was there is kept aside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::error::from_io;
use crate::folder::{Folder, JOURNAL, close_to_others, remove_database, sync_folder};

/// Begins the name of a folder that holds a journal to be put in place.
pub(crate) const READY: &str = "restore-ready-";
/// Begins the name of a folder that holds what was there before.
pub(crate) const ASIDE: &str = "before-restore-";

/// Why a staged restore wasn't finished.
#[derive(Debug)]
pub(crate) enum Unfinished {
    /// A step on a file or a folder failed.
    At(PathBuf, io::Error),
    Store(StoreError),
}

impl From<StoreError> for Unfinished {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Unfinished> for StoreError {
    fn from(error: Unfinished) -> Self {
        match error {
            Unfinished::At(path, error) => from_io(path.display(), &error),
            Unfinished::Store(error) => error,
        }
    }
}

/// Ends a restore that was ready: each step may have been done already.
pub(crate) fn finish(folder: &Folder) -> Result<(), Unfinished> {
    let path = folder.path();
    sync_folder(path)?;
    for ready in ready(path).map_err(|error| from_io(path.display(), &error))? {
        let Some(stamp) = ready.file_name().and_then(|name| name.to_str()?.strip_prefix(READY)) else { continue };
        let aside = path.join(format!("{ASIDE}{stamp}"));
        if ready.join(JOURNAL).exists() {
            keep_aside(folder, &aside).map_err(|error| Unfinished::At(aside.clone(), error))?;
            remove_database(&folder.mypage())?;
            sync_folder(&aside)?;
            sync_folder(path)?;
            // Only now: a log from before must never be found beside the journal that was put back.
            fs::rename(ready.join(JOURNAL), folder.journal()).map_err(|error| Unfinished::At(ready.clone(), error))?;
            sync_folder(path)?;
        }
        fs::remove_dir_all(&ready).map_err(|error| Unfinished::At(ready.clone(), error))?;
        sync_folder(path)?;
    }
    Ok(())
}

fn keep_aside(folder: &Folder, aside: &Path) -> io::Result<()> {
    fs::create_dir_all(aside)?;
    close_to_others(aside)?;
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("{JOURNAL}{suffix}");
        match fs::rename(folder.path().join(&name), aside.join(&name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn ready(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(READY) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
