//! The second half of a restore: replaces the folder's journal by the backup's copy, which was checked and staged
//! beside it. After a crash this is repeated when the journal is next opened. The replaced journal is kept in a
//! separate folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::access;
use crate::adopted::{adopt, check_schema};
use crate::error::{corrupt, from_io};
use crate::folder::{ACCESS, Folder, JOURNAL, make_private, remove_database, sync_folder};
use crate::pool::blocking;

/// Prefix of the name of the folder that holds the staged journal.
pub(crate) const READY_PREFIX: &str = "restore-ready-";
/// Prefix of the name of a folder with a staged journal that was refused.
const REFUSED_PREFIX: &str = "restore-refused-";
/// The folder of a copy that isn't checked yet has a name with this beginning and end.
pub(crate) const PARTIAL: (&str, &str) = ("restoring-", ".partial");
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

/// Whether a restore was interrupted after its copy was complete: opening the journal completes it.
pub fn is_being_restored(folder: &Path) -> bool {
    let is_ready = |name: &str| name.starts_with(READY_PREFIX);
    folders(folder, is_ready).is_ok_and(|ready| ready.iter().any(|ready| ready.join(JOURNAL).exists()))
}

/// Completes staged restores, and removes the copies of those that were interrupted before. Every step is idempotent,
/// because a crash may have come after it.
///
/// A staged journal that this program can't have staged is renamed, with a line in the log, and the present one stays.
pub(crate) async fn finish(folder: &Folder) -> Result<(), Unfinished> {
    let path = folder.path();
    sync_folder(path)?;
    // The folder is locked, so nobody is still writing them.
    let is_partial = |name: &str| name.starts_with(PARTIAL.0) && name.ends_with(PARTIAL.1);
    for partial in folders(path, is_partial).map_err(|error| from_io(path.display(), &error))? {
        fs::remove_dir_all(&partial).map_err(|error| Unfinished::File(partial.clone(), error))?;
    }
    let is_ready = |name: &str| name.starts_with(READY_PREFIX);
    for ready in folders(path, is_ready).map_err(|error| from_io(path.display(), &error))? {
        let stamp = ready.file_name().and_then(|name| name.to_str()?.strip_prefix(READY_PREFIX));
        let Some(stamp) = stamp else { continue };
        let aside = path.join(format!("{ASIDE_PREFIX}{stamp}"));
        if ready.join(JOURNAL).exists() {
            if let Err(error) = prepare(folder, &ready, &aside).await {
                refuse(folder, &ready, error)?;
                continue;
            }
            keep_aside(folder, &aside).map_err(|error| Unfinished::File(aside.clone(), error))?;
            remove_database(&folder.mypage())?;
            sync_folder(&aside)?;
            sync_folder(path)?;
            // Only after the old write-ahead log was moved away: SQLite would apply it to the restored journal.
            fs::rename(ready.join(JOURNAL), folder.journal())
                .map_err(|error| Unfinished::File(ready.clone(), error))?;
            sync_folder(path)?;
        }
        adopt_access_log(folder, &ready).await.map_err(|error| Unfinished::File(ready.clone(), error))?;
        fs::remove_dir_all(&ready).map_err(|error| Unfinished::File(ready.clone(), error))?;
        sync_folder(path)?;
    }
    Ok(())
}

/// Checks a staged journal again, as somebody may have put it there, and takes from it all but rows.
async fn prepare(folder: &Folder, ready: &Path, aside: &Path) -> Result<(), StoreError> {
    let staged = ready.join(JOURNAL);
    if !fs::symlink_metadata(&staged).is_ok_and(|found| found.is_file()) {
        return Err(corrupt("its journal is no file"));
    }
    check_schema(&staged, ready).await?;
    // A crash may have come after the present journal was moved away.
    let replaced = [folder.journal(), aside.join(JOURNAL)].into_iter().find(|journal| journal.is_file());
    blocking(move || adopt(&staged, replaced.as_deref())).await
}

/// Takes the access log of a backup, unless this PC has one: no restore sets it back.
async fn adopt_access_log(folder: &Folder, ready: &Path) -> io::Result<()> {
    let (staged, here) = (ready.join(ACCESS), folder.path().join(ACCESS));
    if !fs::symlink_metadata(&staged).is_ok_and(|found| found.is_file()) || !access::is_unused(&here) {
        return Ok(());
    }
    if let Err(error) = access::check_foreign(&staged, ready).await {
        tracing::warn!(%error, "the backup's access log is left out");
        return Ok(());
    }
    remove_database(&here).map_err(io::Error::other)?;
    fs::rename(&staged, &here)
}

fn refuse(folder: &Folder, ready: &Path, error: StoreError) -> Result<(), Unfinished> {
    if !matches!(error, StoreError::Corrupt(_) | StoreError::Newer(_)) || !folder.journal().is_file() {
        return Err(error.into());
    }
    let name = ready.file_name().unwrap_or_default().to_string_lossy().replacen(READY_PREFIX, REFUSED_PREFIX, 1);
    tracing::error!(%error, folder = %ready.display(), kept_as = name, "a staged restore isn't this program's, and is left out");
    fs::rename(ready, folder.path().join(name)).map_err(|error| Unfinished::File(ready.to_owned(), error))
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

fn folders(path: &Path, is_meant: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if is_meant(&entry.file_name().to_string_lossy()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
