//! The facility's key, in a file beside the journal.

use nosmoke_ports::{ReadFacilityKey, StoreError, WriteFacilityKey};

use crate::journal::tx::Tx;
use crate::secret::Secret;

impl Tx<'_> {
    fn key_file(&self) -> Result<Secret, StoreError> {
        let folder = self.db.folder().ok_or_else(|| StoreError::Failed("the journal lies in no folder".into()))?;
        Ok(Secret::facility_key(&folder))
    }
}

impl ReadFacilityKey for Tx<'_> {
    fn facility_key(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.key_file()?.read()?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    }
}

impl WriteFacilityKey for Tx<'_> {
    fn put_facility_key(&mut self, key: &str) -> Result<(), StoreError> {
        if self.facility_key()?.as_deref() == Some(key) {
            return Ok(());
        }
        self.key_file()?.write(key)
    }
}
