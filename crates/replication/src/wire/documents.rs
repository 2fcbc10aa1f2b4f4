//! Encodes documents (profiles, notes, reference documents) as messages and decodes them. Personal data is sealed with
//! the facility key.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use nosmoke_domain::ids::{CustomerId, EventId, NoteId, TerminalId};
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::search_keys;
use nosmoke_ports::{
    BASES_MAX, Document, DocumentKey, Ids, Incoming, Note, Outgoing, Profile, REVISIONS, Read, Reference,
    ReferenceKind, StoreError, Topic,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud_events::{TYPES, event_headers};
use super::refused::Refused;
use crate::facility_key::{FacilityKey, SealedBox};

/// A larger message is quarantined without being parsed.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// The sealed part of a profile's message.
#[derive(Debug, Serialize, Deserialize)]
struct ProfileBody {
    revision: i64,
    event_id: EventId,
    base_revision: i64,
    #[serde(default)]
    bases: Vec<EventId>,
    name: Option<String>,
    phone: Option<String>,
    card: Option<String>,
    registered_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent_on: Option<NaiveDate>,
}

/// The value of a reference document's message. It has either `body` or `sealed`; only rules, staff, tokens and keeping are
/// sealed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReferenceValue {
    pub revision: i64,
    pub event_id: EventId,
    /// The revision that the edit was based on.
    pub base_revision: i64,
    /// The event ids of the revisions that it is based on, newest first, at most 8. So a terminal knows whether its own
    /// edit was overtaken.
    #[serde(default)]
    pub bases: Vec<EventId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealedBox>,
}

/// The result of decoding a message.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one exists at a time")]
pub enum ReadDocument {
    Document(Document),
    /// The tombstone of a note. If this terminal published it, it has now been read back from the log.
    NoteErased(DocumentKey),
    /// The message has no effect: its kind is known only to a newer version, or it is the tombstone of a reference
    /// document.
    Nothing,
}

/// Encodes the present revision of a document as a message, and returns it with the revision's event id. Returns `None`
/// if there is no such reference document.
///
/// # Errors
/// An error of the store.
pub fn outgoing(
    tx: &mut dyn Read,
    key: DocumentKey,
    here: TerminalId,
    facility: &FacilityKey,
    ids: &dyn Ids,
    now: DateTime<Utc>,
) -> Result<Option<(Outgoing, Option<EventId>)>, StoreError> {
    let (topic, key_text) = (topic_of(key), text_of(key));
    let message = |event_id: Option<EventId>, value: Option<Vec<u8>>| {
        let id = event_id.map_or_else(|| ids.ordered(now).to_string(), |id| id.to_string());
        let time = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        let headers = event_headers(&id, &format!("{TYPES}.{}.v1", kind_of(key)), &format!("/terminals/{here}"), &time);
        (Outgoing { topic, key: key_text.clone(), value, headers }, event_id)
    };
    let seal = |text: &[u8]| facility.seal(ids, &sealed_address(topic, &key_text), text);
    Ok(match key {
        DocumentKey::Profile(customer) => match tx.profile(customer)? {
            Some(profile) if profile.erased => Some(message(Some(profile.event_id), None)),
            Some(profile) => {
                let body = ProfileBody {
                    revision: profile.revision,
                    event_id: profile.event_id,
                    base_revision: profile.base_revision,
                    bases: profile.bases,
                    name: profile.name,
                    phone: profile.phone,
                    card: profile.card,
                    registered_at: profile.registered_at,
                    consent_on: profile.consent_on,
                };
                Some(message(Some(profile.event_id), Some(json(&seal(&json(&body)?))?)))
            }
            None => Some(message(None, None)),
        },
        DocumentKey::Note(_, note_id) => match tx.notes(&[note_id])?.pop() {
            Some(note) => Some(message(None, Some(json(&seal(note.text.as_bytes()))?))),
            None => Some(message(None, None)),
        },
        DocumentKey::Reference(kind, id) => match tx.reference(kind, id)? {
            Some(reference) => {
                let Reference { revision, event_id, base_revision, bases, body, .. } = reference;
                let mut value = ReferenceValue { revision, event_id, base_revision, bases, body: None, sealed: None };
                if kind.is_sealed() {
                    value.sealed = Some(seal(&json(&body)?));
                } else {
                    value.body = Some(body);
                }
                Some(message(Some(event_id), Some(json(&value)?)))
            }
            None => None,
        },
    })
}

/// Decodes a message of the profiles or the reference topic.
///
/// # Errors
/// `Refused` with the reason, if the message must be quarantined.
pub fn read_document(message: &Incoming, facility: &FacilityKey) -> Result<ReadDocument, Refused> {
    use QuarantineReason as R;
    let value = message.value.as_deref();
    if let Some(bytes) = value.filter(|it| it.len() > MAX_MESSAGE_BYTES) {
        return Err(Refused::new(
            R::TooLarge,
            format!("the value has {} bytes, more than {MAX_MESSAGE_BYTES}", bytes.len()),
        ));
    }
    let malformed = |detail: &str| Refused::new(R::Malformed, detail);
    let key_text = message.key.as_deref().and_then(|key| std::str::from_utf8(key).ok());
    let key_text = key_text.ok_or_else(|| malformed("the message has no key, or one that isn't UTF-8"))?;
    let address = sealed_address(message.partition.topic, key_text);
    let open = |sealed: &SealedBox| {
        let opened = facility.open(&address, sealed);
        opened.map_err(|_| Refused::new(R::Tampered, "the value can't be decrypted with this facility's key"))
    };
    match parse_key(message.partition.topic, key_text).ok_or_else(|| malformed("the key isn't one of a document"))? {
        ParsedKey::UnknownKind => Ok(ReadDocument::Nothing),
        ParsedKey::Known(DocumentKey::Profile(customer_id)) => {
            let Some(value) = value else { return Ok(ReadDocument::Document(Document::Erased(customer_id))) };
            let body: ProfileBody = parse(&open(&parse(value)?)?)?;
            let ProfileBody {
                revision,
                event_id,
                base_revision,
                mut bases,
                name,
                phone,
                card,
                registered_at,
                consent_on,
            } = body;
            if !REVISIONS.contains(&revision) {
                return Err(malformed("the profile's revision is outside 1 to 2^53-1"));
            }
            bases.truncate(BASES_MAX);
            let keys = search_keys::keys(name.as_deref(), phone.as_deref(), card.as_deref());
            let profile = Profile {
                customer_id,
                revision,
                event_id,
                base_revision,
                bases,
                name,
                phone,
                card,
                registered_at,
                consent_on,
                erased: false,
            };
            Ok(ReadDocument::Document(Document::Profile(profile, keys)))
        }
        ParsedKey::Known(DocumentKey::Note(customer_id, note_id)) => {
            let key = DocumentKey::Note(customer_id, note_id);
            let Some(value) = value else { return Ok(ReadDocument::NoteErased(key)) };
            let text = open(&parse(value)?)?;
            let text = String::from_utf8(text).map_err(|_| malformed("the note's text isn't UTF-8"))?;
            Ok(ReadDocument::Document(Document::Note(Note { note_id, customer_id, text })))
        }
        ParsedKey::Known(DocumentKey::Reference(kind, id)) => {
            let Some(value) = value else { return Ok(ReadDocument::Nothing) };
            let ReferenceValue { revision, event_id, base_revision, mut bases, body, sealed } = parse(value)?;
            bases.truncate(BASES_MAX);
            if !REVISIONS.contains(&revision) {
                return Err(malformed("the document's revision is outside 1 to 2^53-1"));
            }
            let body = match (body, sealed) {
                (Some(body), None) if !kind.is_sealed() => body,
                (None, Some(sealed)) if kind.is_sealed() => parse(&open(&sealed)?)?,
                _ => {
                    return Err(malformed(
                        "the value must have sealed for rules, staff, recovery, tokens and keeping, body for other kinds, and not both",
                    ));
                }
            };
            if !nosmoke_reading::reference::is_body(kind, id, &body) {
                return Err(malformed("the body doesn't match the kind of reference document"));
            }
            let reference = Reference { kind, id, revision, event_id, base_revision, bases, body };
            Ok(ReadDocument::Document(Document::Reference(reference)))
        }
    }
}

/// Returns the key of a decoded document.
pub fn key_of(document: &Document) -> DocumentKey {
    match document {
        Document::Profile(profile, _) => DocumentKey::Profile(profile.customer_id),
        Document::Note(note) => DocumentKey::Note(note.customer_id, note.note_id),
        Document::Reference(reference) => DocumentKey::Reference(reference.kind, reference.id),
        Document::Erased(customer_id) => DocumentKey::Profile(*customer_id),
    }
}

/// Returns the document that a message's key names; `None` if it names none that this version knows.
pub(crate) fn document_key(topic: Topic, key_text: &str) -> Option<DocumentKey> {
    match parse_key(topic, key_text) {
        Some(ParsedKey::Known(key)) => Some(key),
        Some(ParsedKey::UnknownKind) | None => None,
    }
}

/// A message's key.
enum ParsedKey {
    Known(DocumentKey),
    /// A reference document of a kind that only a newer version knows.
    UnknownKind,
}

/// The name of each kind of reference document in keys and in `ce_type`.
pub const REFERENCE_KINDS: [(ReferenceKind, &str); 11] = [
    (ReferenceKind::Facility, "facility"),
    (ReferenceKind::Area, "area"),
    (ReferenceKind::Rules, "rules"),
    (ReferenceKind::Staff, "staff"),
    (ReferenceKind::Terminal, "terminal"),
    (ReferenceKind::Hub, "hub"),
    (ReferenceKind::Token, "token"),
    (ReferenceKind::Keeping, "keeping"),
    (ReferenceKind::Recovery, "recovery"),
    (ReferenceKind::Plan, "plan"),
    (ReferenceKind::PlanPiece, "plan_piece"),
];

fn word_of(kind: ReferenceKind) -> &'static str {
    REFERENCE_KINDS.into_iter().find(|(it, _)| *it == kind).map_or("", |(_, word)| word)
}

fn parse_key(topic: Topic, key_text: &str) -> Option<ParsedKey> {
    let key = match (topic, key_text.split_once('/')) {
        (Topic::Profiles, None) => DocumentKey::Profile(CustomerId(Uuid::parse_str(key_text).ok()?)),
        (Topic::Profiles, Some((customer, note))) => {
            DocumentKey::Note(CustomerId(Uuid::parse_str(customer).ok()?), NoteId(Uuid::parse_str(note).ok()?))
        }
        (Topic::Reference, Some((word, id))) => {
            let id = Uuid::parse_str(id).ok()?;
            match REFERENCE_KINDS.into_iter().find(|(_, it)| *it == word) {
                Some((kind, _)) => DocumentKey::Reference(kind, id),
                None => return Some(ParsedKey::UnknownKind),
            }
        }
        _ => return None,
    };
    Some(ParsedKey::Known(key))
}

fn text_of(key: DocumentKey) -> String {
    match key {
        DocumentKey::Profile(customer) => customer.to_string(),
        DocumentKey::Note(customer, note) => format!("{customer}/{note}"),
        DocumentKey::Reference(kind, id) => format!("{}/{id}", word_of(kind)),
    }
}

fn sealed_address(topic: Topic, key_text: &str) -> String {
    format!("{}/{key_text}", topic.name())
}

fn topic_of(key: DocumentKey) -> Topic {
    match key {
        DocumentKey::Profile(_) | DocumentKey::Note(..) => Topic::Profiles,
        DocumentKey::Reference(..) => Topic::Reference,
    }
}

fn kind_of(key: DocumentKey) -> &'static str {
    match key {
        DocumentKey::Profile(_) => "profile",
        DocumentKey::Note(..) => "note",
        DocumentKey::Reference(kind, _) => word_of(kind),
    }
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|error| {
        // Only the position of the error: the content may be personal data.
        let detail = format!("invalid JSON at line {} column {}: {:?}", error.line(), error.column(), error.classify());
        Refused::new(QuarantineReason::Malformed, detail)
    })
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| StoreError::Failed(error.to_string()))
}
