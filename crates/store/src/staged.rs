//! The second half of a restore: replaces the folder's journal by the backup's copy, which was checked and staged
//! beside it. After a crash this is repeated when the journal is next opened. The replaced journal is kept in a
//! separate folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::error::from_io;
use crate::folder::{Folder, JOURNAL, make_private, remove_database, sync_folder};

/// Prefix of the name of the folder that holds the staged journal.
pub(crate) const READY_PREFIX: &str = "restore-ready-";
/// Prefix of the name of the folder that keeps the replaced journal.
pub(crate) const ASIDE_PREFIX: &str = "before-restore-";

/// Why replacing the journal failed.
#[derive(Debug)]
pub(crate) enum Unfinished {
    /// Reading, renaming or removing this file or folder failed.
    File(PathBuf, io::Error),
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
            Unfinished::File(path, error) => from_io(path.display(), &error),
            Unfinished::Store(error) => error,
        }
    }
}

/// Completes staged restores. Every step is idempotent, because a crash may have come after it.
pub(crate) fn finish(folder: &Folder) -> Result<(), Unfinished> {
    let path = folder.path();
    sync_folder(path)?;
    for ready in ready(path).map_err(|error| from_io(path.display(), &error))? {
        let stamp = ready.file_name().and_then(|name| name.to_str()?.strip_prefix(READY_PREFIX));
        let Some(stamp) = stamp else { continue };
        let aside = path.join(format!("{ASIDE_PREFIX}{stamp}"));
        if ready.join(JOURNAL).exists() {
            keep_aside(folder, &aside).map_err(|error| Unfinished::File(aside.clone(), error))?;
            remove_database(&folder.mypage())?;
            sync_folder(&aside)?;
            sync_folder(path)?;
            // Only after the old write-ahead log was moved away: SQLite would apply it to the restored journal.
            fs::rename(ready.join(JOURNAL), folder.journal())
                .map_err(|error| Unfinished::File(ready.clone(), error))?;
            sync_folder(path)?;
        }
        fs::remove_dir_all(&ready).map_err(|error| Unfinished::File(ready.clone(), error))?;
        sync_folder(path)?;
    }
    Ok(())
}

fn keep_aside(folder: &Folder, aside: &Path) -> io::Result<()> {
    fs::create_dir_all(aside)?;
    make_private(aside)?;
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
        if entry.file_name().to_string_lossy().starts_with(READY_PREFIX) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
