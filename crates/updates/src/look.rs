//! Asks the address which version is the newest.

use std::collections::BTreeMap;

use nosmoke_ports::contract::AppError;
use reqwest::{Client, Response, Url};
use semver::Version;
use serde::Deserialize;

use crate::fault::{unavailable, unreachable};
use crate::source::{Source, parse_address};

const MANIFEST_MAX_BYTES: usize = 64 * 1024;
/// Letters of a version's notes that are kept.
const NOTES_MAX: usize = 2_000;

/// A version that an address offers, which isn't verified yet.
#[derive(Debug, Clone)]
pub struct Offer {
    pub version: Version,
    pub notes: String,
    pub(crate) url: Url,
    pub(crate) signature: String,
}

impl Offer {
    /// Whether this version is newer than another one, such as the running one.
    pub fn is_newer_than(&self, version: &str) -> bool {
        version.parse().is_ok_and(|version: Version| self.version > version)
    }
}

/// The file that names the newest version, in the format of Tauri's updater. Other fields are ignored.
#[derive(Debug, Deserialize)]
struct Manifest {
    version: String,
    notes: Option<String>,
    platforms: BTreeMap<String, Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    /// Absolute, or relative to the file's own address.
    url: String,
    signature: String,
}

impl Source {
    /// Asks which version is the newest, with its package for a target.
    ///
    /// # Errors
    /// `update_unavailable`.
    pub async fn look(&self, target: &str) -> Result<Offer, AppError> {
        let response = get(&self.client()?, &self.address).await?;
        self.offer(&read(response).await?, target)
    }

    fn offer(&self, manifest: &[u8], target: &str) -> Result<Offer, AppError> {
        let manifest: Manifest = serde_json::from_slice(manifest).map_err(unavailable)?;
        let version = manifest.version.trim_start_matches('v');
        let version = version.parse().map_err(|error| unavailable(format!("{version}: {error}")))?;
        let named = manifest.platforms.get(target).or_else(|| manifest.platforms.get(target.trim_end_matches("-deb")));
        let package = named.ok_or_else(|| unavailable(format!("version {version} has no package {target}")))?;
        let url = self.address.join(&package.url).map_err(unavailable)?;
        parse_address(url.as_str()).map_err(|_| unavailable(format!("{url} isn't https")))?;
        let notes = manifest.notes.unwrap_or_default().chars().take(NOTES_MAX).collect();
        Ok(Offer { version, notes, url, signature: package.signature.clone() })
    }
}

pub(crate) async fn get(client: &Client, url: &Url) -> Result<Response, AppError> {
    let response = client.get(url.clone()).send().await.map_err(|error| unreachable(&error))?;
    response.error_for_status().map_err(|error| unreachable(&error))
}

async fn read(mut response: Response) -> Result<Vec<u8>, AppError> {
    let mut manifest = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        manifest.extend_from_slice(&chunk);
        if manifest.len() > MANIFEST_MAX_BYTES {
            return Err(unavailable("the file is longer than 64 KiB"));
        }
    }
    Ok(manifest)
}
