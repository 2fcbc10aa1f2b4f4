//! The standing as check-in reads it: point's published copy, with its age (N4). Queries show this very copy.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::StandingCopy;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{Read, StoreError, Worker};

/// A published standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub copy: StandingCopy,
    /// Facts of this customer are recorded here that the copy doesn't count yet.
    pub behind: bool,
}

/// Reads the copy. `as_of` is now when point's projector has passed every fact of the customer, else the time at which
/// the first fact that it hasn't was received.
///
/// # Errors
/// The store's.
pub fn published(
    tx: &mut dyn Read,
    customer: CustomerId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Published, StoreError> {
    let checkpoint = tx.checkpoint(Worker::Point)?;
    let first_newer = if checkpoint < tx.last_change()? { tx.facts_after(customer, checkpoint)? } else { Vec::new() };
    let as_of = first_newer.first().map_or(now, |change| change.received_at);
    let mut copy = match tx.standing(customer)? {
        Some(row) => row.copy,
        None => StandingCopy::clean(rules, as_of),
    };
    copy.as_of = as_of;
    Ok(Published { copy, behind: !first_newer.is_empty() })
}
