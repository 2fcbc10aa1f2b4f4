//! Facts as records of the log and back: CloudEvents 1.0 in Kafka's binary mode (ADR 0016). The value is the fact's bytes as
//! first written, never serialised again.

use chrono::SecondsFormat;
use nosmoke_domain::fact::{Catalogue, Hash, MAX_FACT_BYTES, Payload, Sealed, chain_hash};

use crate::ports::{Headers, Incoming, Outgoing, PendingFact, QuarantineReason, Topic};

/// Prefix of every `ce_type`.
pub const TYPES: &str = "app.nosmoke";

/// The record of a fact.
pub fn fact_record(fact: PendingFact) -> Outgoing {
    let mut headers = event_headers(
        &fact.event_id.to_string(),
        &format!("{TYPES}.{}.v{}", fact.fact_type, fact.version),
        &format!("/terminals/{}", fact.terminal_id),
        &fact.occurred_at.to_rfc3339_opts(SecondsFormat::Millis, true),
    );
    headers.push(("ce_hash".into(), fact.hash.to_string().into_bytes()));
    headers.push(("ce_prevhash".into(), fact.previous.to_string().into_bytes()));
    headers.extend(fact.traceparent.map(|it| ("traceparent".into(), it.into_bytes())));
    Outgoing { topic: Topic::Facts, key: fact.customer_id.to_string(), value: Some(fact.bytes), headers }
}

/// The headers that every record has.
pub(super) fn event_headers(id: &str, event_type: &str, source: &str, time: &str) -> Headers {
    [
        ("ce_specversion", "1.0"),
        ("ce_id", id),
        ("ce_type", event_type),
        ("ce_source", source),
        ("ce_time", time),
        ("content-type", "application/json"),
    ]
    .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
    .into()
}

/// Why a record is set aside, and what exactly was found; never any of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub QuarantineReason, pub String);

impl Refused {
    pub(super) fn new(reason: QuarantineReason, detail: impl std::fmt::Display) -> Self {
        Self(reason, detail.to_string())
    }
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

/// Whether a fact says that a person is erased.
pub fn is_erasure(sealed: &Sealed) -> bool {
    matches!(sealed.fact.payload, Payload::CustomerErased(_))
}

/// What a value is recognised by when the log is resumed.
pub fn value_hash(record: &Incoming) -> Hash {
    Hash(*blake3::hash(record.value.as_deref().unwrap_or_default()).as_bytes())
}

fn hash_header(record: &Incoming, name: &str) -> Result<Hash, Refused> {
    let missing = |detail: &str| Refused::new(QuarantineReason::MissingHeader, format!("{name}: {detail}"));
    let value = header(&record.headers, name).ok_or_else(|| missing("missing"))?;
    let text = std::str::from_utf8(value).map_err(|_| missing("no text"))?;
    text.parse().map_err(|_| missing("no hash"))
}

/// The last header of a name, as Kafka's own clients take it.
pub(super) fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a [u8]> {
    headers.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.as_slice())
}
