//! The facility key encrypts personal data before it leaves this terminal (ADR 0018). Terminals without it still
//! exchange facts, but can't read names.

use std::fmt;
use std::str::FromStr;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use nosmoke_ports::{Ids, ReadSettings, StoreError, WriteSettings};
use serde::{Deserialize, Serialize};

/// The setting that stores the key, as 64 hexadecimal digits. Other users can't read `journal.db` (0600).
const SETTING: &str = "facility_key";

/// A symmetric key of 256 bits, generated once when the facility is set up.
#[derive(Clone, PartialEq, Eq)]
pub struct FacilityKey([u8; 32]);

/// An encrypted text with its nonce and the id of the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SealedBox {
    /// Identifies the key without revealing it: the first 8 bytes of its BLAKE3 hash, hexadecimal.
    pub key_id: String,
    /// 24 bytes, hexadecimal.
    pub nonce: String,
    /// The ciphertext (XChaCha20-Poly1305), hexadecimal. The message's topic and key are its associated data.
    pub sealed: String,
}

/// Why a sealed box can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// It was sealed with another key.
    AnotherKey,
    /// It names this key, but its content was changed, or it was sealed for another topic or key.
    Tampered,
}

impl FacilityKey {
    pub fn new(ids: &dyn Ids) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("nosmoke facility key v1");
        // Each id has 122 random bits, so four have more than the 256 that the key needs.
        for _ in 0..4 {
            hasher.update(ids.random().as_bytes());
        }
        Self(*hasher.finalize().as_bytes())
    }

    pub fn id(&self) -> String {
        let hash = blake3::derive_key("nosmoke facility key id v1", &self.0);
        hex(hash.get(..8).unwrap_or_default())
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the key of this data folder; `None` before it is set up.
    ///
    /// # Errors
    /// An error of the store.
    pub fn read(tx: &mut dyn ReadSettings) -> Result<Option<Self>, StoreError> {
        tx.setting(SETTING)?
            .map(|text| {
                text.parse().map_err(|()| StoreError::Corrupt("the setting of the facility key is unreadable".into()))
            })
            .transpose()
    }

    /// Stores this key as the key of the data folder.
    ///
    /// # Errors
    /// An error of the store.
    pub fn keep(&self, tx: &mut dyn WriteSettings) -> Result<(), StoreError> {
        tx.put_setting(SETTING, &hex(&self.0))
    }

    /// Encrypts a text. `address` (the message's topic and key) is authenticated too, so the box can be opened only
    /// there.
    ///
    /// # Panics
    /// Never: a text that fits into memory can be sealed.
    pub fn seal(&self, ids: &dyn Ids, address: &str, text: &[u8]) -> SealedBox {
        let mut nonce = XNonce::default();
        nonce[..12].copy_from_slice(&ids.random().as_bytes()[..12]);
        nonce[12..].copy_from_slice(&ids.random().as_bytes()[..12]);
        let payload = Payload { msg: text, aad: address.as_bytes() };
        #[expect(clippy::expect_used, reason = "only a text beyond 256 GiB fails")]
        let sealed = self.cipher().encrypt(&nonce, payload).expect("a text seals");
        SealedBox { key_id: self.id(), nonce: hex(&nonce), sealed: hex(&sealed) }
    }

    /// Decrypts a box that was sealed for `address`.
    ///
    /// # Errors
    /// `AnotherKey`, `Tampered`.
    pub fn open(&self, address: &str, sealed: &SealedBox) -> Result<Vec<u8>, Unopened> {
        if sealed.key_id != self.id() {
            return Err(Unopened::AnotherKey);
        }
        let nonce: [u8; 24] = unhex(&sealed.nonce).and_then(|it| it.try_into().ok()).ok_or(Unopened::Tampered)?;
        let message = unhex(&sealed.sealed).ok_or(Unopened::Tampered)?;
        let payload = Payload { msg: &message, aad: address.as_bytes() };
        self.cipher().decrypt(&nonce.into(), payload).map_err(|_| Unopened::Tampered)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

/// Shows only the key's id, so that the key never gets into a log file.
impl fmt::Debug for FacilityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FacilityKey({})", self.id())
    }
}

impl FromStr for FacilityKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        unhex(text.trim()).and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(())
    }
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nosmoke_ports::RandomIds;

    #[test]
    fn a_box_opens_with_its_key_at_its_own_address_only() {
        let (key, other) = (FacilityKey::new(&RandomIds), FacilityKey::new(&RandomIds));
        let sealed = key.seal(&RandomIds, "profiles/1", "홍길동".as_bytes());
        assert_eq!(key.open("profiles/1", &sealed).unwrap(), "홍길동".as_bytes());
        assert_eq!(key.open("profiles/2", &sealed), Err(Unopened::Tampered));
        assert_eq!(other.open("profiles/1", &sealed), Err(Unopened::AnotherKey));
        let cut = SealedBox { sealed: sealed.sealed[2..].into(), ..sealed.clone() };
        assert_eq!(key.open("profiles/1", &cut), Err(Unopened::Tampered));
        assert!(!sealed.sealed.contains(&hex("홍길동".as_bytes())));
        assert_ne!(key.seal(&RandomIds, "profiles/1", b"x"), key.seal(&RandomIds, "profiles/1", b"x"));
    }

    #[test]
    fn a_key_is_parsed_from_its_digits_and_never_shown_in_debug_output() {
        let key = FacilityKey::from_bytes([0xab; 32]);
        assert_eq!("ab".repeat(32).parse(), Ok(key.clone()));
        assert_eq!("ab".repeat(31).parse::<FacilityKey>(), Err(()));
        assert!(!format!("{key:?}").contains("abab"));
    }
}
