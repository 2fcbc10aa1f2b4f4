//! Personal data, which can be erased: profiles, how customers are found by them, and notes.
//! Of two profiles of one customer an erased one counts, then the higher (revision, event_id).

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, NoteId, VisitId};
use nosmoke_domain::words::Standing;

use crate::StoreError;

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

/// Reads and finds profiles, and reads notes.
pub trait ReadProfiles {
    fn profile(&mut self, customer: CustomerId) -> Result<Option<Profile>, StoreError>;

    fn profile_by_card(&mut self, card: &str) -> Result<Option<Profile>, StoreError>;

    /// Profiles of many customers with what the lists show of them; unknown ids are left out.
    fn customers(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, StoreError>;

    fn search(&mut self, query: &SearchQuery) -> Result<Vec<CustomerRow>, StoreError>;

    fn notes(&mut self, ids: &[nosmoke_domain::ids::NoteId]) -> Result<Vec<Note>, StoreError>;
}

/// Writes profiles and notes. What is put here is pending until read back.
pub trait WriteProfiles: ReadProfiles {
    fn put_profile(&mut self, profile: &Profile, keys: &SearchKeys) -> Result<(), StoreError>;

    fn put_note(&mut self, note: &Note) -> Result<(), StoreError>;

    /// Erases every note about a customer, here and with the next publishing in the log.
    fn remove_notes(&mut self, customer: CustomerId) -> Result<(), StoreError>;
}
