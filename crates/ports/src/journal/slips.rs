//! The facts that have a slip, and which of them were on paper at this terminal. The latter aren't facts and are never
//! replicated.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use uuid::Uuid;

use super::Change;
use crate::StoreError;

/// The payments and penalties to read, newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlipQuery {
    /// `None` for those of everybody.
    pub customer: Option<CustomerId>,
    /// The time (ms) and the change of the last fact of the previous page.
    pub before: Option<(i64, i64)>,
    pub limit: usize,
}

/// Reads what has a slip, and what was printed.
pub trait ReadSlips {
    /// Returns payments and penalties by when they occurred and then by the feed's order, newest first. The cost doesn't
    /// depend on the number of facts.
    fn facts_with_slips(&mut self, query: &SlipQuery) -> Result<Vec<Change>, StoreError>;

    /// Returns when the slip of a payment or penalty was first on paper at this terminal; `None` if it never was.
    fn first_printed_at(&mut self, subject: Uuid) -> Result<Option<DateTime<Utc>>, StoreError>;
}

/// Notes what was printed.
pub trait WriteSlips: ReadSlips {
    /// Notes that the slip of a payment or penalty is on paper, whole or in part. The first time stays.
    fn note_printed(&mut self, subject: Uuid, at: DateTime<Utc>) -> Result<(), StoreError>;
}
