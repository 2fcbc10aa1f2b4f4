//! Standings: the very copy that check-in reads (N4), of one customer or of all who aren't ALLOWED.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;

use super::Queries;
use super::customers::verdict;
use super::paging::{limit_of, not_a_cursor};
use crate::commands::to_i64;
use crate::contract::{AppError, ErrorCode, Page, PageInput, StandingView, Verdict};
use crate::links::{linked, worst};
use crate::ports::{Read, StoreError, Worker, read};
use crate::records;
use crate::standing::published;
use crate::state::load;

/// What a cursor begins with, so that no other list takes it.
const CURSOR: &str = "prohibits.";

impl Queries {
    /// One customer's standing with what explains it.
    ///
    /// # Errors
    /// `unknown_customer`, the store's.
    pub async fn prohibit(&self, customer: CustomerId) -> Result<Verdict, AppError> {
        self.feed.caught_up(&[Worker::Point]).await;
        let now = self.clock.now();
        read(&*self.journal, move |tx| {
            tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
            let rules = records::rules(tx)?;
            let account = load::<Account>(tx, customer)?.state;
            let linked = linked(tx, customer, account)?;
            let whose = worst(&linked, &rules).map_or(customer, |(worst, _)| worst);
            Ok(verdict(tx, customer, whose, &rules, now)?)
        })
        .await
    }

    /// Everyone who is warned or prohibited, by id; of one customer, whatever the standing.
    ///
    /// # Errors
    /// `unknown_customer`; `invalid_input` for a cursor that isn't one of ours; the store's.
    pub async fn prohibits(
        &self,
        customer: Option<CustomerId>,
        input: PageInput,
    ) -> Result<Page<StandingView>, AppError> {
        self.feed.caught_up(&[Worker::Point]).await;
        let (now, limit) = (self.clock.now(), limit_of(input.limit));
        let after = input.cursor.as_deref().map(parse_cursor).transpose()?;
        read(&*self.journal, move |tx| {
            let rules = records::rules(tx)?;
            let (customers, next) = match customer {
                Some(customer) => {
                    tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
                    (vec![customer], None)
                }
                None => {
                    let mut customers = tx.not_allowed(after, limit + 1)?;
                    let more = customers.len() > limit;
                    customers.truncate(limit);
                    let next = customers.last().filter(|_| more).map(|last| format!("{CURSOR}{last}"));
                    (customers, next)
                }
            };
            let items = customers.into_iter().map(|customer| standing(tx, customer, &rules, now));
            Ok(Page { items: items.collect::<Result<_, StoreError>>()?, next })
        })
        .await
    }
}

fn standing(
    tx: &mut dyn Read,
    customer_id: CustomerId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<StandingView, StoreError> {
    let current = published(tx, customer_id, rules, now)?;
    Ok(StandingView {
        customer_id,
        standing: current.copy.standing,
        outstanding: to_i64(current.copy.outstanding.0),
        warn_at: current.copy.levels.warn_at.get(),
        prohibit_at: current.copy.levels.prohibit_at.get(),
        as_of: current.copy.as_of.timestamp_millis(),
        behind: current.behind,
    })
}

fn parse_cursor(text: &str) -> Result<CustomerId, AppError> {
    let parsed = text.strip_prefix(CURSOR).and_then(|id| id.parse().ok());
    parsed.ok_or_else(not_a_cursor)
}
