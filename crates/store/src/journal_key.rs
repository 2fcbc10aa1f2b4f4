//! Earlier versions kept the facility key in the journal, and so in every backup. It moves into its file.

use std::path::Path;

use nosmoke_domain::ids::FacilityId;
use nosmoke_ports::StoreError;

use crate::secret::Secret;
use crate::sqlite::{Connection, params};

/// The setting of earlier versions: 64 hexadecimal digits, and for a key after the first its number.
pub(crate) const KEY_SETTING: &str = "facility_key";
/// The setting of the number of the newest key that the folder has known.
pub(crate) const KEY_NUMBER_SETTING: &str = "facility_key_number";

/// Returns the number of the key in the setting of earlier versions.
pub(crate) fn number_of(key: &str) -> String {
    key.split_once(' ').map_or("1", |(_, number)| number).to_owned()
}

/// Moves the key out of the journal, if it is there. A key that the file has already stays.
///
/// # Errors
/// An error of the store or of the file; then the key is still in the journal.
pub(crate) fn move_out(folder: &Path, db: &mut Connection) -> Result<(), StoreError> {
    let sql = "SELECT value FROM setting WHERE key = ?1";
    let Some(key) = db.row(sql, params![KEY_SETTING], |row| row.text(0).map(str::to_owned))? else { return Ok(()) };
    let sql = "SELECT facility_id FROM origin ORDER BY life DESC LIMIT 1";
    let facility = db.row(sql, params![], |row| Ok(FacilityId(row.id(0)?)))?;
    let (file, number) = (Secret::facility_key(folder), number_of(&key));
    if let (None, Some(facility)) = (file.read()?, facility) {
        let secret = key.split(' ').next().unwrap_or_default();
        file.write(&format!("{facility} {secret} {number}"))?;
    }
    db.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![KEY_NUMBER_SETTING, number],
    )?;
    db.execute("DELETE FROM setting WHERE key = ?1", params![KEY_SETTING])?;
    // Deleted rows are overwritten; the write-ahead log has them until it is emptied.
    db.row("PRAGMA wal_checkpoint(TRUNCATE)", params![], |_| Ok(()))?;
    Ok(())
}
