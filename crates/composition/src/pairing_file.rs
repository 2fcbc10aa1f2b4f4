//! Reads and writes the file with which another terminal can join a facility: a pairing code.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nosmoke_application::csv::read_limited;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_replication::joining::pairing::{self, Carried};

/// Reads a file with a pairing code. `None` if there is no such file.
///
/// # Errors
/// `bad_pairing_code`, `key_without_facility`, `file_unreadable`.
pub fn read_facility_file(path: &Path) -> Result<Option<Carried>, AppError> {
    if !path.exists() {
        return Ok(None);
    }
    let text = String::from_utf8(read_limited(path)?).map_err(|_| AppError::new(ErrorCode::BadPairingCode))?;
    pairing::read_code(&text).map(Some)
}

/// Writes a pairing code to a file that only this user can read (0600), also if it replaces one that others could read. A
/// link of that name is replaced, so that nobody leads the code elsewhere.
///
/// # Errors
/// `file_unwritable`.
pub fn write_facility_file(path: &Path, code: &str) -> Result<(), AppError> {
    let written_aside = beside(path);
    let write = || {
        fill(OpenOptions::new().create_new(true), &written_aside, code)?;
        std::fs::rename(&written_aside, path).inspect_err(|_| drop(std::fs::remove_file(&written_aside)))
    };
    write().map_err(|error| unwritable(path, &error))
}

/// Writes a pairing code to a file of which there is none yet. Of several programs that do so at once, one makes the
/// file; the others get `false`, and find its whole content there.
///
/// # Errors
/// `file_unwritable`.
pub fn make_facility_file(path: &Path, code: &str) -> Result<bool, AppError> {
    let written_aside = beside(path);
    let make = || {
        fill(OpenOptions::new().create_new(true), &written_aside, code)?;
        // A link appears with its whole content, and never replaces a file.
        let linked = std::fs::hard_link(&written_aside, path);
        std::fs::remove_file(&written_aside)?;
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            // A file system without links: the file is made exclusively, and filled a moment later.
            Err(_) => match fill(OpenOptions::new().create_new(true), path, code) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                made => made.map(|()| true),
            },
            Ok(()) => Ok(true),
        }
    };
    make().map_err(|error| unwritable(path, &error))
}

fn fill(options: &mut OpenOptions, path: &Path, code: &str) -> io::Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let mut file: File = options.write(true).open(path)?;
    file.write_all(format!("{code}\n").as_bytes())?;
    file.sync_all()
}

/// A file name of this process in the same folder.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

fn unwritable(path: &Path, error: &io::Error) -> AppError {
    AppError::of_file(ErrorCode::FileUnwritable, path, error.kind(), &error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_programs_one_makes_the_file_and_all_find_its_code() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("facility-key");
        assert!(make_facility_file(&path, "A").unwrap());
        assert!(!make_facility_file(&path, "B").unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "A\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            write_facility_file(&path, "B").unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "B\n");
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let error = make_facility_file(&folder.path().join("none/file"), "A").unwrap_err();
        assert_eq!(error.code, ErrorCode::FileUnwritable);
    }
}
