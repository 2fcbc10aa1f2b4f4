//! Lines of a list that repeat an earlier one.

use std::collections::BTreeMap;

use nosmoke_ports::SearchKeys;
use nosmoke_ports::contract::{AppError, DuplicateBy, DuplicateOf, ErrorCode, ProfileInput};
use nosmoke_ports::search_keys;
use serde_json::json;

/// The lines so far, by card and by what makes two lines the same person.
#[derive(Debug)]
pub(super) struct Earlier {
    by: DuplicateBy,
    /// Whether this program exported the list, in which each line is a customer of its own.
    is_ours: bool,
    cards: BTreeMap<String, (u32, String)>,
    people: BTreeMap<(String, String), (u32, String)>,
}

impl Earlier {
    pub(super) fn new(by: DuplicateBy, is_ours: bool) -> Self {
        Self { by, is_ours, cards: BTreeMap::new(), people: BTreeMap::new() }
    }

    /// Remembers a line that will be imported, and returns the earlier line that it repeats. Two lines with only the same
    /// name may be two people.
    ///
    /// # Errors
    /// `card_taken` if an earlier line gives the card to somebody else.
    pub(super) fn note(&mut self, line: u32, profile: &ProfileInput) -> Result<Option<DuplicateOf>, AppError> {
        let SearchKeys { name, phone_digits, card, .. } =
            search_keys::keys(Some(&profile.name), profile.phone.as_deref(), profile.card.as_deref());
        let of = |(line, name): &(u32, String)| {
            Ok(Some(DuplicateOf { customer_id: None, line: Some(*line), name: name.clone() }))
        };
        if let Some(earlier) = self.cards.get(&card) {
            if search_keys::keys(Some(&earlier.1), None, None).name == name {
                return of(earlier);
            }
            return Err(AppError::with(ErrorCode::CardTaken, json!({ "name": earlier.1, "line": earlier.0 })));
        }
        if !phone_digits.is_empty() && !self.is_ours {
            let key = (if self.by == DuplicateBy::Phone { String::new() } else { name }, phone_digits);
            if let Some(earlier) = self.people.get(&key) {
                return of(earlier);
            }
            self.people.insert(key, (line, profile.name.clone()));
        }
        if !card.is_empty() {
            self.cards.insert(card, (line, profile.name.clone()));
        }
        Ok(None)
    }
}
