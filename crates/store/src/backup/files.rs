//! Creates, copies and hashes the files and folders of backups.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_ports::StoreError;

use super::BackupError;
use super::progress::Progress;
use crate::error::is_full;
use crate::folder::{make_private, private_file};
use crate::staged::Unfinished;

const COPY_BLOCK_BYTES: usize = 1024 * 1024;

pub(super) fn unwritable(path: &Path, error: &io::Error) -> BackupError {
    if is_full(error) {
        return StoreError::DiskFull.into();
    }
    BackupError::Unwritable { path: path.to_owned(), detail: error.to_string() }
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> BackupError {
    BackupError::Unreadable { path: path.to_owned(), detail: error.to_string() }
}

impl From<Unfinished> for BackupError {
    fn from(error: Unfinished) -> Self {
        match error {
            Unfinished::File(path, error) => unwritable(&path, &error),
            Unfinished::Store(error) => error.into(),
        }
    }
}

/// A folder that is removed on drop unless [`Partial::keep_as`] succeeded.
pub(super) struct Partial {
    path: Option<PathBuf>,
}

impl Partial {
    pub(super) fn create(path: PathBuf) -> Result<Self, BackupError> {
        fs::create_dir(&path).and_then(|()| make_private(&path)).map_err(|error| unwritable(&path, &error))?;
        Ok(Self { path: Some(path) })
    }

    /// Renames the folder to its final name and keeps it.
    pub(super) fn keep_as(mut self, name: &Path) -> Result<(), BackupError> {
        let path = self.path.take().unwrap_or_default();
        fs::rename(&path, name).map_err(|error| {
            self.path = Some(path);
            unwritable(name, &error)
        })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = fs::remove_dir_all(path)
        {
            tracing::warn!(%error, path = %path.display(), "the partial folder of a backup couldn't be removed");
        }
    }
}

/// Returns a file's BLAKE3 hash (64 hexadecimal digits) and length; also copies the file to `target` if one is given.
pub(super) async fn hash(
    source: PathBuf,
    target: Option<PathBuf>,
    progress: Arc<Progress>,
) -> Result<(String, u64), BackupError> {
    let work = move || {
        let mut from = File::open(&source).map_err(|error| unreadable(&source, &error))?;
        let mut to = match &target {
            Some(path) => Some((private_file(path)?, path)),
            None => None,
        };
        let (mut hasher, mut block, mut bytes) = (blake3::Hasher::new(), vec![0; COPY_BLOCK_BYTES], 0);
        loop {
            let read = from.read(&mut block).map_err(|error| unreadable(&source, &error))?;
            let part = block.get(..read).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            hasher.update(part);
            if let Some((to, path)) = &mut to {
                to.write_all(part).map_err(|error| unwritable(path, &error))?;
            }
            bytes += part.len() as u64;
            if !progress.report(bytes) {
                return Err(BackupError::Cancelled);
            }
        }
        if let Some((to, path)) = to {
            to.sync_all().map_err(|error| unwritable(path, &error))?;
        }
        Ok((hasher.finalize().to_hex().to_string(), bytes))
    };
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string()).into()))
}

pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let mut file = private_file(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| unwritable(path, &error))
}
