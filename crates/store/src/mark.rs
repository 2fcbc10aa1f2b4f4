//! Marks as files, in a folder of this machine outside of the data folder (ADR 0018).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::{Found, Mark};
use nosmoke_ports::{Marks, StoreError};

use crate::error::from_io;
use crate::folder::private_file;

/// The marks of a data folder's incarnations.
#[derive(Debug)]
pub struct FileMarks {
    marks: PathBuf,
    machine: String,
    folder: String,
}

impl FileMarks {
    /// `marks` is a folder of this machine outside of the data folder.
    ///
    /// # Errors
    /// The data folder can't be examined.
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

    /// Whole or not at all, but not synced: a mark that lags does no harm.
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

/// Tells a folder from its copies: a copy has another number in the file system, a moved one keeps it.
#[cfg(unix)]
fn identity(folder: &Path) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(folder)?;
    Ok(format!("{}:{}", metadata.dev(), metadata.ino()))
}

/// Elsewhere the place alone tells: a moved folder counts as a copy.
#[cfg(not(unix))]
fn identity(folder: &Path) -> io::Result<String> {
    Ok(folder.canonicalize()?.display().to_string())
}

/// What the system calls this machine; where it says nothing, the mark's own place must do.
fn machine() -> String {
    fs::read_to_string("/etc/machine-id").map(|id| id.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_mark_is_found_as_it_was_written_or_says_nothing() {
        let (data, copy, folder) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let life = IncarnationId(Uuid::new_v4());
        let marks = FileMarks::new(folder.path(), data.path()).unwrap();
        assert_eq!(marks.find(life).unwrap(), Found::Nothing);
        marks.write(life, &marks.mark(7)).unwrap();
        assert_eq!(marks.find(life).unwrap(), Found::Mark(marks.mark(7)));
        assert_eq!(marks.find(IncarnationId(Uuid::new_v4())).unwrap(), Found::Nothing);
        assert_ne!(FileMarks::new(folder.path(), copy.path()).unwrap().mark(7), marks.mark(7));
        fs::write(marks.path(life), "{\"mach").unwrap();
        assert_eq!(marks.find(life).unwrap(), Found::Torn);
    }

    #[test]
    fn a_moved_folder_stays_itself() {
        let (parent, marks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (parent.path().join("a"), parent.path().join("b"));
        fs::create_dir(&from).unwrap();
        let before = FileMarks::new(marks.path(), &from).unwrap().mark(3);
        fs::rename(&from, &to).unwrap();
        let after = FileMarks::new(marks.path(), &to).unwrap().mark(3);
        assert_eq!(before == after, cfg!(unix));
    }
}
