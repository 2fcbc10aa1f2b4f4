//! The port to the access log: who did what with personal data at this terminal. It isn't made of facts, stays on this PC,
//! and names nobody: people are random ids.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, StaffId, TerminalId, TokenId};

use crate::StoreError;
use crate::contract::{AccessAct, AccessOutcome, AccessReason, AppError, ErrorCode};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessBy {
    Staff(StaffId),
    Token(TokenId),
    /// This program itself.
    Program,
    /// Nobody was signed in.
    Nobody,
}

/// Something that was done with personal data, or that somebody tried to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    pub by: AccessBy,
    pub act: AccessAct,
    pub whose: Option<CustomerId>,
    pub outcome: AccessOutcome,
    /// The error's code, unless it was done.
    pub code: Option<ErrorCode>,
    pub reason: Option<AccessReason>,
    /// How many people, lines or rows it was about; 1 for one act on one person or none.
    pub count: u32,
}

impl Access {
    /// Something that was done.
    pub const fn done(by: AccessBy, act: AccessAct) -> Self {
        Self { by, act, whose: None, outcome: AccessOutcome::Done, code: None, reason: None, count: 1 }
    }

    #[must_use]
    pub const fn of(self, whose: Option<CustomerId>) -> Self {
        Self { whose, ..self }
    }

    #[must_use]
    pub const fn because(self, reason: Option<AccessReason>) -> Self {
        Self { reason, ..self }
    }

    #[must_use]
    pub const fn counting(self, count: u32) -> Self {
        Self { count, ..self }
    }

    /// Sets the outcome from that of the action.
    #[must_use]
    pub fn ended<T>(self, answer: &Result<T, AppError>) -> Self {
        match answer {
            Ok(_) => self,
            Err(error) => Self { outcome: outcome_of(error.code), code: Some(error.code), ..self },
        }
    }
}

const fn outcome_of(code: ErrorCode) -> AccessOutcome {
    match code {
        ErrorCode::NotAuthorised
        | ErrorCode::NotSignedIn
        | ErrorCode::ReasonNeeded
        | ErrorCode::WrongPin
        | ErrorCode::PinWait
        | ErrorCode::UnknownStaff
        | ErrorCode::BadRecoveryCode
        | ErrorCode::NoRecoveryCode
        | ErrorCode::Prohibited => AccessOutcome::Refused,
        ErrorCode::Cancelled => AccessOutcome::Cancelled,
        _ => AccessOutcome::Failed,
    }
}

/// A row to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRow {
    pub at: DateTime<Utc>,
    /// `None` before the set-up.
    pub terminal_id: Option<TerminalId>,
    pub access: Access,
}

/// A row of the file. Numbers have no gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAccess {
    pub number: i64,
    pub row: AccessRow,
}

/// The cursor of a page: the time and the number of the last row of the previous page.
pub type AccessCursor = (DateTime<Utc>, i64);

/// The rows to read, newest first; a row matches if it matches everything that is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccessQuery {
    pub by: Option<AccessBy>,
    pub act: Option<AccessAct>,
    pub whose: Option<CustomerId>,
    pub outcome: Option<AccessOutcome>,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub until: Option<DateTime<Utc>>,
    pub before: Option<AccessCursor>,
    pub limit: usize,
}

/// How much the file has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccessExtent {
    pub rows: i64,
    pub oldest_at: Option<DateTime<Utc>>,
    /// The last row of the act `LogConfirmed`.
    pub last_confirmed: Option<StoredAccess>,
}

/// The access log's file. Rows are added and, when they are old enough, deleted; none is ever changed.
#[async_trait]
pub trait AccessLog: Send + Sync + std::fmt::Debug {
    /// Adds rows, all or none, after those that are there, each chained to the one before.
    ///
    /// # Errors
    /// An error of the store.
    async fn append(&self, rows: Vec<AccessRow>) -> Result<(), StoreError>;

    /// Returns rows, newest first.
    ///
    /// # Errors
    /// An error of the store.
    async fn page(&self, query: AccessQuery) -> Result<Vec<StoredAccess>, StoreError>;

    /// # Errors
    /// An error of the store.
    async fn extent(&self) -> Result<AccessExtent, StoreError>;

    /// Checks the chain of all rows, and returns the number of the first one that isn't as it was written.
    ///
    /// # Errors
    /// An error of the store.
    async fn verify(&self) -> Result<Option<i64>, StoreError>;

    /// Deletes the rows before the first one that isn't older than `cutoff`, at most once a day and at most a month of
    /// them, so that a wrong clock doesn't empty the log. The chain goes on from the last deleted one.
    ///
    /// # Errors
    /// An error of the store.
    async fn prune(&self, now: DateTime<Utc>, cutoff: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Returns how many rows are about one of these customers.
    ///
    /// # Errors
    /// An error of the store.
    async fn count_about(&self, customers: Vec<CustomerId>) -> Result<u32, StoreError>;
}

/// Keeps nothing: for a terminal that only a simulation has.
#[async_trait]
impl AccessLog for () {
    async fn append(&self, _: Vec<AccessRow>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn page(&self, _: AccessQuery) -> Result<Vec<StoredAccess>, StoreError> {
        Ok(Vec::new())
    }

    async fn extent(&self) -> Result<AccessExtent, StoreError> {
        Ok(AccessExtent::default())
    }

    async fn verify(&self) -> Result<Option<i64>, StoreError> {
        Ok(None)
    }

    async fn prune(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn count_about(&self, _: Vec<CustomerId>) -> Result<u32, StoreError> {
        Ok(0)
    }
}
