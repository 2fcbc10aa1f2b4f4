//! How a data folder is told from its copies: marks of this machine outside of it, and what a restore leaves inside.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::IncarnationId;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// Where a folder lies, and how far its journal has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub machine: String,
    /// Tells the folder from its copies.
    pub folder: String,
    /// The last seq of the incarnation.
    pub seq: u64,
}

/// What is found where a mark belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Mark(Mark),
    /// One that a crash cut off: it says nothing.
    Torn,
    Nothing,
}

pub trait Marks: Send + Sync + std::fmt::Debug {
    /// What says where the open folder lies, with how far its journal has come.
    fn mark(&self, seq: u64) -> Mark;

    /// # Errors
    /// It is there and can't be read.
    fn find(&self, incarnation: IncarnationId) -> Result<Found, StoreError>;

    /// # Errors
    /// It can't be written.
    fn write(&self, incarnation: IncarnationId, mark: &Mark) -> Result<(), StoreError>;
}

/// The setting that a restore leaves: a [`RestoredFrom`].
pub const RESTORED_FROM: &str = "restored_from";

/// Whose journal was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredFrom {
    /// Must record nothing more; none where the backup was of an empty journal.
    pub incarnation: Option<IncarnationId>,
    pub created_at: DateTime<Utc>,
    pub restored_at: DateTime<Utc>,
}
