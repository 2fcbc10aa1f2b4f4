//! The schema of the customer center. The first instance of a new version migrates it; the others wait. An instance that is
//! older than the schema reads no more.

use std::time::Duration;

use nosmoke_mypage_postgres::fault;
use nosmoke_ports::{ServerFault, StoreError};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnection;

/// The name of the schema. All instances share it.
pub(crate) const SCHEMA: &str = "nosmoke_center";

/// Migrations: version (time of writing), description, SQL. Existing ones are never changed. A new type of fact needs one too,
/// which may change nothing: an older instance must not fold a state further that a newer one has folded.
const MIGRATIONS: &[(i64, &str, &str)] =
    &[(20_261_209_100_000, "first", include_str!("../migrations/20261209100000_first.sql"))];

/// Attempts to take the migration's lock, and the pause between them: a migration of a big table takes minutes.
const LOCK_ATTEMPTS: u32 = 3_000;
const LOCK_RETRY_PAUSE: Duration = Duration::from_millis(200);

/// The version of the schema that this program needs.
pub(crate) fn version() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or_default()
}

/// Creates or migrates the schema.
///
/// # Errors
/// `Newer` if a newer version of the program has migrated it; else why the server can't be used.
pub(crate) async fn prepare(connection: &mut PgConnection) -> Result<(), StoreError> {
    lock(connection).await?;
    // A migration may take longer than a statement of a batch.
    let make =
        "SET statement_timeout = 0; SET client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS nosmoke_center";
    sqlx::raw_sql(make).execute(&mut *connection).await.map_err(|error| fault(&error))?;
    let step = |(version, description, sql): &(i64, &'static str, &'static str)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(*sql);
        Migration::new(*version, (*description).into(), MigrationType::Simple, sql, false)
    };
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().map(step).collect());
    migrator.set_locking(false).run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => newer(version),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => fault(&error),
        other => StoreError::Server(ServerFault::Failed, other.to_string()),
    })
}

/// The error of an instance that is older than the schema.
pub(crate) fn newer(version: i64) -> StoreError {
    StoreError::Newer(format!(
        "the schema {SCHEMA} has the migration {version}, which this version doesn't know: update this instance"
    ))
}

/// Takes the lock of the migration until the connection is closed.
async fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    for _ in 0..LOCK_ATTEMPTS {
        let ours: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended($1, 0))")
            .bind(SCHEMA)
            .fetch_one(&mut *connection)
            .await
            .map_err(|error| fault(&error))?;
        if ours {
            return Ok(());
        }
        tokio::time::sleep(LOCK_RETRY_PAUSE).await;
    }
    Err(StoreError::Server(ServerFault::InUse, format!("another instance has been migrating {SCHEMA} for 10 minutes")))
}
