//! Secrets, stored as files of the data folder that only this user can read (0600). Backups don't contain them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::error::from_io;
use crate::folder::{replace_file, sync_folder};

/// A secret and the file that stores it.
#[derive(Debug, Clone)]
pub struct Secret {
    folder: PathBuf,
    path: PathBuf,
}

impl Secret {
    /// The facility's key, from which the keys that seal and authenticate messages are derived.
    pub fn facility_key(data_folder: &Path) -> Self {
        Self::at(data_folder, "facility.key")
    }

    /// The passphrase of the scheduled backups.
    pub fn backup_passphrase(data_folder: &Path) -> Self {
        Self::at(data_folder, "backup-passphrase")
    }

    /// The password for the Kafka cluster.
    pub fn cluster_password(data_folder: &Path) -> Self {
        Self::at(data_folder, "cluster-password")
    }

    /// The password for Mypage's database server.
    pub fn mypage_password(data_folder: &Path) -> Self {
        Self::at(data_folder, "mypage-password")
    }

    fn at(data_folder: &Path, name: &str) -> Self {
        Self { folder: data_folder.to_owned(), path: data_folder.join(name) }
    }

    /// The token that requests to the gateway must carry.
    pub fn gateway_token(data_folder: &Path) -> Self {
        Self::at(data_folder, "gateway.token")
    }

    /// The list of tokens, with the hashes of their secrets.
    pub fn tokens(data_folder: &Path) -> Self {
        Self::at(data_folder, "tokens")
    }

    /// The address of the gateway while it is running.
    pub fn gateway_address(data_folder: &Path) -> Self {
        Self::at(data_folder, "gateway.address")
    }

    /// Reads the secret; `None` if there is none.
    ///
    /// # Errors
    /// `Failed` if the file exists and can't be read.
    pub fn read(&self) -> Result<Option<String>, StoreError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(from_io(self.path.display(), &error)),
        }
    }

    /// Replaces the secret atomically; an empty text removes it.
    ///
    /// # Errors
    /// `Failed`, `DiskFull`; the earlier secret stays.
    pub fn write(&self, secret: &str) -> Result<(), StoreError> {
        let failed = |error: io::Error| from_io(self.path.display(), &error);
        if secret.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
                _ => sync_folder(&self.folder),
            };
        }
        replace_file(&self.path, secret.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_secret_is_written_replaced_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::cluster_password(folder.path());
        assert_eq!(secret.read().unwrap(), None);
        for text in ["비밀", "s"] {
            secret.write(text).unwrap();
            assert_eq!(secret.read().unwrap().as_deref(), Some(text));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&secret.path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        secret.write("").unwrap();
        assert_eq!(secret.read().unwrap(), None);
        secret.write("").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
