//! Who of the registered customers a new one may be.

use nosmoke_ports::contract::{AlikeCustomer, AlikeInput, AlikePage, AppError};
use nosmoke_ports::search_keys;
use nosmoke_ports::{Worker, read};
use nosmoke_reading::reference;

use super::Queries;
use super::customers::hit;

/// Upper bound for the customers of an answer. A number that many have, as that of a company, tells little about one.
const ALIKE_MAX: usize = 5;

impl Queries {
    /// Returns the customers with the same phone, first those who also have the same name. A walk-in customer without
    /// a name and an erased customer never count. Two customers may share a phone, so this refuses nothing.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn alike(&self, input: AlikeInput) -> Result<AlikePage, AppError> {
        let keys = search_keys::keys(Some(&input.name), Some(&input.phone), None);
        if keys.phone_digits.is_empty() {
            return Ok(AlikePage { alike: Vec::new(), more: false });
        }
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Point]).await;
        let now = self.core.present.read();
        read(&*self.core.journal, move |tx| {
            let rules = reference::rules(tx)?;
            let mut rows = tx.with_phone(&keys, input.except, ALIKE_MAX + 1)?;
            let more = rows.len() > ALIKE_MAX;
            rows.truncate(ALIKE_MAX);
            let alike = rows
                .into_iter()
                .map(|row| {
                    let name = search_keys::keys(row.profile.name.as_deref(), None, None).name;
                    AlikeCustomer { same_name: name == keys.name, hit: hit(row, &rules, now) }
                })
                .collect();
            Ok(AlikePage { alike, more })
        })
        .await
    }
}
