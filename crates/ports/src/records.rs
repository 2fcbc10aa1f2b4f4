//! Records that aren't facts: profiles, notes and reference data. They are erasable or replaceable; of two with one id
//! the higher (revision, event_id) wins.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, NoteId, VisitId};
use nosmoke_domain::words::Standing;
use uuid::Uuid;

/// A person's details, exactly as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub customer_id: CustomerId,
    pub revision: i64,
    pub event_id: EventId,
    pub base_revision: i64,
    /// None for a walk-in who hasn't been named yet.
    pub name: Option<String>,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub registered_at: DateTime<Utc>,
    pub erased: bool,
}

/// What a profile is found by; made by `search::keys`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchKeys {
    /// The name in one case and form, without spaces.
    pub name: String,
    /// Its initial consonants (초성).
    pub initials: String,
    pub phone_digits: String,
    pub card: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub note_id: NoteId,
    pub customer_id: CustomerId,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceKind {
    Facility,
    Area,
    Rules,
    Staff,
    Terminal,
    /// Which terminal holds the points of visits that have ended.
    Hub,
}

/// Reference data: a JSON body by kind and id.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub id: Uuid,
    pub revision: i64,
    pub event_id: EventId,
    pub base_revision: i64,
    pub body: serde_json::Value,
}

/// A customer as lists show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    pub profile: Profile,
    pub standing: Standing,
    pub outstanding: i128,
    pub inside: Option<(VisitId, AreaId, DateTime<Utc>)>,
    pub last_visit: Option<(DateTime<Utc>, AreaId)>,
}

impl CustomerRow {
    /// Where this customer stands in the order of a search.
    pub fn cursor(&self) -> SearchCursor {
        let registered_at = self.profile.registered_at;
        let seen_at = self.last_visit.map_or(registered_at, |(at, _)| at.max(registered_at));
        SearchCursor { seen_at_ms: seen_at.timestamp_millis(), customer_id: self.profile.customer_id }
    }
}

/// What to find. The keys are in the form of [`SearchKeys`]; an empty query lists all. Any key that is not empty may
/// match: name and initials anywhere in theirs, phone digits at the end or anywhere, card exactly.
/// Those seen last come first (the last visit's time, else the registration), then by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    pub name: String,
    pub initials: String,
    pub phone_digits: String,
    pub card: String,
    pub after: Option<SearchCursor>,
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCursor {
    pub seen_at_ms: i64,
    pub customer_id: CustomerId,
}
