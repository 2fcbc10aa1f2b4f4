//! Profiles, notes and reference records as records of the log and back. What is personal is sealed with the facility key.

use chrono::{DateTime, SecondsFormat, Utc};
use nosmoke_domain::ids::{CustomerId, EventId, NoteId, TerminalId};
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::search;
use nosmoke_ports::{
    Ids, Incoming, Note, Outgoing, Profile, Read, Record, RecordKey, Reference, ReferenceKind, StoreError, Topic,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud_events::{TYPES, event_headers};
use super::refused::Refused;
use crate::facility_key::{FacilityKey, SealedBox, Unopened};

/// A larger one is quarantined unread.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// The sealed part of a profile's record.
#[derive(Debug, Serialize, Deserialize)]
struct ProfileBody {
    revision: i64,
    event_id: EventId,
    base_revision: i64,
    name: Option<String>,
    phone: Option<String>,
    card: Option<String>,
    registered_at: DateTime<Utc>,
}

/// The value of a reference record. Exactly one of `body` and `sealed` is there; staff are sealed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReferenceValue {
    pub revision: i64,
    pub event_id: EventId,
    /// The revision that the edit began from.
    pub base_revision: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealedBox>,
}

/// What came of reading a record.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadRecord {
    Record(Record),
    /// Another facility key has sealed it: names read "unknown here".
    Sealed,
    /// A note is erased: a tombstone that was published here is read back by it.
    NoteErased(RecordKey),
    /// It says nothing that counts here, being of a kind that only a newer version knows.
    Nothing,
}

/// The record as it stands here now, with what tells it apart from a later one of the same key; `None` for what needs the
/// facility key while there is none.
///
/// # Errors
/// The store's.
pub fn outgoing(
    tx: &mut dyn Read,
    key: RecordKey,
    here: TerminalId,
    facility: Option<&FacilityKey>,
    ids: &dyn Ids,
    now: DateTime<Utc>,
) -> Result<Option<(Outgoing, Option<EventId>)>, StoreError> {
    let (topic, place) = (topic_of(key), place_of(key));
    let record = |event_id: Option<EventId>, value: Option<Vec<u8>>| {
        let id = event_id.map_or_else(|| ids.ordered(now).to_string(), |id| id.to_string());
        let time = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        let headers = event_headers(&id, &format!("{TYPES}.{}.v1", kind_of(key)), &format!("/terminals/{here}"), &time);
        (Outgoing { topic, key: place.clone(), value, headers }, event_id)
    };
    let seal = |text: &[u8]| facility.map(|key| key.seal(ids, &sealed_place(topic, &place), text));
    Ok(match key {
        RecordKey::Profile(customer) => match tx.profile(customer)? {
            Some(profile) if profile.erased => Some(record(Some(profile.event_id), None)),
            Some(profile) => {
                let body = ProfileBody {
                    revision: profile.revision,
                    event_id: profile.event_id,
                    base_revision: profile.base_revision,
                    name: profile.name,
                    phone: profile.phone,
                    card: profile.card,
                    registered_at: profile.registered_at,
                };
                seal(&json(&body)?)
                    .map(|it| Ok::<_, StoreError>(record(Some(profile.event_id), Some(json(&it)?))))
                    .transpose()?
            }
            None => Some(record(None, None)),
        },
        RecordKey::Note(_, note_id) => match tx.notes(&[note_id])?.pop() {
            Some(note) => {
                seal(note.text.as_bytes()).map(|it| Ok::<_, StoreError>(record(None, Some(json(&it)?)))).transpose()?
            }
            None => Some(record(None, None)),
        },
        RecordKey::Reference(kind, id) => match tx.reference(kind, id)? {
            Some(reference) => {
                let Reference { revision, event_id, base_revision, body, .. } = reference;
                let mut value = ReferenceValue { revision, event_id, base_revision, body: None, sealed: None };
                if kind == ReferenceKind::Staff {
                    let Some(sealed) = seal(&json(&body)?) else { return Ok(None) };
                    value.sealed = Some(sealed);
                } else {
                    value.body = Some(body);
                }
                Some(record(Some(event_id), Some(json(&value)?)))
            }
            None => None,
        },
    })
}

/// Reads a record of the profiles' or the reference topic.
///
/// # Errors
/// Why it is to be set aside.
pub fn read_record(record: &Incoming, facility: Option<&FacilityKey>) -> Result<ReadRecord, Refused> {
    use QuarantineReason as R;
    let value = record.value.as_deref();
    if let Some(bytes) = value.filter(|it| it.len() > MAX_RECORD_BYTES) {
        return Err(Refused::new(R::TooLarge, format!("{} bytes, more than {MAX_RECORD_BYTES}", bytes.len())));
    }
    let malformed = |detail: &str| Refused::new(R::Malformed, detail);
    let place = record.key.as_deref().and_then(|key| std::str::from_utf8(key).ok());
    let place = place.ok_or_else(|| malformed("no key"))?;
    let sealed_place = sealed_place(record.partition.topic, place);
    let open = |sealed: &SealedBox| match facility.map(|key| key.open(&sealed_place, sealed)) {
        Some(Ok(text)) => Ok(Some(text)),
        Some(Err(Unopened::Tampered)) => Err(Refused::new(R::Tampered, "it doesn't open with its own key")),
        Some(Err(Unopened::AnotherKey)) | None => Ok(None),
    };
    match parse_place(record.partition.topic, place).ok_or_else(|| malformed("the key names no record"))? {
        Place::Unknown => Ok(ReadRecord::Nothing),
        Place::Known(RecordKey::Profile(customer_id)) => {
            let Some(value) = value else { return Ok(ReadRecord::Record(Record::Erased(customer_id))) };
            let Some(text) = open(&parse(value)?)? else { return Ok(ReadRecord::Sealed) };
            let ProfileBody { revision, event_id, base_revision, name, phone, card, registered_at } = parse(&text)?;
            if revision < 1 {
                return Err(malformed("a revision below 1"));
            }
            let keys = search::keys(name.as_deref(), phone.as_deref(), card.as_deref());
            let profile = Profile {
                customer_id,
                revision,
                event_id,
                base_revision,
                name,
                phone,
                card,
                registered_at,
                erased: false,
            };
            Ok(ReadRecord::Record(Record::Profile(profile, keys)))
        }
        Place::Known(RecordKey::Note(customer_id, note_id)) => {
            let key = RecordKey::Note(customer_id, note_id);
            let Some(value) = value else { return Ok(ReadRecord::NoteErased(key)) };
            let Some(text) = open(&parse(value)?)? else { return Ok(ReadRecord::Sealed) };
            let text = String::from_utf8(text).map_err(|_| malformed("a note that is no text"))?;
            Ok(ReadRecord::Record(Record::Note(Note { note_id, customer_id, text })))
        }
        Place::Known(RecordKey::Reference(kind, id)) => {
            let Some(value) = value else { return Ok(ReadRecord::Nothing) };
            let ReferenceValue { revision, event_id, base_revision, body, sealed } = parse(value)?;
            let body = match (body, sealed) {
                (Some(body), None) if kind != ReferenceKind::Staff => body,
                (None, Some(sealed)) if kind == ReferenceKind::Staff => match open(&sealed)? {
                    Some(text) => parse(&text)?,
                    None => return Ok(ReadRecord::Sealed),
                },
                _ => return Err(malformed("neither a body nor a sealed one where it belongs")),
            };
            if !nosmoke_reading::reference::is_body(kind, &body) {
                return Err(malformed("a body that isn't of its kind"));
            }
            let reference = Reference { kind, id, revision, event_id, base_revision, body };
            Ok(ReadRecord::Record(Record::Reference(reference)))
        }
    }
}

/// The key under which a record that was read is kept, for what becomes of it.
pub fn key_of(record: &Record) -> RecordKey {
    match record {
        Record::Profile(profile, _) => RecordKey::Profile(profile.customer_id),
        Record::Note(note) => RecordKey::Note(note.customer_id, note.note_id),
        Record::Reference(reference) => RecordKey::Reference(reference.kind, reference.id),
        Record::Erased(customer_id) => RecordKey::Profile(*customer_id),
    }
}

enum Place {
    Known(RecordKey),
    /// Of a kind that only a newer version knows.
    Unknown,
}

/// The words that name each kind of reference record in its key and in its `ce_type`.
pub const REFERENCE_KINDS: [(ReferenceKind, &str); 6] = [
    (ReferenceKind::Facility, "facility"),
    (ReferenceKind::Area, "area"),
    (ReferenceKind::Rules, "rules"),
    (ReferenceKind::Staff, "staff"),
    (ReferenceKind::Terminal, "terminal"),
    (ReferenceKind::Hub, "hub"),
];

fn word_of(kind: ReferenceKind) -> &'static str {
    REFERENCE_KINDS.into_iter().find(|(it, _)| *it == kind).map_or("", |(_, word)| word)
}

fn parse_place(topic: Topic, place: &str) -> Option<Place> {
    let key = match (topic, place.split_once('/')) {
        (Topic::Profiles, None) => RecordKey::Profile(CustomerId(Uuid::parse_str(place).ok()?)),
        (Topic::Profiles, Some((customer, note))) => {
            RecordKey::Note(CustomerId(Uuid::parse_str(customer).ok()?), NoteId(Uuid::parse_str(note).ok()?))
        }
        (Topic::Reference, Some((word, id))) => {
            let id = Uuid::parse_str(id).ok()?;
            match REFERENCE_KINDS.into_iter().find(|(_, it)| *it == word) {
                Some((kind, _)) => RecordKey::Reference(kind, id),
                None => return Some(Place::Unknown),
            }
        }
        _ => return None,
    };
    Some(Place::Known(key))
}

fn place_of(key: RecordKey) -> String {
    match key {
        RecordKey::Profile(customer) => customer.to_string(),
        RecordKey::Note(customer, note) => format!("{customer}/{note}"),
        RecordKey::Reference(kind, id) => format!("{}/{id}", word_of(kind)),
    }
}

fn sealed_place(topic: Topic, place: &str) -> String {
    format!("{}/{place}", topic.name())
}

fn topic_of(key: RecordKey) -> Topic {
    match key {
        RecordKey::Profile(_) | RecordKey::Note(..) => Topic::Profiles,
        RecordKey::Reference(..) => Topic::Reference,
    }
}

fn kind_of(key: RecordKey) -> &'static str {
    match key {
        RecordKey::Profile(_) => "profile",
        RecordKey::Note(..) => "note",
        RecordKey::Reference(kind, _) => word_of(kind),
    }
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|error| {
        // The position, never the content.
        let detail = format!("line {} column {}: {:?}", error.line(), error.column(), error.classify());
        Refused::new(QuarantineReason::Malformed, detail)
    })
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| StoreError::Failed(error.to_string()))
}
