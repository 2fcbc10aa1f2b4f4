//! Stores marks as files, in a folder of this machine outside the data folder; a mark tells a data folder from its
//! copies (ADR 0018).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{Found, Mark, Marks, Place, StoreError};

use crate::error::from_io;
use crate::folder::{JOURNAL, private_file};
use crate::machine::machine;

/// The marks of a data folder's incarnations, one file each.
#[derive(Debug)]
pub struct FileMarks {
    marks: Option<PathBuf>,
    place: Place,
}

impl FileMarks {
    /// `marks` is the folder for the files, outside the data folder; `None` if this user has no such folder, and then
    /// none are written. The data folder is open, so it has a journal.
    ///
    /// # Errors
    /// `Failed` if the data folder's metadata can't be read.
    pub fn new(marks: Option<&Path>, data_folder: &Path) -> Result<Self, StoreError> {
        let of = |path: &Path| identity(path).map_err(|error| from_io(path.display(), &error));
        let place = Place { machine: machine(), folder: of(data_folder)?, journal: of(&data_folder.join(JOURNAL))? };
        Ok(Self { marks: marks.map(Path::to_owned), place })
    }

    fn path(&self, incarnation: IncarnationId) -> Option<PathBuf> {
        self.marks.as_ref().map(|marks| marks.join(format!("{incarnation}.json")))
    }
}

impl Marks for FileMarks {
    fn place(&self) -> Place {
        self.place.clone()
    }

    fn find(&self, incarnation: IncarnationId) -> Result<Found, StoreError> {
        let Some(path) = self.path(incarnation) else { return Ok(Found::Nothing) };
        match fs::read(&path) {
            Ok(text) => Ok(serde_json::from_slice(&text).map_or(Found::Torn, Found::Mark)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(Found::Nothing)
            }
            Err(error) => Err(from_io(path.display(), &error)),
        }
    }

    /// Replaces the file atomically, but doesn't sync it: a mark that lags behind the journal does no harm.
    fn write(&self, incarnation: IncarnationId, mark: &Mark) -> Result<(), StoreError> {
        let Some(path) = self.path(incarnation) else { return Ok(()) };
        let text = serde_json::to_vec(mark).map_err(|error| StoreError::Failed(error.to_string()))?;
        let failed = |error: io::Error| from_io(path.display(), &error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let beside = path.with_extension("new");
        drop(private_file(&beside)?);
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(failed)
    }
}

/// Returns the inode: a copy has another, what is moved keeps it. The device's number is no part of it, because it may
/// change with every start of the system.
#[cfg(unix)]
fn identity(path: &Path) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(path)?.ino().to_string())
}

/// Returns the path, because there is no inode on this system: a moved folder counts as a copy.
#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<String> {
    Ok(path.canonicalize()?.display().to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_mark_is_read_back_as_written_missing_or_torn() {
        let (data, copy, folder) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let incarnation = IncarnationId(Uuid::new_v4());
        for data in [&data, &copy] {
            fs::write(data.path().join(JOURNAL), "").unwrap();
        }
        let marks = FileMarks::new(Some(folder.path()), data.path()).unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Nothing);
        marks.write(incarnation, &marks.mark(7)).unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Mark(marks.mark(7)));
        assert_eq!(marks.find(IncarnationId(Uuid::new_v4())).unwrap(), Found::Nothing);
        assert_ne!(FileMarks::new(Some(folder.path()), copy.path()).unwrap().mark(7), marks.mark(7));
        fs::write(marks.path(incarnation).unwrap(), "{\"mach").unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Torn);
    }

    #[test]
    fn a_moved_folder_keeps_its_identity() {
        let (parent, marks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (parent.path().join("a"), parent.path().join("b"));
        fs::create_dir(&from).unwrap();
        fs::write(from.join(JOURNAL), "").unwrap();
        let before = FileMarks::new(Some(marks.path()), &from).unwrap().mark(3);
        fs::rename(&from, &to).unwrap();
        let after = FileMarks::new(Some(marks.path()), &to).unwrap().mark(3);
        assert_eq!(before == after, cfg!(unix));
    }

    #[test]
    fn without_a_folder_for_marks_none_are_written_or_found() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join(JOURNAL), "").unwrap();
        let marks = FileMarks::new(None, data.path()).unwrap();
        let incarnation = IncarnationId(Uuid::new_v4());
        marks.write(incarnation, &marks.mark(7)).unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Nothing);
        // HOME=/dev/null: such a path can't be a folder.
        let marks = FileMarks::new(Some(Path::new("/dev/null/marks")), data.path()).unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Nothing);
        assert!(marks.write(incarnation, &marks.mark(7)).is_err());
    }
}
