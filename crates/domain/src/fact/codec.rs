//! Encodes and decodes facts. A fact is serialised once; these bytes are stored and published unchanged (ADR 0002).

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::hash::{Hash, chain_hash};
use super::{Approver, Catalogue, Draft, Fact, FactType, Origin, Payload, Recorder};
use crate::ids::{CustomerId, EventId, FacilityId, IncarnationId, TerminalId};

/// Most bytes of a fact that is recorded. It is well below what is read, so that whatever is recorded can be read, also
/// by programs that know fewer types.
pub const MAX_WRITTEN_BYTES: usize = 4 * 1024;
/// Most bytes of a fact that is read from the log; longer messages are quarantined without being parsed.
pub const MAX_READ_BYTES: usize = 64 * 1024;
/// Most facts that a fact names in `after`.
pub const MAX_AFTER: usize = 4;

/// The largest integer that every JSON reader holds exactly.
const MAX_SEQ: u64 = (1 << 53) - 1;

/// A fact with its serialised bytes and its hash in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    pub fact: Fact,
    pub bytes: Vec<u8>,
    pub previous: Hash,
    pub hash: Hash,
}

/// A fact as JSON: the value of a message on the facts topic.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Envelope<P> {
    event_id: EventId,
    facility_id: FacilityId,
    terminal_id: TerminalId,
    incarnation: IncarnationId,
    #[schemars(range(min = 1))]
    seq: u64,
    customer_id: CustomerId,
    occurred_at: DateTime<Utc>,
    /// When it was entered; without it, at `occurred_at`.
    #[serde(default)]
    recorded_at: Option<DateTime<Utc>>,
    recorded_by: Recorder,
    approved_by: Option<Approver>,
    #[serde(rename = "type")]
    name: String,
    version: u32,
    payload: P,
    causation_id: Option<EventId>,
    rules: u64,
    #[serde(default)]
    #[schemars(length(max = 4))]
    after: Vec<EventId>,
    traceparent: Option<String>,
}

/// Serialises a draft and adds it to the hash chain. Times are first truncated to milliseconds, as in the bytes, so
/// that the returned fact equals the fact decoded from the bytes later.
///
/// # Panics
/// Never: a payload made of ids, numbers and words always serialises.
pub fn seal(draft: Draft, origin: Origin, seq: u64, previous: Hash, after: Vec<EventId>) -> Sealed {
    let Draft { event_id, customer_id, occurred_at, recorded_at, recorded_by, approved_by, .. } = draft;
    let Draft { causation_id, rules, traceparent, payload, .. } = draft;
    let (occurred_at, recorded_at) = (occurred_at.trunc_subsecs(3), recorded_at.trunc_subsecs(3));
    let (name, version) = match &payload {
        Payload::Unknown { name, version } => (name.clone(), *version),
        known => (known.fact_type().map_or("", FactType::name).to_owned(), 1),
    };
    let envelope = Envelope {
        event_id,
        facility_id: origin.facility_id,
        terminal_id: origin.terminal_id,
        incarnation: origin.incarnation,
        seq,
        customer_id,
        occurred_at,
        recorded_at: Some(recorded_at),
        recorded_by,
        approved_by,
        name,
        version,
        payload: &payload,
        causation_id,
        rules,
        after,
        traceparent,
    };
    #[expect(clippy::expect_used, reason = "ids, numbers and words always serialise")]
    let bytes = serde_json::to_vec(&envelope).expect("a fact serialises");
    let Envelope { after, traceparent, .. } = envelope;
    let hash = chain_hash(previous, &bytes);
    let fact = Fact {
        event_id,
        origin,
        seq,
        customer_id,
        occurred_at,
        recorded_at,
        recorded_by,
        approved_by,
        causation_id,
        rules,
        after,
        traceparent,
        payload,
    };
    Sealed { fact, bytes, previous, hash }
}

/// Why bytes can't be decoded as a fact.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    #[error("a fact of {0} bytes is too large: at most {MAX_READ_BYTES} bytes are allowed")]
    TooLarge(usize),
    #[error("the JSON of the fact is invalid: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the fact's seq {0} is outside 1 to 2^53-1")]
    Seq(u64),
    #[error("the year {0} of the fact's occurred_at or recorded_at is outside 0 to 9999")]
    Year(i32),
    #[error("the fact names {0} facts before it: at most {MAX_AFTER} are allowed")]
    After(usize),
}

/// Decodes a fact. An unknown type or version isn't an error: it becomes [`Payload::Unknown`].
///
/// # Errors
/// Returns `Malformed` if there are too many bytes, if they aren't the JSON of an envelope, or if a payload of a known
/// type doesn't match its schema.
pub fn decode(bytes: &[u8]) -> Result<Fact, Malformed> {
    Catalogue::default().decode(bytes)
}

impl Catalogue {
    /// Decodes a fact as a program that knows only the types of this catalogue.
    ///
    /// # Errors
    /// The same as [`decode`].
    pub fn decode(self, bytes: &[u8]) -> Result<Fact, Malformed> {
        if bytes.len() > MAX_READ_BYTES {
            return Err(Malformed::TooLarge(bytes.len()));
        }
        read(bytes, |envelope| {
            let Envelope { name, version, payload, .. } = envelope;
            if self.lacks(name) {
                return Ok(Payload::Unknown { name: name.clone(), version: *version });
            }
            Payload::decode(name, *version, payload)
        })
    }
}

/// Decodes a fact that is already in the journal. It may have been stored by an older program that didn't know its
/// type, and so didn't check its payload. If the payload doesn't match the schema, it becomes [`Payload::Unknown`]
/// instead of an error, so that no stored fact stops a reader. Its size isn't limited either: what is in the journal is
/// always read.
///
/// # Errors
/// Returns `Malformed` if the bytes aren't the JSON of an envelope.
pub fn decode_kept(bytes: &[u8]) -> Result<Fact, Malformed> {
    read(bytes, |envelope| {
        let Envelope { name, version, payload, .. } = envelope;
        Ok(Payload::decode(name, *version, payload)
            .unwrap_or_else(|_| Payload::Unknown { name: name.clone(), version: *version }))
    })
}

/// Reads only two fields of a fact: the terminal that recorded it and its traceparent.
///
/// # Errors
/// Returns `Malformed` if the bytes aren't the JSON of an envelope.
pub fn recorded_where(bytes: &[u8]) -> Result<(TerminalId, Option<String>), Malformed> {
    #[derive(Deserialize)]
    struct Part {
        terminal_id: TerminalId,
        traceparent: Option<String>,
    }
    let Part { terminal_id, traceparent } = serde_json::from_slice(bytes)?;
    Ok((terminal_id, traceparent))
}

fn read(
    bytes: &[u8],
    payload: impl FnOnce(&Envelope<&RawValue>) -> Result<Payload, serde_json::Error>,
) -> Result<Fact, Malformed> {
    let envelope: Envelope<&RawValue> = serde_json::from_slice(bytes)?;
    if !(1..=MAX_SEQ).contains(&envelope.seq) {
        return Err(Malformed::Seq(envelope.seq));
    }
    let recorded_at = envelope.recorded_at.unwrap_or(envelope.occurred_at);
    for year in [envelope.occurred_at.year(), recorded_at.year()] {
        if !(0..=9999).contains(&year) {
            return Err(Malformed::Year(year));
        }
    }
    if envelope.after.len() > MAX_AFTER {
        return Err(Malformed::After(envelope.after.len()));
    }
    let payload = payload(&envelope)?;
    Ok(Fact {
        event_id: envelope.event_id,
        origin: Origin {
            facility_id: envelope.facility_id,
            terminal_id: envelope.terminal_id,
            incarnation: envelope.incarnation,
        },
        seq: envelope.seq,
        customer_id: envelope.customer_id,
        occurred_at: envelope.occurred_at,
        recorded_at,
        recorded_by: envelope.recorded_by,
        approved_by: envelope.approved_by,
        causation_id: envelope.causation_id,
        rules: envelope.rules,
        after: envelope.after,
        traceparent: envelope.traceparent,
        payload,
    })
}

/// Returns the JSON Schema (2020-12) of version 1 of a fact type, including the envelope.
pub fn schema(fact_type: FactType) -> Schema {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let payload = fact_type.payload_schema(&mut generator);
    let mut schema = generator.into_root_schema_for::<Envelope<()>>();
    if let Some(properties) = schema.get_mut("properties").and_then(|p| p.as_object_mut()) {
        properties.insert("type".into(), serde_json::json!({ "const": fact_type.name() }));
        properties.insert("version".into(), serde_json::json!({ "const": 1 }));
        properties.insert("payload".into(), payload.to_value());
    }
    let about = schema.pointer(&format!("/$defs/{}/description", fact_type.name())).cloned();
    schema.insert("description".into(), about.unwrap_or_default());
    schema.insert("title".into(), fact_type.name().into());
    schema.insert("$id".into(), format!("urn:nosmoke:fact:{}:1", fact_type.name()).into());
    schema
}
