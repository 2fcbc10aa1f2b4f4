//! A secret beside the journal, in a file that only this user can read (0600). No backup holds it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::error::from_io;
use crate::folder::{private_file, sync_folder};

/// A file of one secret in a data folder.
#[derive(Debug, Clone)]
pub struct Secret {
    folder: PathBuf,
    path: PathBuf,
}

impl Secret {
    /// What the cluster wants.
    pub fn cluster_password(data_folder: &Path) -> Self {
        Self::at(data_folder, "cluster-password")
    }

    /// Of the customer center's database.
    pub fn mypage_password(data_folder: &Path) -> Self {
        Self::at(data_folder, "mypage-password")
    }

    fn at(data_folder: &Path, name: &str) -> Self {
        Self { folder: data_folder.to_owned(), path: data_folder.join(name) }
    }

    /// What opens the gateway.
    pub fn gateway_token(data_folder: &Path) -> Self {
        Self::at(data_folder, "gateway.token")
    }

    /// Where the gateway answers, while it does.
    pub fn gateway_address(data_folder: &Path) -> Self {
        Self::at(data_folder, "gateway.address")
    }

    /// # Errors
    /// It is there and can't be read.
    pub fn read(&self) -> Result<Option<String>, StoreError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(from_io(self.path.display(), &error)),
        }
    }

    /// Replaces it, whole or not at all; an empty one is none.
    ///
    /// # Errors
    /// It can't be written; the earlier one stays.
    pub fn write(&self, secret: &str) -> Result<(), StoreError> {
        let failed = |error: io::Error| from_io(self.path.display(), &error);
        if secret.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
                _ => sync_folder(&self.folder),
            };
        }
        let beside = self.path.with_added_extension("new");
        let file = private_file(&beside)?;
        fs::write(&beside, secret).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&beside, &self.path).map_err(failed)?;
        sync_folder(&self.folder)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_secret_is_kept_replaced_and_taken_away() {
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
