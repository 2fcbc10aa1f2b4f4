//! The facility's key: a text in a file beside the journal. It isn't in the journal, so that no copy and no backup of the
//! journal has it.

use crate::StoreError;

/// Reads the facility's key.
pub trait ReadFacilityKey {
    /// The text that was put last; `None` if there is no file.
    fn facility_key(&mut self) -> Result<Option<String>, StoreError>;
}

/// Writes the facility's key.
pub trait WriteFacilityKey: ReadFacilityKey {
    /// Replaces the key durably and at once: before this unit is committed, and also if it isn't.
    fn put_facility_key(&mut self, key: &str) -> Result<(), StoreError>;
}
