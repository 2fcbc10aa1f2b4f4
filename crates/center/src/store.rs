//! The customer center's database. Instances share it and never wait for each other, except for a moment for the same customer.

use std::collections::BTreeSet;
use std::time::Duration;

use nosmoke_domain::ids::{CustomerId, FacilityId};
use nosmoke_mypage_postgres::{Settings, fault};
use nosmoke_ports::{Digest, EntryRow, ServerFault, StoreError, SumChanges};
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use crate::batch::{self, Batch, Done};
use crate::folding::Folded;
use crate::places::{self, Place};
use crate::{again, customers, lines, links, schema, sums};

/// Most connections of one instance: batches of several partitions, and readers.
const MAX_CONNECTIONS: u32 = 8;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// Timeouts that the server enforces. They free the rows of an instance that was frozen within 10 s: while its statement waits
/// for it, between its statements, and after its connection broke.
const SERVER_LIMITS: [(&str, &str); 7] = [
    ("statement_timeout", "8s"),
    ("lock_timeout", "8s"),
    ("idle_in_transaction_session_timeout", "5s"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "2"),
    ("tcp_keepalives_count", "2"),
    ("client_min_messages", "warning"),
];
/// Customers that are folded again in one transaction.
const AGAIN_BATCH: i64 = 100;

/// Upper bound for an answer, if the server can't enforce its own.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(12);

/// Runs a query on one of the connections, and drops the connection after an error: its state isn't known then.
macro_rules! ask {
    ($self:ident, |$connection:ident| $question:expr) => {{
        let mut pooled = $self.pool.acquire().await.map_err(|error| fault(&error))?;
        let answer = {
            let $connection = &mut *pooled;
            timeout(ANSWER_TIMEOUT, $question).await
        };
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                drop(pooled.detach());
                Err(fault(&error))
            }
            Err(_) => {
                drop(pooled.detach());
                let detail = format!("the database server didn't answer within {} s", ANSWER_TIMEOUT.as_secs());
                Err(StoreError::Server(ServerFault::Unreachable, detail))
            }
        }
    }};
}

/// The result of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    Done(Done),
    /// Another instance has taken the partition over. Nothing was written, and nothing more may be read from it.
    Fenced,
}

/// The database of all instances.
#[derive(Debug, Clone)]
pub struct CenterStore {
    pool: PgPool,
    version: i64,
}

impl CenterStore {
    /// Connects, and migrates the schema if this is the first instance of its version.
    ///
    /// # Errors
    /// `Newer` if the schema is of a newer version; else why the server can't be used.
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        let options = settings.options_of("nosmoke-center", schema::SCHEMA, &SERVER_LIMITS)?;
        let mut connection = options.connect().await.map_err(|error| settings.connect_fault(&error))?;
        schema::prepare(&mut connection).await?;
        again::list_understood(&mut connection).await.map_err(|error| fault(&error))?;
        connection.close().await.map_err(|error| fault(&error))?;
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(CONNECT_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self { pool, version: schema::version() })
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Takes a partition of a topic over, by the topic's name in the cluster: whoever had it can write no further batch. `owner`
    /// names this instance to those who look.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn take_over(&self, partition: (&str, i32), owner: &str) -> Result<Place, StoreError> {
        ask!(self, |connection| places::take_over(connection, partition, owner))
    }

    /// Writes a batch in one transaction.
    ///
    /// # Errors
    /// `Newer` if a newer instance has migrated the schema; else why the server can't be used. Nothing was written then, unless
    /// the connection broke while the server committed: then the place has moved, and the same batch is fenced.
    pub async fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        let done = ask!(self, |connection| batch::write(connection, batch, self.version))?;
        if let Some(done) = done {
            return Ok(Written::Done(done));
        }
        let newest = ask!(self, |connection| places::newest_migration(connection))?;
        if newest > self.version { Err(schema::newer(newest)) } else { Ok(Written::Fenced) }
    }

    /// Does a part of the work that waits for any instance: lists customers of a fork, or folds listed customers again. Returns
    /// whether there was any that no other instance is doing.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn work_off(&self) -> Result<bool, StoreError> {
        if ask!(self, |connection| again::list_fork(connection))? {
            return Ok(true);
        }
        Ok(ask!(self, |connection| again::fold(connection, AGAIN_BATCH))? > 0)
    }

    /// Returns a customer's state; `None` if nothing is known of the customer.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn customer(&self, facility: FacilityId, customer: CustomerId) -> Result<Option<Folded>, StoreError> {
        ask!(self, |connection| customers::read(connection, facility, customer))
    }

    /// Returns all ids of the person to whom a customer's id belongs, with the id itself.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn person(&self, facility: FacilityId, customer: CustomerId) -> Result<BTreeSet<CustomerId>, StoreError> {
        ask!(self, |connection| links::person(connection, facility, customer))
    }

    /// Returns a customer's lines, the oldest first.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn lines(&self, facility: FacilityId, customer: CustomerId) -> Result<Vec<EntryRow>, StoreError> {
        ask!(self, |connection| lines::read(connection, facility, customer))
    }

    /// Returns the sums of a facility's lines by day, added up over all places.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn sums(&self, facility: FacilityId) -> Result<SumChanges, StoreError> {
        ask!(self, |connection| sums::read(connection, facility))
    }

    /// Returns the number and the digest of a facility's facts.
    ///
    /// # Errors
    /// Why the server can't be used.
    pub async fn tally(&self, facility: FacilityId) -> Result<(u64, Digest), StoreError> {
        ask!(self, |connection| sums::tally(connection, facility))
    }
}
