//! The facility key. Two keys are derived from it: one encrypts personal data before it leaves this terminal, the other
//! authenticates every message (ADR 0018, ADR 0030). The facility key itself does neither.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use nosmoke_domain::ids::FacilityId;
use nosmoke_ports::authentication::{KeyId, MessageKey};
use nosmoke_ports::{Ids, Read, StoreError, Write, setting};
use serde::{Deserialize, Serialize};

/// The setting that stores the number of the key. Unlike the key it is in backups: a folder that was restored elsewhere
/// has no key, and a new one that is made there must follow it.
const NUMBER_SETTING: &str = "facility_key_number";
/// Labels of the derived keys. A label never changes: other terminals derive the same keys.
const SEALING: &str = "nosmoke facility sealing key v1";
const AUTHENTICATING: &str = "nosmoke facility authenticating key v1";
const ID: &str = "nosmoke facility key id v1";

/// A symmetric key of 256 bits. The first is generated once when the facility is set up.
#[derive(Clone, PartialEq, Eq)]
pub struct FacilityKey {
    secret: [u8; 32],
    number: KeyNumber,
}

/// The place of a key in the row of a facility's keys, from 1 on: a terminal never takes a key with a lower number than
/// its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyNumber(pub u32);

impl KeyNumber {
    pub const FIRST: Self = Self(1);

    /// The number after this one; `None` after the last.
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

/// An encrypted text with its nonce and the id of the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SealedBox {
    /// Identifies the facility key without revealing it: the first 8 bytes of its BLAKE3 hash, hexadecimal.
    pub key_id: String,
    /// 24 bytes, hexadecimal.
    pub nonce: String,
    /// The ciphertext (XChaCha20-Poly1305), hexadecimal. The message's topic and key are its associated data.
    pub sealed: String,
}

/// A sealed box can't be opened: it was sealed with another key, or for another topic or key, or its content was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unopened;

impl FacilityKey {
    /// Generates a facility's first key.
    pub fn new(ids: &dyn Ids) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("nosmoke facility key v1");
        // Each id has 122 random bits, so four have more than the 256 that the key needs.
        for _ in 0..4 {
            hasher.update(ids.random().as_bytes());
        }
        Self::from_parts(*hasher.finalize().as_bytes(), KeyNumber::FIRST)
    }

    /// Generates the key that follows all that this folder has known; `None` after the last number.
    ///
    /// # Errors
    /// An error of the store.
    pub fn following(tx: &mut dyn Read, ids: &dyn Ids) -> Result<Option<Self>, StoreError> {
        let number = Self::known_number(tx)?.map_or(Some(KeyNumber::FIRST), KeyNumber::next);
        Ok(number.map(|number| Self { number, ..Self::new(ids) }))
    }

    /// Returns the number of the newest key that this folder has known; `None` if it never had one.
    ///
    /// # Errors
    /// An error of the store.
    pub fn known_number(tx: &mut dyn Read) -> Result<Option<KeyNumber>, StoreError> {
        let noted = setting::read::<u32>(tx, NUMBER_SETTING)?.map(KeyNumber);
        Ok(noted.max(Self::read(tx)?.map(|key| key.number)))
    }

    pub fn id(&self) -> KeyId {
        let [a, b, c, d, e, f, g, h, ..] = blake3::derive_key(ID, &self.secret);
        KeyId([a, b, c, d, e, f, g, h])
    }

    pub fn number(&self) -> KeyNumber {
        self.number
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.secret
    }

    pub fn from_parts(secret: [u8; 32], number: KeyNumber) -> Self {
        Self { secret, number }
    }

    /// Returns the key that authenticates messages.
    pub fn message_key(&self) -> MessageKey {
        MessageKey::new(self.id(), blake3::derive_key(AUTHENTICATING, &self.secret))
    }

    /// Reads the key of this data folder; `None` before it is set up, and after a restore on another PC. A file that is
    /// unreadable, or has the key of another facility than the journal's, counts as missing: the pairing code of another
    /// terminal replaces it.
    ///
    /// # Errors
    /// An error of the store.
    pub fn read(tx: &mut dyn Read) -> Result<Option<Self>, StoreError> {
        let Some(text) = tx.facility_key()? else { return Ok(None) };
        let Some((facility_id, key)) = Self::parse(&text) else {
            tracing::warn!("the file of the facility key is unreadable");
            return Ok(None);
        };
        Ok(tx.origin()?.is_some_and(|origin| origin.facility_id == facility_id).then_some(key))
    }

    /// Stores this key as the key of the data folder, which has an origin by then.
    ///
    /// # Errors
    /// An error of the store.
    pub fn keep(&self, tx: &mut dyn Write) -> Result<(), StoreError> {
        let Some(origin) = tx.origin()? else {
            return Err(StoreError::Failed("a key is kept before the folder has a facility".into()));
        };
        let KeyNumber(number) = self.number;
        tx.put_facility_key(&format!("{} {} {number}", origin.facility_id, hex(&self.secret)))?;
        setting::put(tx, NUMBER_SETTING, &number)
    }

    fn parse(text: &str) -> Option<(FacilityId, Self)> {
        let mut words = text.split(' ');
        let (facility_id, secret, number) = (words.next()?, words.next()?, words.next()?);
        let key = Self::from_parts(unhex(secret)?.try_into().ok()?, KeyNumber(number.parse().ok()?));
        words.next().is_none().then_some((facility_id.parse().ok()?, key))
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
        SealedBox { key_id: self.id().to_string(), nonce: hex(&nonce), sealed: hex(&sealed) }
    }

    /// Decrypts a box that was sealed for `address`.
    ///
    /// # Errors
    /// `Unopened`.
    pub fn open(&self, address: &str, sealed: &SealedBox) -> Result<Vec<u8>, Unopened> {
        if sealed.key_id != self.id().to_string() {
            return Err(Unopened);
        }
        let nonce: [u8; 24] = unhex(&sealed.nonce).and_then(|it| it.try_into().ok()).ok_or(Unopened)?;
        let message = unhex(&sealed.sealed).ok_or(Unopened)?;
        let payload = Payload { msg: &message, aad: address.as_bytes() };
        self.cipher().decrypt(&nonce.into(), payload).map_err(|_| Unopened)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&blake3::derive_key(SEALING, &self.secret).into())
    }
}

/// Shows only the key's id, so that the key never gets into a log file.
impl fmt::Debug for FacilityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FacilityKey({})", self.id())
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
        assert_eq!(key.open("profiles/2", &sealed), Err(Unopened));
        assert_eq!(other.open("profiles/1", &sealed), Err(Unopened));
        let cut = SealedBox { sealed: sealed.sealed[2..].into(), ..sealed.clone() };
        assert_eq!(key.open("profiles/1", &cut), Err(Unopened));
        assert!(!sealed.sealed.contains(&hex("홍길동".as_bytes())));
        assert_ne!(key.seal(&RandomIds, "profiles/1", b"x"), key.seal(&RandomIds, "profiles/1", b"x"));
    }

    #[test]
    fn a_key_and_its_number_are_stored_and_never_shown_in_debug_output() {
        let facility = FacilityId(RandomIds.random());
        let key = FacilityKey::from_parts([0xab; 32], KeyNumber(2));
        let text = format!("{facility} {} 2", "ab".repeat(32));
        assert_eq!(FacilityKey::parse(&text), Some((facility, key.clone())));
        let secret = "ab".repeat(31);
        for bad in [format!("{text} 3"), format!("{facility} {secret} 2"), format!("{facility} x"), String::new()] {
            assert_eq!(FacilityKey::parse(&bad), None, "{bad}");
        }
        assert!(!format!("{key:?}").contains("abab"));
    }

    #[test]
    fn the_facility_key_itself_neither_seals_nor_authenticates() {
        let key = FacilityKey::from_parts([7; 32], KeyNumber::FIRST);
        let itself = XChaCha20Poly1305::new(&key.bytes().into());
        let sealed = key.seal(&RandomIds, "a", b"x");
        let nonce: [u8; 24] = unhex(&sealed.nonce).unwrap().try_into().unwrap();
        let payload = Payload { msg: &unhex(&sealed.sealed).unwrap(), aad: b"a" };
        assert!(itself.decrypt(&nonce.into(), payload).is_err());
        assert_ne!(key.message_key(), MessageKey::new(key.id(), key.bytes()));
        assert_ne!(blake3::derive_key(SEALING, &key.secret), blake3::derive_key(AUTHENTICATING, &key.secret));
        // Today's ids stay: boxes and logs name keys by them.
        assert_eq!(key.id().to_string(), hex(&blake3::derive_key(ID, &[7; 32])[..8]));
    }
}
