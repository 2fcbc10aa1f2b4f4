//! A mark outside the data folder: how far its journal had come, and where it lay. A journal that is older than its mark was
//! put back from a copy; a folder whose mark lies elsewhere, or nowhere, is a copy. Either must begin another life, or two
//! lives would record under one name (ADR 0018).
//!
//! The mark is written after the commit and may lag, so a crash never looks like a restore.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_application::ports::StoreError;
use nosmoke_domain::ids::IncarnationId;
use serde::{Deserialize, Serialize};

use crate::error::from_io;
use crate::folder::private_file;

/// What a mark says of the folder that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The folder and the machine that were marked, and a journal that isn't older.
    Same,
    /// The journal had come further once.
    Older,
    /// The folder lay elsewhere, or on another machine.
    Copied,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    machine: String,
    folder: String,
    seq: u64,
}

/// The mark of one incarnation.
#[derive(Debug)]
pub struct Mark {
    path: PathBuf,
    machine: String,
    folder: String,
}

impl Mark {
    /// The mark that belongs to an incarnation in a data folder; `marks` is a folder of this machine outside of it.
    ///
    /// # Errors
    /// The data folder can't be examined.
    pub fn new(marks: &Path, data_folder: &Path, incarnation: IncarnationId) -> Result<Self, StoreError> {
        let folder = identity(data_folder).map_err(|error| from_io(data_folder.display(), &error))?;
        Ok(Self { path: marks.join(format!("{incarnation}.json")), machine: machine(), folder })
    }

    /// Judges a journal whose own last seq is this. `marked_before` says that it knows of having been marked: without
    /// a mark it is a copy then.
    ///
    /// # Errors
    /// The mark is there and can't be read.
    pub fn verdict(&self, seq: u64, marked_before: bool) -> Result<Verdict, StoreError> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(if marked_before { Verdict::Copied } else { Verdict::Same });
            }
            Err(error) => return Err(from_io(self.path.display(), &error)),
        };
        // One that was cut off by a crash says nothing.
        let Ok(written) = serde_json::from_slice::<Written>(&text) else { return Ok(Verdict::Same) };
        Ok(if written.machine != self.machine || written.folder != self.folder {
            Verdict::Copied
        } else if seq < written.seq {
            Verdict::Older
        } else {
            Verdict::Same
        })
    }

    /// Notes how far the journal has come. Whole or not at all, but not synced: a mark that lags does no harm.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, seq: u64) -> Result<(), StoreError> {
        let written = Written { machine: self.machine.clone(), folder: self.folder.clone(), seq };
        let text = serde_json::to_vec(&written).map_err(|error| StoreError::Failed(error.to_string()))?;
        let failed = |error: io::Error| from_io(self.path.display(), &error);
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let beside = self.path.with_extension("new");
        drop(private_file(&beside)?);
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, &self.path)).map_err(failed)
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
    fn an_older_journal_and_a_copied_folder_are_seen() {
        let (data, copy, marks) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let life = IncarnationId(Uuid::new_v4());
        let mark = |folder: &Path| Mark::new(marks.path(), folder, life).unwrap();
        let here = mark(data.path());
        assert_eq!(here.verdict(7, false).unwrap(), Verdict::Same);
        assert_eq!(here.verdict(7, true).unwrap(), Verdict::Copied);
        here.write(7).unwrap();
        assert_eq!(mark(data.path()).verdict(7, true).unwrap(), Verdict::Same);
        assert_eq!(mark(data.path()).verdict(8, true).unwrap(), Verdict::Same);
        assert_eq!(mark(data.path()).verdict(6, true).unwrap(), Verdict::Older);
        assert_eq!(mark(copy.path()).verdict(7, true).unwrap(), Verdict::Copied);
        let elsewhere = Mark { machine: "another".into(), ..mark(data.path()) };
        assert_eq!(elsewhere.verdict(7, true).unwrap(), Verdict::Copied);
        fs::write(&here.path, "{\"mach").unwrap();
        assert_eq!(mark(data.path()).verdict(1, true).unwrap(), Verdict::Same);
    }

    #[test]
    fn a_moved_folder_stays_itself() {
        let (parent, marks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (parent.path().join("a"), parent.path().join("b"));
        fs::create_dir(&from).unwrap();
        let life = IncarnationId(Uuid::new_v4());
        Mark::new(marks.path(), &from, life).unwrap().write(3).unwrap();
        fs::rename(&from, &to).unwrap();
        let verdict = Mark::new(marks.path(), &to, life).unwrap().verdict(3, true).unwrap();
        assert_eq!(verdict, if cfg!(unix) { Verdict::Same } else { Verdict::Copied });
    }
}
