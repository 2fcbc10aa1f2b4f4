//! Stores marks as files, in a folder of this machine outside the data folder; a mark tells a data folder from its
//! copies (ADR 0018).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{Found, Mark};
use nosmoke_ports::{Marks, StoreError};

use crate::error::from_io;
use crate::folder::private_file;

/// The marks of a data folder's incarnations, one file each.
#[derive(Debug)]
pub struct FileMarks {
    marks: PathBuf,
    machine: String,
    folder: String,
}

impl FileMarks {
    /// `marks` is the folder for the files, outside the data folder.
    ///
    /// # Errors
    /// `Failed` if the data folder's metadata can't be read.
    pub fn new(marks: &Path, data_folder: &Path) -> Result<Self, StoreError> {
        let folder = identity(data_folder).map_err(|error| from_io(data_folder.display(), &error))?;
        Ok(Self { marks: marks.into(), machine: machine(), folder })
    }

    fn path(&self, incarnation: IncarnationId) -> PathBuf {
        self.marks.join(format!("{incarnation}.json"))
    }
}

impl Marks for FileMarks {
    fn mark(&self, seq: u64) -> Mark {
        Mark { machine: self.machine.clone(), folder: self.folder.clone(), seq }
    }

    fn find(&self, incarnation: IncarnationId) -> Result<Found, StoreError> {
        let path = self.path(incarnation);
        match fs::read(&path) {
            Ok(text) => Ok(serde_json::from_slice(&text).map_or(Found::Torn, Found::Mark)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(from_io(path.display(), &error)),
        }
    }

    /// Replaces the file atomically, but doesn't sync it: a mark that lags behind the journal does no harm.
    fn write(&self, incarnation: IncarnationId, mark: &Mark) -> Result<(), StoreError> {
        let path = self.path(incarnation);
        let text = serde_json::to_vec(mark).map_err(|error| StoreError::Failed(error.to_string()))?;
        let failed = |error: io::Error| from_io(path.display(), &error);
        fs::create_dir_all(&self.marks).map_err(failed)?;
        let beside = path.with_extension("new");
        drop(private_file(&beside)?);
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(failed)
    }
}

/// Returns the folder's device and inode: a copy has others, a moved folder keeps them.
#[cfg(unix)]
fn identity(folder: &Path) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(folder)?;
    Ok(format!("{}:{}", metadata.dev(), metadata.ino()))
}

/// Returns the folder's path, because there is no inode on this system: a moved folder counts as a copy.
#[cfg(not(unix))]
fn identity(folder: &Path) -> io::Result<String> {
    Ok(folder.canonicalize()?.display().to_string())
}

/// Returns the machine id. It is empty if the system has none: then marks only tell machines apart by where they are
/// stored.
fn machine() -> String {
    fs::read_to_string("/etc/machine-id").map(|id| id.trim().to_owned()).unwrap_or_default()
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
        let marks = FileMarks::new(folder.path(), data.path()).unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Nothing);
        marks.write(incarnation, &marks.mark(7)).unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Mark(marks.mark(7)));
        assert_eq!(marks.find(IncarnationId(Uuid::new_v4())).unwrap(), Found::Nothing);
        assert_ne!(FileMarks::new(folder.path(), copy.path()).unwrap().mark(7), marks.mark(7));
        fs::write(marks.path(incarnation), "{\"mach").unwrap();
        assert_eq!(marks.find(incarnation).unwrap(), Found::Torn);
    }

    #[test]
    fn a_moved_folder_keeps_its_identity() {
        let (parent, marks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (parent.path().join("a"), parent.path().join("b"));
        fs::create_dir(&from).unwrap();
        let before = FileMarks::new(marks.path(), &from).unwrap().mark(3);
        fs::rename(&from, &to).unwrap();
        let after = FileMarks::new(marks.path(), &to).unwrap().mark(3);
        assert_eq!(before == after, cfg!(unix));
    }
}
