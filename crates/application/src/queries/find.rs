//! Finds customers by what a machine reads: a whole card or a whole phone number.

use nosmoke_ports::contract::{AppError, CustomerHit};
use nosmoke_ports::limits::{self, CARD_MAX, PHONE_MAX};
use nosmoke_ports::search_keys;
use nosmoke_ports::{Worker, read};
use nosmoke_reading::{preferences, reference};

use super::Queries;
use super::customers::{hit, holder};

/// Upper bound for the customers with one phone.
const FOUND_MAX: usize = 5;

/// By what a customer is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handle {
    Card(String),
    Phone(String),
}

impl Queries {
    /// Returns the customer with a card, or those with a phone; nobody without a name is found by a phone.
    ///
    /// # Errors
    /// `empty`, `too_long`, `invalid_text`, or an error of the store.
    pub async fn find_by(&self, handle: Handle) -> Result<Vec<CustomerHit>, AppError> {
        match &handle {
            Handle::Card(card) => limits::check_needed("card", card, CARD_MAX)?,
            Handle::Phone(phone) => limits::check_needed("phone", phone, PHONE_MAX)?,
        }
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Point]).await;
        let now = self.core.present.read();
        read(&*self.core.journal, move |tx| {
            let rows = match &handle {
                Handle::Card(card) => {
                    let scanner = preferences(tx)?.preferences.scanner;
                    let cards = search_keys::stored_forms(card, scanner.prefix.as_str());
                    holder(tx, &cards)?.into_iter().collect()
                }
                Handle::Phone(phone) => {
                    let keys = search_keys::keys(None, Some(phone), None);
                    if keys.phone_digits.is_empty() { Vec::new() } else { tx.with_phone(&keys, None, FOUND_MAX)? }
                }
            };
            let rules = reference::rules(tx)?;
            Ok(rows.into_iter().map(|row| hit(row, &rules, now)).collect())
        })
        .await
    }
}
