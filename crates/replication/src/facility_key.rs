//! The facility key: seals what is personal before it leaves this terminal (ADR 0018). Terminals without it exchange facts all
//! the same and don't read names.

use std::fmt;
use std::str::FromStr;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use nosmoke_ports::{Ids, ReadSettings, StoreError, WriteSettings};
use serde::{Deserialize, Serialize};

/// The setting that keeps it, as 64 hexadecimal digits. `journal.db` is closed to other users (0600).
const SETTING: &str = "facility_key";

/// 256 bits, made once at the facility's set-up.
#[derive(Clone, PartialEq, Eq)]
pub struct FacilityKey([u8; 32]);

/// A sealed text with what is needed to open it but for the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SealedBox {
    /// Names the key without telling it: the first 8 bytes of its BLAKE3 hash, hexadecimal.
    pub key_id: String,
    /// 24 bytes, hexadecimal.
    pub nonce: String,
    /// XChaCha20-Poly1305, hexadecimal. The record's topic and key are authenticated with it.
    pub sealed: String,
}

/// Why a box can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// Another key has sealed it.
    AnotherKey,
    /// It was sealed with this key, but not this content, or not for this place.
    Tampered,
}

impl FacilityKey {
    pub fn new(ids: &dyn Ids) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("nosmoke facility key v1");
        // Each has 122 random bits.
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

    /// The key of this data folder; none before the set-up.
    ///
    /// # Errors
    /// The store's.
    pub fn read(tx: &mut dyn ReadSettings) -> Result<Option<Self>, StoreError> {
        tx.setting(SETTING)?
            .map(|text| text.parse().map_err(|()| StoreError::Corrupt("the facility key".into())))
            .transpose()
    }

    /// # Errors
    /// The store's.
    pub fn keep(&self, tx: &mut dyn WriteSettings) -> Result<(), StoreError> {
        tx.put_setting(SETTING, &hex(&self.0))
    }

    /// Seals a text for one place; `place` is the record's topic and key.
    ///
    /// # Panics
    /// Never: a text that fits into memory can be sealed.
    pub fn seal(&self, ids: &dyn Ids, place: &str, text: &[u8]) -> SealedBox {
        let mut nonce = XNonce::default();
        nonce[..12].copy_from_slice(&ids.random().as_bytes()[..12]);
        nonce[12..].copy_from_slice(&ids.random().as_bytes()[..12]);
        let payload = Payload { msg: text, aad: place.as_bytes() };
        #[expect(clippy::expect_used, reason = "only a text beyond 256 GiB fails")]
        let sealed = self.cipher().encrypt(&nonce, payload).expect("a text seals");
        SealedBox { key_id: self.id(), nonce: hex(&nonce), sealed: hex(&sealed) }
    }

    /// # Errors
    /// `AnotherKey`, `Tampered`.
    pub fn open(&self, place: &str, sealed: &SealedBox) -> Result<Vec<u8>, Unopened> {
        if sealed.key_id != self.id() {
            return Err(Unopened::AnotherKey);
        }
        let nonce: [u8; 24] = unhex(&sealed.nonce).and_then(|it| it.try_into().ok()).ok_or(Unopened::Tampered)?;
        let message = unhex(&sealed.sealed).ok_or(Unopened::Tampered)?;
        let payload = Payload { msg: &message, aad: place.as_bytes() };
        self.cipher().decrypt(&nonce.into(), payload).map_err(|_| Unopened::Tampered)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

/// Never tells the key.
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
    fn a_box_opens_with_its_key_in_its_place_only() {
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
    fn a_key_reads_back_from_its_digits_and_is_never_shown() {
        let key = FacilityKey::from_bytes([0xab; 32]);
        assert_eq!("ab".repeat(32).parse(), Ok(key.clone()));
        assert_eq!("ab".repeat(31).parse::<FacilityKey>(), Err(()));
        assert!(!format!("{key:?}").contains("abab"));
    }
}
