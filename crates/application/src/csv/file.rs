//! Writes a file atomically: it appears complete or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;
use tempfile::{Builder, NamedTempFile};

/// Why a file couldn't be written. An existing file with its name is unchanged then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("the disk is full")]
    DiskFull,
    #[error("{} can't be written: {detail}", path.display())]
    Unwritable { path: PathBuf, detail: String },
}

impl FileError {
    /// Converts an I/O error that concerns the file `path`.
    pub fn of(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Unwritable { path: path.to_owned(), detail: error.to_string() },
        }
    }
}

impl From<FileError> for AppError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::DiskFull => Self::new(ErrorCode::DiskFull),
            FileError::Unwritable { path, detail } => {
                Self::with(ErrorCode::FileUnwritable, json!({ "path": path.to_string_lossy(), "detail": detail }))
            }
        }
    }
}

/// A temporary file in the folder of its target. [`AtomicFile::commit`] renames it to the target. If it is dropped
/// without a commit, it is deleted and the target is unchanged. Only its owner can read it (mode 0600), because exports
/// contain personal data.
#[derive(Debug)]
pub struct AtomicFile {
    file: NamedTempFile,
    target: PathBuf,
}

impl AtomicFile {
    /// Creates the temporary file beside `target`.
    ///
    /// # Errors
    /// Returns an error if the target's folder can't be written to, or if the target is a folder.
    pub fn create(target: &Path) -> Result<Self, FileError> {
        if target.is_dir() {
            return Err(FileError::of(target, &io::ErrorKind::IsADirectory.into()));
        }
        let file = Builder::new()
            .prefix(".nosmoke-")
            .suffix(".part")
            .tempfile_in(folder(target))
            .map_err(|error| FileError::of(target, &error))?;
        Ok(Self { file, target: target.to_owned() })
    }

    /// The folder in which the file appears.
    pub fn folder(&self) -> &Path {
        folder(&self.target)
    }

    /// Converts an I/O error of writing to an error that names the target.
    pub fn error(&self, error: &io::Error) -> FileError {
        FileError::of(&self.target, error)
    }

    /// Renames the file to the target and makes it durable.
    ///
    /// # Errors
    /// Returns an error if the file can't be written, renamed or synced.
    pub fn commit(self) -> Result<(), FileError> {
        let Self { file, target } = self;
        let finished = file.as_file().sync_all().and_then(|()| file.persist(&target).map_err(|error| error.error));
        finished.and_then(|_| sync_folder(folder(&target))).map_err(|error| FileError::of(&target, &error))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Syncs a folder, which makes a rename inside it durable. Some file systems don't support this; there only the file's
/// content is sure to be durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_committed_file_replaces_the_earlier_one_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("내역.csv");
        fs::write(&target, "earlier").unwrap();
        let mut file = AtomicFile::create(&target).unwrap();
        file.write_all(b"later").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"earlier");
        file.commit().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"later");
        assert_eq!(names(folder.path()), ["내역.csv"]);
    }

    #[test]
    fn a_dropped_file_leaves_the_earlier_one_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        fs::write(&target, "earlier").unwrap();
        let mut file = AtomicFile::create(&target).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        drop(file);
        assert_eq!(fs::read(&target).unwrap(), b"earlier");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn a_missing_folder_or_a_folder_as_target_is_named_in_the_error() {
        let folder = tempfile::tempdir().unwrap();
        for target in [folder.path().join("none/a.csv"), folder.path().to_owned()] {
            let error = AtomicFile::create(&target).unwrap_err();
            assert!(matches!(&error, FileError::Unwritable { path, .. } if *path == target), "{error:?}");
            assert_eq!(AppError::from(error).code, ErrorCode::FileUnwritable);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_has_an_error_of_its_own() {
        let error = File::options().write(true).open("/dev/full").unwrap().write_all(b"x").unwrap_err();
        let error = FileError::of(Path::new("a.csv"), &error);
        assert_eq!(error, FileError::DiskFull);
        assert_eq!(AppError::from(error).code, ErrorCode::DiskFull);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        AtomicFile::create(&target).unwrap().commit().unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
