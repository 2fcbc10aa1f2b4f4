//! Personal data, which can be erased: profiles with their search keys, and notes. If two terminals have different
//! profiles of a customer, an erased one wins, else the one with the higher (revision, event_id).

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, NoteId, VisitId};
use nosmoke_domain::point::StandingCopy;
use serde_json::json;

use super::{Lineage, Texts};
use crate::StoreError;

/// A customer's details: name and phone exactly as typed, the card in the form in which cards are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub customer_id: CustomerId,
    pub revision: i64,
    pub event_id: EventId,
    pub base_revision: i64,
    /// The event ids of the revisions that this one is based on, newest first; at most 8.
    pub bases: Vec<EventId>,
    /// `None` for a walk-in customer who hasn't been named yet.
    pub name: Option<String>,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub registered_at: DateTime<Utc>,
    /// The day in Seoul on which the person consented to the facility's notice.
    pub consent_on: Option<NaiveDate>,
    pub erased: bool,
}

impl Profile {
    pub fn lineage(&self) -> Lineage<'_> {
        Lineage { revision: self.revision, event_id: self.event_id, bases: &self.bases }
    }

    /// The texts that people edit.
    pub fn texts(&self) -> Texts {
        let Self { name, phone, card, consent_on, .. } = self;
        let day = consent_on.map(|day| day.to_string());
        let texts = json!({ "name": name, "phone": phone, "card": card, "consentOn": day });
        texts.as_object().cloned().unwrap_or_default()
    }
}

/// Normalised texts by which a profile is found; made by `search_keys::keys`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchKeys {
    /// The name in lower case and a Unicode normal form, without accents and spaces.
    pub name: String,
    /// The initial consonants (초성) of the name.
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

/// A customer with the data that lists show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    pub profile: Profile,
    /// The published standing; `None` if there is none yet.
    pub standing: Option<StandingCopy>,
    pub inside: Option<(VisitId, AreaId, DateTime<Utc>)>,
    pub last_visit: Option<(DateTime<Utc>, AreaId)>,
}

impl CustomerRow {
    /// The cursor of this customer in the results of a search.
    pub fn cursor(&self) -> SearchCursor {
        let registered_at = self.profile.registered_at;
        let seen_at = self.last_visit.map_or(registered_at, |(at, _)| at.max(registered_at));
        SearchCursor { seen_at_ms: seen_at.timestamp_millis(), customer_id: self.profile.customer_id }
    }
}

/// A search for customers; made by `search_keys::query`. The results are sorted by when the customer was last seen (the
/// last visit, else the registration), latest first, then by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// Lists of terms: a customer matches if all terms of one list match; without lists, everybody matches. A term
    /// matches if one of its non-empty keys does: name, initials and phone digits at any position, the card only as a
    /// whole.
    pub any_of: Vec<Vec<SearchKeys>>,
    /// If not empty, only customers whose phone number ends with these digits match.
    pub phone_ending: String,
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

    /// Returns the customers who have one of these cards, in the form of [`SearchKeys`]; the shortest card first.
    fn customers_by_cards(&mut self, cards: &[String], limit: usize) -> Result<Vec<CustomerRow>, StoreError>;

    /// Returns the profiles of many customers with the data that lists show; leaves out unknown ids.
    fn customers(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, StoreError>;

    /// Returns profiles that aren't erased, sorted by customer id, after the customer `after`.
    fn profiles_after(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<Profile>, StoreError>;

    fn search(&mut self, query: &SearchQuery) -> Result<Vec<CustomerRow>, StoreError>;

    /// Returns the customers with the phone of `keys`, first those who also have its name, then the last seen. Nobody
    /// without a name, nobody erased, and not the customer `except`.
    fn with_phone(
        &mut self,
        keys: &SearchKeys,
        except: Option<CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerRow>, StoreError>;

    /// Returns registered customers who were last seen before a time, the longest unseen first, after the cursor. Nobody
    /// without a name, nobody erased, and nobody who is inside.
    fn unseen_since(
        &mut self,
        cutoff: DateTime<Utc>,
        after: Option<SearchCursor>,
        limit: usize,
    ) -> Result<Vec<CustomerRow>, StoreError>;

    /// Returns how many notes there are about a customer.
    fn count_notes(&mut self, customer: CustomerId) -> Result<u32, StoreError>;

    fn notes(&mut self, ids: &[nosmoke_domain::ids::NoteId]) -> Result<Vec<Note>, StoreError>;
}

/// Writes profiles and notes. They are pending until they are read back from the log.
pub trait WriteProfiles: ReadProfiles {
    fn put_profile(&mut self, profile: &Profile, keys: &SearchKeys) -> Result<(), StoreError>;

    fn put_note(&mut self, note: &Note) -> Result<(), StoreError>;

    /// Erases all notes about a customer: in this journal now, and in the log when the erased notes are published. Removes
    /// the quarantined messages under the customer's id.
    fn remove_notes_and_quarantined(&mut self, customer: CustomerId) -> Result<(), StoreError>;
}
