//! Reads and writes the file with which another terminal can join a facility: a pairing code, or the facility key
//! alone.

use std::io::{self, Write};
use std::path::Path;

use nosmoke_application::csv::read_limited;
use nosmoke_domain::ids::FacilityId;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_replication::FacilityKey;
use nosmoke_replication::joining::pairing;
use serde_json::json;

/// The content of a file with a pairing code or a facility key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityFile {
    /// `None` if the file has the key alone.
    pub facility_id: Option<FacilityId>,
    pub key: FacilityKey,
}

/// Reads a file with a pairing code, or with a key of 64 hexadecimal digits. `None` if there is no such file.
///
/// # Errors
/// `bad_pairing_code`, `file_unreadable`.
pub fn read_facility_file(path: &Path) -> Result<Option<FacilityFile>, AppError> {
    if !path.exists() {
        return Ok(None);
    }
    let bad = |_| AppError::new(ErrorCode::BadPairingCode);
    let text = String::from_utf8(read_limited(path)?).map_err(bad)?;
    if let Ok(key) = text.trim().parse() {
        return Ok(Some(FacilityFile { facility_id: None, key }));
    }
    let carried = pairing::read_code(&text)?;
    Ok(Some(FacilityFile { facility_id: Some(carried.facility_id), key: carried.key }))
}

/// Writes a pairing code to a file that only this user can read (0600).
///
/// # Errors
/// `file_unwritable`.
pub fn write_facility_file(path: &Path, code: &str) -> Result<(), AppError> {
    let write = || -> io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(format!("{code}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| {
        let params = json!({ "path": path.display().to_string(), "detail": error.to_string() });
        AppError::with(ErrorCode::FileUnwritable, params)
    })
}
