//! Where newer versions come from: an address, and the key with which they are signed.

use std::time::Duration;

use nosmoke_ports::contract::{AppError, ErrorCode, UpdateSetting};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde_json::json;

use crate::fault::unreachable;
use crate::key::Key;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer may bring nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const REDIRECTS_MAX: usize = 5;

/// A checked [`UpdateSetting`].
#[derive(Debug, Clone)]
pub struct Source {
    pub(crate) address: Url,
    pub(crate) key: Key,
}

impl Source {
    /// Checks a setting without connecting.
    ///
    /// # Errors
    /// `invalid_url` for an address that isn't https, or http on this PC; `invalid_update_key`.
    pub fn parse(setting: &UpdateSetting) -> Result<Self, AppError> {
        let address = parse_address(setting.address.trim())?;
        Ok(Self { address, key: Key::parse(&setting.key)? })
    }

    pub(crate) fn client(&self) -> Result<Client, AppError> {
        let builder = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .redirect(Policy::limited(REDIRECTS_MAX))
            .user_agent(concat!("nosmoke-desk/", env!("CARGO_PKG_VERSION")));
        let builder = match self.address.scheme() {
            // A redirect can't lead away from TLS.
            "https" => builder.https_only(true),
            _ => builder.no_proxy(),
        };
        builder.build().map_err(|error| unreachable(&error))
    }
}

/// Parses an address. Without TLS anybody on the way could withhold newer versions, so plain http is for this PC only.
pub(crate) fn parse_address(text: &str) -> Result<Url, AppError> {
    let invalid = || AppError::with(ErrorCode::InvalidUrl, json!({ "field": "updates" }));
    let address: Url = text.parse().map_err(|_| invalid())?;
    let is_here = matches!(address.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let is_safe = address.scheme() == "https" || address.scheme() == "http" && is_here;
    let has_secret = !address.username().is_empty() || address.password().is_some();
    match is_safe && address.has_host() && !has_secret {
        true => Ok(address),
        false => Err(invalid()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_tls_or_is_on_this_pc_and_names_no_user() {
        for good in ["https://example.com/latest.json", "http://127.0.0.1:8080/latest.json", "http://[::1]/a"] {
            assert!(parse_address(good).is_ok(), "{good}");
        }
        for bad in ["", "latest.json", "http://example.com/latest.json", "https://me:secret@example.com/", "file:///a"]
        {
            assert_eq!(parse_address(bad).map_err(|error| error.code), Err(ErrorCode::InvalidUrl), "{bad}");
        }
    }
}
