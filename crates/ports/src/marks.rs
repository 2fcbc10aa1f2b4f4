//! Detects that a data folder was copied or restored: a file outside the folder (the mark) says where the incarnation
//! last ran, and a restore leaves a setting inside the folder.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::IncarnationId;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// Where a data folder is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The machine's id; empty if it has none, as in a container.
    pub machine: String,
    /// Identifies the folder and its journal's file, so that copies of both are recognised.
    pub folder: String,
    pub journal: String,
}

impl Place {
    /// Whether `self` and `here` are certainly different places: two machines, or two folders with two journal files. If
    /// only the folder or only the file differs, it may be the same data folder after a move or a restore.
    pub fn differs_from(&self, here: &Self) -> bool {
        let is_known = !self.machine.is_empty() && !here.machine.is_empty();
        (is_known && self.machine != here.machine) || (self.folder != here.folder && self.journal != here.journal)
    }
}

/// Where a data folder is, and how far its journal has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub place: Place,
    /// The last seq that the incarnation has recorded.
    pub seq: u64,
}

/// The result of looking for a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Mark(Mark),
    /// The file was cut off by a crash and has no usable content.
    Torn,
    Nothing,
}

pub trait Marks: Send + Sync + std::fmt::Debug {
    /// Where the open folder is.
    fn place(&self) -> Place;

    /// Returns the mark to write for the open folder, with this seq.
    fn mark(&self, seq: u64) -> Mark {
        Mark { place: self.place(), seq }
    }

    /// Reads the mark of an incarnation.
    ///
    /// # Errors
    /// Returns an error if the mark exists but can't be read.
    fn find(&self, incarnation: IncarnationId) -> Result<Found, StoreError>;

    /// Writes the mark of an incarnation.
    ///
    /// # Errors
    /// Returns an error if the mark can't be written.
    fn write(&self, incarnation: IncarnationId, mark: &Mark) -> Result<(), StoreError>;
}

/// The key of the setting that a restore writes; its value is a [`RestoredFrom`].
pub const RESTORED_FROM: &str = "restored_from";

/// Where the journal comes from, if it was restored from a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredFrom {
    /// The incarnation of the backup's journal, which must not record anything more; `None` if that journal was empty.
    pub incarnation: Option<IncarnationId>,
    pub created_at: DateTime<Utc>,
    pub restored_at: DateTime<Utc>,
}
