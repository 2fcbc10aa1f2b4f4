//! Customers at another moment than now: the facts that count then, and the account that they give.

use chrono::{DateTime, Utc};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::contract::{Moment, MomentView};
use nosmoke_ports::{Change, ReadFacts, StoreError};

use crate::state::{InContext, recorded};

/// The time of a moment; a time that doesn't exist counts as the first or the last one that does.
pub fn time_of(moment: Moment) -> DateTime<Utc> {
    let bound = if moment.at < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    DateTime::from_timestamp_millis(moment.at).unwrap_or(bound)
}

/// Whether a fact counts at a moment.
pub fn counts(moment: Moment, change: &Change) -> bool {
    let at = match moment.view {
        MomentView::AsItWas => change.recorded.fact.occurred_at,
        MomentView::AsKnownHere => change.received_at,
    };
    at.timestamp_millis() <= moment.at
}

/// Returns a customer's facts that count at a moment, in the order in which this journal received them.
///
/// # Errors
/// An error of the store.
pub fn facts_at(tx: &mut dyn ReadFacts, customer: CustomerId, moment: Moment) -> Result<Vec<Change>, StoreError> {
    let mut facts = tx.facts_after(customer, 0)?;
    facts.retain(|change| counts(moment, change));
    Ok(facts)
}

/// Folds the facts of a customer that count at a moment.
///
/// # Errors
/// An error of the store.
pub fn account_at(tx: &mut dyn ReadFacts, facts: &[Change]) -> Result<Account, StoreError> {
    let mut account: Account = fold(recorded(facts));
    account.complete(tx)?;
    Ok(account)
}
