//! Facts as records of the log and back. The value is the fact's bytes as first written, never serialised again (ADR 0016).

use chrono::SecondsFormat;
use nosmoke_domain::fact::{Catalogue, Hash, MAX_FACT_BYTES, Payload, Sealed, chain_hash};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::{Incoming, Outgoing, PendingFact, Topic};

use super::cloud_events::{TYPES, event_headers, header, source};
use super::refused::Refused;

/// The `ce_type` of an erasure.
const ERASURE: &str = "app.nosmoke.CustomerErased.v1";

/// The record of a fact.
pub fn fact_record(fact: PendingFact) -> Outgoing {
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

/// Reads a record of the facts' topic. A type or version that isn't known here is no error.
///
/// # Errors
/// Why it is no fact. It is judged by its bytes alone, so every terminal judges alike.
pub fn read_fact(record: &Incoming, catalogue: Catalogue) -> Result<Sealed, Refused> {
    use QuarantineReason as R;
    let bytes = record.value.as_deref().ok_or_else(|| Refused::new(R::Empty, "no value"))?;
    if bytes.is_empty() {
        return Err(Refused::new(R::Empty, "an empty value"));
    }
    if bytes.len() > MAX_FACT_BYTES {
        return Err(Refused::new(R::TooLarge, format!("{} bytes, more than {MAX_FACT_BYTES}", bytes.len())));
    }
    let fact = catalogue.decode(bytes).map_err(|error| Refused::new(R::Malformed, error))?;
    let hash = hash_header(record, "ce_hash")?;
    let previous = hash_header(record, "ce_prevhash")?;
    if chain_hash(previous, bytes) != hash {
        return Err(Refused::new(R::WrongHash, "the hash isn't that of the bytes"));
    }
    if record.key.as_deref() != Some(fact.customer_id.to_string().as_bytes()) {
        return Err(Refused::new(R::WrongKey, "the key isn't the customer's"));
    }
    Ok(Sealed { fact, bytes: bytes.to_vec(), previous, hash })
}

/// A fact that this terminal is named as the source of, as far as it must be read to be recognised.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) hash: Hash,
    pub(crate) customer: CustomerId,
    pub(crate) record: Incoming,
}

/// Most of what comes back was sent from here a moment ago: its hash is enough to recognise it, once that is the bytes' own. An
/// erasure is always read as a whole.
///
/// # Errors
/// The record, where it is to be read as any other.
pub(crate) fn sent(record: Incoming, source: &str) -> Result<Sent, Incoming> {
    let says = |name: &str, text: &str| header(&record.headers, name) == Some(text.as_bytes());
    if record.partition.topic != Topic::Facts || !says("ce_source", source) || says("ce_type", ERASURE) {
        return Err(record);
    }
    let customer = record.key.as_deref().and_then(written_customer);
    let hashes = hash_header(&record, "ce_hash").and_then(|hash| Ok((hash, hash_header(&record, "ce_prevhash")?)));
    match (customer, hashes) {
        (Some(customer), Ok((hash, previous)))
            if chain_hash(previous, record.value.as_deref().unwrap_or_default()) == hash =>
        {
            Ok(Sent { hash, customer, record })
        }
        _ => Err(record),
    }
}

/// A customer's id, as facts' keys write it.
fn written_customer(key: &[u8]) -> Option<CustomerId> {
    let customer = CustomerId(std::str::from_utf8(key).ok()?.parse().ok()?);
    (customer.to_string().as_bytes() == key).then_some(customer)
}

/// Whether a fact says that a person is erased.
pub fn is_erasure(sealed: &Sealed) -> bool {
    matches!(sealed.fact.payload, Payload::CustomerErased(_))
}

fn hash_header(record: &Incoming, name: &str) -> Result<Hash, Refused> {
    let missing = |detail: &str| Refused::new(QuarantineReason::MissingHeader, format!("{name}: {detail}"));
    let value = header(&record.headers, name).ok_or_else(|| missing("missing"))?;
    let text = std::str::from_utf8(value).map_err(|_| missing("no text"))?;
    text.parse().map_err(|_| missing("no hash"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use nosmoke_ports::Partition;

    const CUSTOMER: &str = "0191a1a1-0000-4000-8000-00000000000a";

    fn record() -> Incoming {
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
    fn what_was_sent_from_here_is_recognised_by_its_hash_and_key() {
        let read = sent(record(), "/terminals/1").unwrap();
        assert_eq!(read.hash, chain_hash(Hash::ZERO, b"{}"));
        assert_eq!(read.customer, CustomerId(CUSTOMER.parse::<Uuid>().unwrap()));
    }

    #[test]
    fn what_may_be_something_else_is_read_as_a_whole() {
        let with = |name: &str, value: &str| {
            let mut record = record();
            record.headers.push((name.to_owned().into(), value.into()));
            record
        };
        let others = [
            with("ce_source", "/terminals/2"),
            with("ce_type", ERASURE),
            with("ce_hash", &Hash::ZERO.to_string()),
            with("ce_prevhash", "no hash"),
            Incoming { value: None, ..record() },
            Incoming { value: Some(b"{} ".to_vec()), ..record() },
            Incoming { key: None, ..record() },
            Incoming { key: Some(CUSTOMER.to_uppercase().into()), ..record() },
            Incoming { partition: Partition { topic: Topic::Profiles, number: 0 }, ..record() },
        ];
        for other in others {
            assert_eq!(sent(other.clone(), "/terminals/1").unwrap_err(), other);
        }
        assert_eq!(ERASURE, format!("{TYPES}.CustomerErased.v1"));
    }
}
