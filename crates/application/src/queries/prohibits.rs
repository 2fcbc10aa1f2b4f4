//! Queries of standings with the facts that explain them: the same published standing that check-in reads (N4), of one
//! customer or of all who aren't ALLOWED.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{AppError, ErrorCode, Page, PageInput, Verdict};
use nosmoke_ports::{Read, StoreError, Worker, read};
use nosmoke_reading::reference;
use nosmoke_reading::same_person::linked;
use nosmoke_reading::state::load;

use super::Queries;
use super::paging::{PAGE_MAX, limit_of, not_a_cursor};
use super::verdict::verdict;

/// The prefix of this list's cursors. Other lists have other prefixes, so that a cursor passed to the wrong list is
/// refused.
const CURSOR: &str = "prohibits.";

impl Queries {
    /// Returns one customer's standing with the facts that explain it.
    ///
    /// # Errors
    /// `unknown_customer`, or an error of the store.
    pub async fn prohibit(&self, customer: CustomerId) -> Result<Verdict, AppError> {
        self.core.feed.caught_up(&[Worker::Point]).await;
        let now = self.core.present.moment();
        read(&*self.core.journal, move |tx| {
            tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
            let rules = reference::rules(tx)?;
            Ok(explained(tx, customer, &rules, now)?)
        })
        .await
    }

    /// Returns all customers who are warned or prohibited, sorted by id, with explanations; if `customer` is given,
    /// only that one, in any standing.
    ///
    /// # Errors
    /// `unknown_customer`; `invalid_input` for a cursor of another list, or an error of the store.
    pub async fn prohibits(
        &self,
        customer: Option<CustomerId>,
        input: PageInput,
    ) -> Result<Page<(CustomerId, Verdict)>, AppError> {
        self.core.feed.caught_up(&[Worker::Point]).await;
        let (now, limit) = (self.core.present.moment(), limit_of(input.limit, PAGE_MAX));
        let after = input.cursor.as_deref().map(parse_cursor).transpose()?;
        read(&*self.core.journal, move |tx| {
            let rules = reference::rules(tx)?;
            let (customers, next) = match customer {
                Some(customer) => {
                    tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
                    (vec![customer], None)
                }
                None => {
                    let (customers, more) = not_allowed(tx, after, limit, now)?;
                    let next = customers.last().filter(|_| more).map(|last| format!("{CURSOR}{last}"));
                    (customers, next)
                }
            };
            let items = customers.into_iter().map(|it| Ok((it, explained(tx, it, &rules, now)?)));
            Ok(Page { items: items.collect::<Result<_, StoreError>>()?, next })
        })
        .await
    }
}

/// Returns customers who are warned or prohibited now, sorted by id, after the customer `after`; and whether there may
/// be more. Time only lifts standings, so they are among those whose stored standing isn't ALLOWED.
fn not_allowed(
    tx: &mut dyn Read,
    mut after: Option<CustomerId>,
    limit: usize,
    now: DateTime<Utc>,
) -> Result<(Vec<CustomerId>, bool), StoreError> {
    let mut found = Vec::new();
    loop {
        let rows = tx.not_allowed(after, limit + 1)?;
        let is_last = rows.len() <= limit;
        after = rows.last().map(|row| row.customer_id);
        let now = rows.into_iter().filter(|row| row.copy.clone().at(now).standing != Standing::Allowed);
        found.extend(now.map(|row| row.customer_id));
        if found.len() > limit || is_last {
            let more = found.len() > limit;
            found.truncate(limit);
            return Ok((found, more));
        }
    }
}

fn explained(
    tx: &mut dyn Read,
    customer: CustomerId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Verdict, StoreError> {
    let account = load::<Account>(tx, customer)?.state;
    let linked = linked(tx, customer, account)?;
    verdict(tx, customer, &linked, rules, now)
}

fn parse_cursor(text: &str) -> Result<CustomerId, AppError> {
    let parsed = text.strip_prefix(CURSOR).and_then(|id| id.parse().ok());
    parsed.ok_or_else(not_a_cursor)
}
