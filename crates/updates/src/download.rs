//! Downloads and verifies a package.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use nosmoke_ports::contract::{AppError, ErrorCode};
use semver::Version;

use crate::fault::{unavailable, unreachable};
use crate::look::{Offer, get};
use crate::source::Source;

const PACKAGE_MAX_BYTES: u64 = 512 * 1024 * 1024;

/// A verified package on this PC.
#[derive(Debug, Clone)]
pub struct Download {
    pub version: Version,
    pub notes: String,
    pub path: PathBuf,
    pub size_bytes: u64,
    signature: String,
}

impl Source {
    /// Downloads a package into a folder, in which it deletes everything else, and verifies it. A package that is there already
    /// isn't downloaded again. `None` if `goes_on` ended it.
    ///
    /// # Errors
    /// `update_unavailable`, `update_untrusted`, or an error of the file.
    pub async fn download(
        &self,
        offer: &Offer,
        folder: &Path,
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Download>, AppError> {
        let path = folder.join(format!("nosmoke-desk_{}.deb", offer.version));
        let unwritable = |error: std::io::Error| unwritable(folder, &error);
        make_private(folder).map_err(unwritable)?;
        keep_only(folder, &path).map_err(unwritable)?;
        let download = |size_bytes| Download {
            version: offer.version.clone(),
            notes: offer.notes.clone(),
            path: path.clone(),
            size_bytes,
            signature: offer.signature.clone(),
        };
        if let Ok(there) = fs::metadata(&path) {
            let there = download(there.len());
            if self.verify(&there).await.is_ok() {
                return Ok(Some(there));
            }
        }
        let part = path.with_extension("part");
        let Some(size_bytes) = self.fetch(offer, &part, goes_on).await? else {
            fs::remove_file(&part).map_err(unwritable)?;
            return Ok(None);
        };
        fs::rename(&part, &path).map_err(unwritable)?;
        let fetched = download(size_bytes);
        if let Err(error) = self.verify(&fetched).await {
            fs::remove_file(&path).map_err(unwritable)?;
            return Err(error);
        }
        Ok(Some(fetched))
    }

    /// Verifies a package again, which lay on the disk meanwhile.
    ///
    /// # Errors
    /// `update_untrusted`, or `update_unavailable` if the file is gone.
    pub async fn verify(&self, download: &Download) -> Result<(), AppError> {
        let (key, download) = (self.key.clone(), download.clone());
        let verifying =
            tokio::task::spawn_blocking(move || key.verify(&download.path, &download.signature, &download.version));
        verifying.await.unwrap_or_else(|error| Err(unavailable(error)))
    }

    async fn fetch(
        &self,
        offer: &Offer,
        part: &Path,
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<u64>, AppError> {
        let mut response = get(&self.client()?, &offer.url).await?;
        let mut file = File::create(part).map_err(|error| unwritable(part, &error))?;
        let mut size_bytes = 0;
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            if !goes_on() {
                return Ok(None);
            }
            size_bytes += chunk.len() as u64;
            if size_bytes > PACKAGE_MAX_BYTES {
                return Err(unavailable("the package is larger than 512 MiB"));
            }
            file.write_all(&chunk).map_err(|error| unwritable(part, &error))?;
        }
        file.sync_all().map_err(|error| unwritable(part, &error))?;
        Ok(Some(size_bytes))
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Deletes earlier downloads, so that they don't fill the disk.
fn keep_only(folder: &Path, path: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let other = entry?.path();
        if other != path && other.is_file() {
            fs::remove_file(other)?;
        }
    }
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> AppError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => AppError::new(ErrorCode::DiskFull),
        kind => AppError::of_file(ErrorCode::FileUnwritable, path, kind, &error.to_string()),
    }
}
