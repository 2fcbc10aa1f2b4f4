//! Marks of this machine, outside of the data folder.

use nosmoke_domain::ids::IncarnationId;

use super::StoreError;
use crate::mark::{Found, Mark};

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
