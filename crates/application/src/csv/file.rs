//! Writes a file atomically: it appears complete or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nosmoke_ports::contract::{AppError, ErrorCode};
use tempfile::{Builder, NamedTempFile};

/// Why a file couldn't be written. An existing file with its name is unchanged then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("the disk is full")]
    DiskFull,
    #[error("{} can't be written: {detail}", path.display())]
    Unwritable { path: PathBuf, kind: io::ErrorKind, detail: String },
}

impl FileError {
    /// Converts an I/O error that concerns the file `path`.
    pub fn of(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Unwritable { path: path.to_owned(), kind: error.kind(), detail: error.to_string() },
        }
    }
}

impl From<FileError> for AppError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::DiskFull => Self::new(ErrorCode::DiskFull),
            FileError::Unwritable { path, kind, detail } => {
                Self::of_file(ErrorCode::FileUnwritable, &path, kind, &detail)
            }
        }
    }
}

/// The name of the standard output, in place of a file's.
pub const STANDARD_OUTPUT: &str = "-";
/// Longest chain of links that is followed.
const LINKS_MAX: usize = 40;

/// A temporary file in the folder of its target. [`AtomicFile::commit`] renames it to the target. If it is dropped
/// without a commit, it is deleted and the target is unchanged. A new file is readable by its owner only (mode 0600),
/// because exports contain personal data; one that is replaced keeps its mode.
///
/// A link isn't replaced: what it leads to is. A device or a pipe is written at once, and so is the standard output.
#[derive(Debug)]
pub struct AtomicFile {
    sink: Sink,
    target: PathBuf,
}

#[derive(Debug)]
enum Sink {
    Beside { file: NamedTempFile, replaced: PathBuf },
    Device(File),
    StandardOutput(io::Stdout),
}

impl AtomicFile {
    /// Creates the temporary file beside `target`.
    ///
    /// # Errors
    /// Returns an error if the target's folder can't be written to, or if the target is a folder.
    pub fn create(target: &Path) -> Result<Self, FileError> {
        let create = || {
            if target == Path::new(STANDARD_OUTPUT) {
                return Ok(Sink::StandardOutput(io::stdout()));
            }
            let before = fs::metadata(target).ok();
            match &before {
                Some(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
                Some(found) if !found.is_file() => return Ok(Sink::Device(File::options().write(true).open(target)?)),
                _ => {}
            }
            let replaced = behind_links(target);
            let file = Builder::new().prefix(".nosmoke-").suffix(".part").tempfile_in(folder(&replaced))?;
            if let Some(before) = before {
                file.as_file().set_permissions(before.permissions())?;
            }
            Ok(Sink::Beside { file, replaced })
        };
        let sink = create().map_err(|error: io::Error| FileError::of(target, &error))?;
        Ok(Self { sink, target: target.to_owned() })
    }

    /// The folder in which the file appears; `None` where it doesn't become a file.
    pub fn folder(&self) -> Option<&Path> {
        match &self.sink {
            Sink::Beside { replaced, .. } => Some(folder(replaced)),
            Sink::Device(_) | Sink::StandardOutput(_) => None,
        }
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
        let Self { sink, target } = self;
        let commit = || match sink {
            Sink::Beside { file, replaced } => {
                file.as_file().sync_all()?;
                file.persist(&replaced).map_err(|error| error.error)?;
                sync_folder(folder(&replaced))
            }
            Sink::Device(mut file) => file.flush(),
            Sink::StandardOutput(mut output) => output.flush(),
        };
        commit().map_err(|error| FileError::of(&target, &error))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Beside { file, .. } => file.write(bytes),
            Sink::Device(file) => file.write(bytes),
            Sink::StandardOutput(output) => output.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Beside { file, .. } => file.flush(),
            Sink::Device(file) => file.flush(),
            Sink::StandardOutput(output) => output.flush(),
        }
    }
}

/// Follows links by hand, because the last one may lead to a file that doesn't exist yet.
fn behind_links(target: &Path) -> PathBuf {
    let mut path = target.to_owned();
    for _ in 0..LINKS_MAX {
        let Ok(next) = fs::read_link(&path) else { break };
        path = folder(&path).join(next);
    }
    path
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
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        AtomicFile::create(&target).unwrap().commit().unwrap();
        assert_eq!(mode(&target), 0o600);
        // Somebody has opened an earlier export to others, who go on reading the later ones.
        fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).unwrap();
        AtomicFile::create(&target).unwrap().commit().unwrap();
        assert_eq!(mode(&target), 0o644);
    }

    #[cfg(unix)]
    #[test]
    fn an_export_is_written_through_links_and_to_devices_and_replaces_neither() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (link, second, real) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("real/c.csv"));
        fs::create_dir(folder.path().join("real")).unwrap();
        symlink("b", &link).unwrap();
        symlink(&real, &second).unwrap();
        for text in ["new", "replaced"] {
            let mut file = AtomicFile::create(&link).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file.commit().unwrap();
            assert!(
                fs::symlink_metadata(&link).unwrap().is_symlink()
                    && fs::symlink_metadata(&second).unwrap().is_symlink()
            );
            assert_eq!(fs::read_to_string(&real).unwrap(), text);
        }
        let mut file = AtomicFile::create(Path::new("/dev/null")).unwrap();
        file.write_all(b"x").unwrap();
        assert_eq!(file.folder(), None);
        file.commit().unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}
