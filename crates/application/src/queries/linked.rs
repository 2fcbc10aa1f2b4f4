//! The other ids of a person.

use std::collections::BTreeSet;

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{AppError, LinkedCustomer};
use nosmoke_ports::{StoreError, read};
use nosmoke_reading::names::{customer_name, rows_by_id};
use nosmoke_reading::same_person::{linked, links};
use nosmoke_reading::state::load;

use super::Queries;

impl Queries {
    /// Returns the ids linked with a customer's, directly or through others, by id.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn linked_customers(&self, customer: CustomerId) -> Result<Vec<LinkedCustomer>, AppError> {
        let now = self.core.present.moment();
        let found = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let account = load::<Account>(tx, customer)?.state;
            let direct: BTreeSet<CustomerId> =
                links(tx, customer, &account.links)?.into_iter().map(|(_, other)| other).collect();
            let mut others = linked(tx, customer, account)?;
            others.remove(&customer);
            let rows = rows_by_id(tx, others.keys().copied())?;
            let view = |(id, account): (CustomerId, Account)| {
                let profile = rows.get(&id).map(|row| &row.profile);
                LinkedCustomer {
                    customer: customer_name(id, profile),
                    phone: profile.and_then(|profile| profile.phone.clone()),
                    balance: to_i64(account.balance(now)),
                    outstanding: to_i64(account.outstanding(now)),
                    direct: direct.contains(&id),
                }
            };
            Ok(others.into_iter().map(view).collect())
        })
        .await?;
        Ok(found)
    }
}
