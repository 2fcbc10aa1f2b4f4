//! The publisher's key, and what a signature says.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use data_encoding::BASE64;
use minisign_verify::{PublicKey, Signature};
use nosmoke_ports::contract::{AppError, ErrorCode};

use crate::fault::{Untrusted, unavailable, untrusted};

const BLOCK_BYTES: usize = 64 * 1024;

/// A minisign public key.
#[derive(Debug, Clone)]
pub(crate) struct Key(PublicKey);

impl Key {
    /// Reads a key as `tauri signer generate` writes it (the file in base64), as minisign's file, or as the line of that file
    /// that has the key.
    ///
    /// # Errors
    /// `invalid_update_key`.
    pub(crate) fn parse(text: &str) -> Result<Self, AppError> {
        let text = text.trim();
        let unpacked = unpack(text);
        let key = PublicKey::from_base64(text).or_else(|_| PublicKey::decode(unpacked.as_deref().unwrap_or(text)));
        key.map(Self).map_err(|_| AppError::new(ErrorCode::InvalidUpdateKey))
    }

    /// Checks that a file is what its publisher signed as this version.
    ///
    /// # Errors
    /// `update_untrusted`, or `update_unavailable` if the file can't be read.
    pub(crate) fn verify(&self, file: &Path, signature: &str, version: &semver::Version) -> Result<(), AppError> {
        let unpacked = unpack(signature).ok_or_else(|| untrusted(Untrusted::Signature))?;
        let signature = Signature::decode(&unpacked).map_err(|_| untrusted(Untrusted::Signature))?;
        let mut verifier = self.0.verify_stream(&signature).map_err(|_| untrusted(Untrusted::Signature))?;
        let mut file = File::open(file).map_err(unavailable)?;
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            let read = file.read(&mut block).map_err(unavailable)?;
            if read == 0 {
                break;
            }
            verifier.update(&block[..read]);
        }
        // This also verifies the signature over the trusted comment, so that it may be read.
        verifier.finalize().map_err(|_| untrusted(Untrusted::Signature))?;
        match signed_version(signature.trusted_comment()) {
            Some(signed) if signed == *version => Ok(()),
            _ => Err(untrusted(Untrusted::Version)),
        }
    }
}

fn unpack(base64: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(base64.trim().as_bytes()).ok()?).ok()
}

/// The version that a trusted comment names: fields, separated by tabs, one of which is `version:1.2.3`.
fn signed_version(comment: &str) -> Option<semver::Version> {
    comment.split('\t').find_map(|field| field.strip_prefix("version:"))?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    /// As `tauri signer generate` wrote it.
    const PACKED: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6IDFGOTRBMjBFQTc5Qzk2NEYKUldSUGxweW5EcUtVSDBMWWFqa0p4WXVqRWVEMWY3b0N1RDRuSkxZU0puTGxRVmZKTU16bkVmYUsK";

    #[test]
    fn a_key_is_read_as_each_tool_writes_it_and_nothing_else_is_one() {
        let line = "RWRPlpynDqKUH0LYajkJxYujEeD1f7oCuD4nJLYSJnLlQVfJMMznEfaK";
        let file = format!("untrusted comment: minisign public key: 1F94A20EA79C964F\n{line}\n");
        for text in [PACKED, line, &file, &format!("  {line} \n")] {
            Key::parse(text).unwrap();
        }
        for text in ["", "a key", &PACKED[..40], &line[1..]] {
            assert_eq!(Key::parse(text).unwrap_err().code, ErrorCode::InvalidUpdateKey, "{text}");
        }
    }

    #[test]
    fn the_version_is_read_from_the_trusted_comment_alone_among_its_fields() {
        assert_eq!(signed_version("timestamp:1\tfile:a.deb\tversion:1.2.3"), Some(semver::Version::new(1, 2, 3)));
        assert_eq!(signed_version("timestamp:1\tfile:version:1.2.3"), None);
        assert_eq!(signed_version("version:new"), None);
    }
}
