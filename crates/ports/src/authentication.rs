//! Whose a message of the log is (ADR 0030). Whoever has the facility key makes a message authentication code (MAC) of
//! each message that it hands over, and passes over what carries none of that key. This is the only place that makes
//! or compares one; adapters of the log call it on both ways.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use nosmoke_domain::fact::Hash;
use serde::{Deserialize, Serialize};

use crate::topic::Topic;

/// The header that names the key of the MAC: 16 hexadecimal digits.
pub const KEY_ID_HEADER: &str = "ce_keyid";
/// The header with the MAC: 64 hexadecimal digits.
pub const MAC_HEADER: &str = "ce_mac";
/// The headers that the MAC covers, in this order.
const COVERED_HEADERS: [&str; 4] = ["ce_type", "ce_source", "ce_hash", "ce_prevhash"];

/// Names a facility key without revealing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl FromStr for KeyId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits(text.as_bytes()).map(Self).ok_or("the id of a key has 16 hexadecimal digits")
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for KeyId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The key that authenticates messages, derived from the facility key.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageKey {
    id: KeyId,
    secret: [u8; 32],
}

/// Shows only the key's id, so that the key never gets into a log file.
impl fmt::Debug for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageKey({})", self.id)
    }
}

/// A message as it lies in the buffers of its sender or of a client: nothing is copied before it is authenticated.
#[derive(Debug, Clone, Copy)]
pub struct MessageView<'a> {
    pub topic: Topic,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    /// Names and values; a name may be any bytes.
    pub headers: &'a [(&'a [u8], &'a [u8])],
}

impl<'a> MessageView<'a> {
    /// Returns the last header of a name, as Kafka's own clients do.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers.iter().rev().find(|(it, _)| *it == name.as_bytes()).map(|(_, value)| *value)
    }
}

/// Whose a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// It carries a valid MAC of our key.
    Ours,
    /// It carries none, or one that we can't verify; with the key that it names, if it names one.
    Strangers(Option<KeyId>),
}

/// Authenticates the messages that are handed over, and says whose those are that are read. The program has one kind,
/// [`MessageKey`]; a measurement of what its MACs cost has another.
pub trait Authenticator: fmt::Debug + Send + Sync {
    /// Returns the values of the two headers to add to a message: the key's id and the MAC.
    fn authenticate(&self, message: MessageView<'_>) -> (String, String);

    /// Says whose a message is.
    fn whose(&self, message: MessageView<'_>) -> Whose;
}

impl Authenticator for MessageKey {
    fn authenticate(&self, message: MessageView<'_>) -> (String, String) {
        (self.id.to_string(), self.mac(message).to_hex().as_str().to_owned())
    }

    /// Only two headers are read before it is known; the MACs are compared in constant time.
    fn whose(&self, message: MessageView<'_>) -> Whose {
        let named = message.header(KEY_ID_HEADER).and_then(digits).map(KeyId);
        let says = message.header(MAC_HEADER).and_then(digits).map(blake3::Hash::from_bytes);
        match says {
            // `blake3::Hash` compares in constant time.
            Some(says) if named == Some(self.id) && says == self.mac(message) => Whose::Ours,
            _ => Whose::Strangers(named),
        }
    }
}

impl MessageKey {
    pub fn new(id: KeyId, secret: [u8; 32]) -> Self {
        Self { id, secret }
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Hashes all parts, each after a byte that says whether it is there and its length. So no two messages give the hash
    /// the same bytes, and a tombstone differs from an empty value.
    ///
    /// The parts are joined first, because hashing once is a little faster (3 to 15 %) than giving the hash short pieces.
    fn mac(&self, message: MessageView<'_>) -> blake3::Hash {
        let [kind, source, hash, previous] = COVERED_HEADERS.map(|name| message.header(name));
        let topic = Some(message.topic.name().as_bytes());
        let parts = [topic, message.key, kind, source, hash, previous, message.value];
        let length = |part: &Option<&[u8]>| part.map_or(0, <[u8]>::len);
        let mut joined = Vec::with_capacity(parts.iter().map(|part| 1 + size_of::<u64>() + length(part)).sum());
        for part in parts {
            joined.push(u8::from(part.is_some()));
            joined.extend((length(&part) as u64).to_le_bytes());
            joined.extend(part.unwrap_or_default());
        }
        blake3::keyed_hash(&self.secret, &joined)
    }
}

/// Returns the hash of a message's value (of no bytes for a tombstone), which identifies the message when it is read
/// again.
pub fn value_hash(value: Option<&[u8]>) -> Hash {
    Hash(*blake3::hash(value.unwrap_or_default()).as_bytes())
}

/// Parses exactly `N` bytes of lower-case hexadecimal digits.
fn digits<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let fits = text.len() == 2 * N && HEXLOWER.decode_mut(text, &mut bytes).is_ok();
    fits.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: KeyId = KeyId([0xab; 8]);

    fn key() -> MessageKey {
        MessageKey::new(ID, [7; 32])
    }

    type OwnedHeaders = Vec<(Vec<u8>, Vec<u8>)>;

    /// A message with owned parts, so that a test can change each.
    #[derive(Debug, Clone)]
    struct Sent {
        topic: Topic,
        key: Option<Vec<u8>>,
        value: Option<Vec<u8>>,
        headers: OwnedHeaders,
    }

    impl Sent {
        fn view<T>(&self, see: impl FnOnce(MessageView<'_>) -> T) -> T {
            let headers: Vec<_> =
                self.headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
            see(MessageView {
                topic: self.topic,
                key: self.key.as_deref(),
                value: self.value.as_deref(),
                headers: &headers,
            })
        }

        fn authenticated(mut self, key: &MessageKey) -> Self {
            let (id, mac) = self.view(|view| key.authenticate(view));
            self.headers.push((KEY_ID_HEADER.into(), id.into()));
            self.headers.push((MAC_HEADER.into(), mac.into()));
            self
        }

        fn set(mut self, name: &str, value: &[u8]) -> Self {
            self.headers.push((name.into(), value.to_vec()));
            self
        }

        fn whose(&self) -> Whose {
            self.view(|view| key().whose(view))
        }
    }

    fn sent() -> Sent {
        let headers = [("ce_type", "t"), ("ce_source", "/terminals/1"), ("ce_hash", "h"), ("ce_prevhash", "p")];
        Sent {
            topic: Topic::Facts,
            key: Some(b"customer".to_vec()),
            value: Some(b"{}".to_vec()),
            headers: headers.map(|(name, value)| (name.into(), value.into())).into(),
        }
    }

    #[test]
    fn a_message_is_ours_only_with_every_covered_part_unchanged() {
        let good = sent().authenticated(&key());
        assert_eq!(good.whose(), Whose::Ours);
        let without = |name: &str| {
            let mut message = good.clone();
            message.headers.retain(|(it, _)| it != name.as_bytes());
            message
        };
        let changed = [
            Sent { topic: Topic::Profiles, ..good.clone() },
            Sent { key: None, ..good.clone() },
            Sent { key: Some(b"customer2".to_vec()), ..good.clone() },
            Sent { value: None, ..good.clone() },
            Sent { value: Some(b"{} ".to_vec()), ..good.clone() },
            Sent { value: Some(Vec::new()), ..good.clone() },
            good.clone().set("ce_type", b"other"),
            good.clone().set("ce_source", b"/terminals/2"),
            good.clone().set("ce_hash", b"0"),
            good.clone().set("ce_prevhash", b""),
            without("ce_type"),
            without("ce_prevhash"),
            without(MAC_HEADER),
            good.clone().set(MAC_HEADER, b"ab"),
            good.clone().set(MAC_HEADER, &[b'0'; 64]),
        ];
        for message in changed {
            assert_eq!(message.whose(), Whose::Strangers(Some(ID)), "{message:?}");
        }
        assert_eq!(without(KEY_ID_HEADER).whose(), Whose::Strangers(None));
        let upper = good.clone().set(KEY_ID_HEADER, ID.to_string().to_uppercase().as_bytes());
        assert_eq!(upper.whose(), Whose::Strangers(None));
        // Other headers may be added on the way, also ones that aren't text.
        let mut more = good.set("traceparent", b"00");
        more.headers.push((vec![0xff], vec![0xfe]));
        assert_eq!(more.whose(), Whose::Ours);
    }

    #[test]
    fn a_message_of_another_key_is_a_strangers_whatever_it_says() {
        let other = MessageKey::new(KeyId([1; 8]), [8; 32]);
        assert_eq!(sent().authenticated(&other).whose(), Whose::Strangers(Some(other.id())));
        let pretends = MessageKey::new(ID, [8; 32]);
        assert_eq!(sent().authenticated(&pretends).whose(), Whose::Strangers(Some(ID)));
        assert_eq!(sent().whose(), Whose::Strangers(None));
    }

    #[test]
    fn parts_can_not_be_moved_into_each_other() {
        let macs = [("a", "bc"), ("ab", "c"), ("abc", "")].map(|(record_key, value)| {
            let message =
                Sent { key: Some(record_key.into()), value: Some(value.into()), headers: Vec::new(), ..sent() };
            message.view(|view| key().authenticate(view).1)
        });
        assert!(macs[0] != macs[1] && macs[1] != macs[2]);
    }

    /// Computed apart from this code: Python's `blake3` over the parts joined by hand.
    #[test]
    fn the_mac_of_a_known_message_never_changes() {
        let (id, mac) = sent().view(|view| key().authenticate(view));
        assert_eq!(id, "abababababababab");
        assert_eq!(mac, "464caa1d6e9e685c7008debde3bcab1dc01750dc9123e14877a8c38e87ba7ebc");
    }

    #[test]
    fn a_key_is_never_shown_in_debug_output() {
        assert_eq!(format!("{:?}", key()), "MessageKey(abababababababab)");
    }
}
