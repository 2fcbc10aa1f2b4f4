//! The PostgreSQL schema of one incarnation: creates it, migrates it, and ties it to the journal from which its rows
//! are derived.

use std::time::Duration;

use nosmoke_ports::{MypageClaim, ServerFault, StoreError};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Error};
use uuid::Uuid;

use crate::fault::fault;

/// Attempts to take the schema's lock. The server may need a moment to notice that an earlier connection of ours has
/// ended.
const LOCK_ATTEMPTS: u32 = 8;
const LOCK_RETRY_PAUSE: Duration = Duration::from_millis(50);

/// Migrations: version (time of writing), description, SQL. Existing ones are never changed.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (20_261_126_040_000, "first", include_str!("../migrations/20261126040000_first.sql")),
    (20_261_130_100_000, "began", include_str!("../migrations/20261130100000_began.sql")),
    (20_261_201_080_000, "write_offs", include_str!("../migrations/20261201080000_write_offs.sql")),
    (20_261_208_200_000, "day_sums", include_str!("../migrations/20261208200000_day_sums.sql")),
];

/// Returns the schema's name. It contains the incarnation's id, so that a copied data folder gets a schema of its own.
pub(crate) fn name(claim: &MypageClaim) -> String {
    let id = claim.incarnation.map_or(claim.store_id, |incarnation| incarnation.0);
    format!("nosmoke_{}", id.simple())
}

/// Locks the schema for the lifetime of the connection, and migrates it. Keeps its rows if they were projected from
/// this journal, up to `last_change` at most; otherwise deletes them.
pub(crate) async fn claim(writer: &mut PgConnection, schema: &str, claim: &MypageClaim) -> Result<(), StoreError> {
    lock(writer, schema).await?;
    make(writer, schema).await.map_err(|error| fault(&error))?;
    if let Err(error) = migrate(writer).await {
        let (MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) | MigrateError::Dirty(_)) = error
        else {
            return Err(migration_fault(&error));
        };
        tracing::warn!(%error, "the read model can't be migrated: it is dropped and built again");
        // The name can be interpolated safely: it has only a fixed prefix and hexadecimal digits.
        let drop = sqlx::raw_sql(AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE")));
        drop.execute(&mut *writer).await.map_err(|error| fault(&error))?;
        make(writer, schema).await.map_err(|error| fault(&error))?;
        migrate(writer).await.map_err(|error| migration_fault(&error))?;
    }
    tie(writer, claim).await.map_err(|error| fault(&error))
}

async fn lock(writer: &mut PgConnection, schema: &str) -> Result<(), StoreError> {
    for _ in 0..LOCK_ATTEMPTS {
        let ours: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended($1, 0))")
            .bind(schema)
            .fetch_one(&mut *writer)
            .await
            .map_err(|error| fault(&error))?;
        if ours {
            return Ok(());
        }
        tokio::time::sleep(LOCK_RETRY_PAUSE).await;
    }
    Err(StoreError::Server(ServerFault::InUse, format!("another program has locked the schema {schema}")))
}

/// Creates the schema if it is missing. It is looked up first, so that a user without the right to create schemas can
/// use an existing one.
async fn make(writer: &mut PgConnection, schema: &str) -> Result<(), Error> {
    if is_there(writer, schema).await? {
        return Ok(());
    }
    let make = format!(
        "CREATE SCHEMA {schema}; COMMENT ON SCHEMA {schema} IS \
         'Nosmoke Desk: read model of one terminal. It can be dropped at any time: the terminal builds it again.'"
    );
    sqlx::raw_sql(AssertSqlSafe(make)).execute(writer).await.map(drop)
}

pub(crate) async fn is_there(reader: &mut PgConnection, schema: &str) -> Result<bool, Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
        .bind(schema)
        .fetch_one(reader)
        .await
}

async fn migrate(writer: &mut PgConnection) -> Result<(), MigrateError> {
    let step = |(version, description, sql): &(i64, &'static str, &'static str)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(*sql);
        Migration::new(*version, (*description).into(), MigrationType::Simple, sql, false)
    };
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().map(step).collect());
    // sqlx's own lock would cover the whole database, and we have locked the schema already.
    migrator.set_locking(false).run_direct(None, writer, false).await
}

fn migration_fault(error: &MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => fault(error),
        other => StoreError::Server(ServerFault::Failed, other.to_string()),
    }
}

/// Empties the schema unless its rows were projected from this journal and aren't ahead of it.
async fn tie(writer: &mut PgConnection, claim: &MypageClaim) -> Result<(), Error> {
    let generation = i64::try_from(claim.generation).unwrap_or(i64::MAX);
    let mut tx = writer.begin().await?;
    let kept: Option<(Uuid, i64, i64)> =
        sqlx::query_as("SELECT store_id, generation, checkpoint FROM source").fetch_optional(&mut *tx).await?;
    let is_ours =
        |(store_id, of, checkpoint)| store_id == claim.store_id && of == generation && checkpoint <= claim.last_change;
    if !kept.is_some_and(is_ours) {
        sqlx::query("TRUNCATE entry, source, fork, day_sum, hour_presence").execute(&mut *tx).await?;
        sqlx::query("INSERT INTO source (store_id, generation, checkpoint) VALUES ($1, $2, 0)")
            .bind(claim.store_id)
            .bind(generation)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}
