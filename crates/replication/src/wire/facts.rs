//! Encodes facts as messages and decodes them. The value is the fact's bytes as they were first written, never
//! serialised again (ADR 0016).

use chrono::SecondsFormat;
use nosmoke_domain::fact::{Catalogue, Hash, MAX_READ_BYTES, Payload, Sealed, chain_hash};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::{Incoming, Outgoing, PendingFact, Topic, header};

use super::cloud_events::{TYPES, event_headers, source};
use super::refused::Refused;

/// The `ce_type` of a fact that records a customer's erasure.
const ERASURE: &str = "app.nosmoke.CustomerErased.v1";

/// Encodes a fact as a message.
pub fn fact_message(fact: PendingFact) -> Outgoing {
    let mut headers = event_headers(
        &fact.event_id.to_string(),
        &format!("{TYPES}.{}.v{}", fact.fact_type, fact.version),
        &source(fact.terminal_id),
        &fact.occurred_at.to_rfc3339_opts(SecondsFormat::Millis, true),
    );
    headers.push(("ce_hash".into(), fact.hash.to_string().into_bytes()));
    headers.push(("ce_prevhash".into(), fact.previous.to_string().into_bytes()));
    headers.extend(fact.traceparent.map(|it| ("traceparent".into(), it.into_bytes())));
    Outgoing { topic: Topic::Facts, key: fact.customer_id.to_string(), value: Some(fact.bytes), headers }
}

/// Decodes a message of the facts topic. A type or version that this program doesn't know isn't an error.
///
/// # Errors
/// `Refused` with the reason, if it isn't a valid fact. The reason depends on the bytes alone, so every terminal finds
/// the same.
pub fn read_fact(message: &Incoming, catalogue: Catalogue) -> Result<Sealed, Refused> {
    use QuarantineReason as R;
    let bytes = message.value.as_deref().ok_or_else(|| Refused::new(R::Empty, "the message has no value"))?;
    if bytes.is_empty() {
        return Err(Refused::new(R::Empty, "the message has an empty value"));
    }
    if bytes.len() > MAX_READ_BYTES {
        return Err(Refused::new(
            R::TooLarge,
            format!("the value has {} bytes, more than {MAX_READ_BYTES}", bytes.len()),
        ));
    }
    let fact = catalogue.decode(bytes).map_err(|error| Refused::new(R::Malformed, error))?;
    let hash = hash_header(message, "ce_hash")?;
    let previous = hash_header(message, "ce_prevhash")?;
    if chain_hash(previous, bytes) != hash {
        return Err(Refused::new(R::WrongHash, "the header ce_hash isn't the hash of the value"));
    }
    if message.key.as_deref() != Some(fact.customer_id.to_string().as_bytes()) {
        return Err(Refused::new(R::WrongKey, "the key isn't the fact's customer id"));
    }
    Ok(Sealed { fact, bytes: bytes.to_vec(), previous, hash })
}

/// A fact that names this terminal as its source, parsed only as far as needed to recognise it.
#[derive(Debug)]
pub(crate) struct OwnFact {
    pub(crate) hash: Hash,
    pub(crate) customer: CustomerId,
    pub(crate) message: Incoming,
}

/// Recognises a fact of our own by its hash, after checking that the hash matches the bytes. This is a fast path,
/// because most messages read were sent from here a moment ago. Erasures aren't recognised so, because their payload is
/// needed.
///
/// # Errors
/// The message itself, if it must be decoded like a fact of another terminal.
pub(crate) fn recognise_own(message: Incoming, source: &str) -> Result<OwnFact, Incoming> {
    let says = |name: &str, text: &str| header(&message.headers, name) == Some(text.as_bytes());
    if message.partition.topic != Topic::Facts || !says("ce_source", source) || says("ce_type", ERASURE) {
        return Err(message);
    }
    let customer = message.key.as_deref().and_then(written_customer);
    let hashes = hash_header(&message, "ce_hash").and_then(|hash| Ok((hash, hash_header(&message, "ce_prevhash")?)));
    match (customer, hashes) {
        (Some(customer), Ok((hash, previous)))
            if chain_hash(previous, message.value.as_deref().unwrap_or_default()) == hash =>
        {
            Ok(OwnFact { hash, customer, message })
        }
        _ => Err(message),
    }
}

/// Parses a message key as a customer id; `None` unless it is written exactly as our own keys are.
fn written_customer(key: &[u8]) -> Option<CustomerId> {
    let customer = CustomerId(std::str::from_utf8(key).ok()?.parse().ok()?);
    (customer.to_string().as_bytes() == key).then_some(customer)
}

/// Whether a fact records that a customer was erased.
pub fn is_erasure(sealed: &Sealed) -> bool {
    matches!(sealed.fact.payload, Payload::CustomerErased(_))
}

fn hash_header(message: &Incoming, name: &str) -> Result<Hash, Refused> {
    let missing = |detail: &str| Refused::new(QuarantineReason::MissingHeader, format!("the header {name} {detail}"));
    let value = header(&message.headers, name).ok_or_else(|| missing("is missing"))?;
    let text = std::str::from_utf8(value).map_err(|_| missing("isn't UTF-8"))?;
    text.parse().map_err(|_| missing("isn't a hash"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use nosmoke_ports::Partition;

    const CUSTOMER: &str = "0191a1a1-0000-4000-8000-00000000000a";

    fn message() -> Incoming {
        let value = b"{}".to_vec();
        let hash = chain_hash(Hash::ZERO, &value);
        let mut headers = event_headers("1", "app.nosmoke.CheckedIn.v1", "/terminals/1", "2026-01-01T00:00:00Z");
        headers.extend([("ce_hash", hash), ("ce_prevhash", Hash::ZERO)].map(|(n, h)| (n.into(), h.to_string().into())));
        Incoming {
            partition: Partition { topic: Topic::Facts, number: 0 },
            offset: 0,
            key: Some(CUSTOMER.into()),
            value: Some(value),
            headers,
            appended_at: DateTime::default(),
        }
    }

    #[test]
    fn a_fact_sent_from_here_is_recognised_by_its_hash_and_key() {
        let read = recognise_own(message(), "/terminals/1").unwrap();
        assert_eq!(read.hash, chain_hash(Hash::ZERO, b"{}"));
        assert_eq!(read.customer, CustomerId(CUSTOMER.parse::<Uuid>().unwrap()));
    }

    #[test]
    fn any_deviation_makes_a_message_be_decoded_completely() {
        let with = |name: &str, value: &str| {
            let mut message = message();
            message.headers.push((name.to_owned().into(), value.into()));
            message
        };
        let others = [
            with("ce_source", "/terminals/2"),
            with("ce_type", ERASURE),
            with("ce_hash", &Hash::ZERO.to_string()),
            with("ce_prevhash", "no hash"),
            Incoming { value: None, ..message() },
            Incoming { value: Some(b"{} ".to_vec()), ..message() },
            Incoming { key: None, ..message() },
            Incoming { key: Some(CUSTOMER.to_uppercase().into()), ..message() },
            Incoming { partition: Partition { topic: Topic::Profiles, number: 0 }, ..message() },
        ];
        for other in others {
            assert_eq!(recognise_own(other.clone(), "/terminals/1").unwrap_err(), other);
        }
        assert_eq!(ERASURE, format!("{TYPES}.CustomerErased.v1"));
    }
}
