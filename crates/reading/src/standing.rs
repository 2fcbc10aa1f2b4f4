//! Reads the standing that point has published, with its age. Check-ins decide with this copy (N4), and queries show
//! the same copy.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{self, Account, StandingCopy};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{Moment, MomentView};
use nosmoke_ports::{Read, ReadFacts, StoreError, Worker};

use crate::moment::{account_at, facts_at};
use crate::same_person::linked_at;

/// A published standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub copy: StandingCopy,
    /// Whether this journal has facts of the customer that the copy doesn't include yet.
    pub behind: bool,
}

/// Returns a person's standing at an earlier moment by what this terminal knew then, for a visit that is entered
/// afterwards. Reads all facts of the person.
///
/// # Errors
/// An error of the store.
pub fn known_at(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    rules: &Rules,
    at: DateTime<Utc>,
) -> Result<StandingCopy, StoreError> {
    let moment = Moment { at: at.timestamp_millis(), view: MomentView::AsKnownHere };
    let facts = facts_at(tx, customer, moment)?;
    let account = account_at(tx, &facts)?;
    let person = linked_at(tx, customer, account, moment)?;
    let accounts: Vec<&Account> = person.values().collect();
    let copy = point::published(&accounts, rules, at);
    Ok(copy.map_or_else(|| StandingCopy::clean(rules, at), |copy| copy.at(at)))
}

/// Reads the published standing of a customer as it is now, with what time has changed since. Its `as_of` is now if point's projector has processed all facts of the
/// customer, else the time at which the first unprocessed fact arrived at this terminal.
///
/// # Errors
/// An error of the store.
pub fn published(
    tx: &mut dyn Read,
    customer: CustomerId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Published, StoreError> {
    let checkpoint = tx.checkpoint(Worker::Point)?;
    let first_newer = tx.arrived_after_of(customer, checkpoint)?;
    let as_of = first_newer.unwrap_or(now);
    let mut copy = match tx.standing(customer)? {
        Some(row) => row.copy.at(now),
        None => StandingCopy::clean(rules, as_of),
    };
    copy.as_of = as_of;
    Ok(Published { copy, behind: first_newer.is_some() })
}
