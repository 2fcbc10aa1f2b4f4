//! Schemas grow by SQL files that are only ever added to.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;
use sqlx::ConnectOptions;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnection;

use crate::check::integrity;
use crate::error::{from_io, from_sqlx};
use crate::folder::private_file;
use crate::open::{Database, check_engine, read_only};
use crate::raw::engine_version;

/// A migration file: its version is the time it was written.
pub(crate) struct Step {
    pub(crate) version: i64,
    pub(crate) description: &'static str,
    pub(crate) sql: &'static str,
}

macro_rules! step {
    ($folder:literal, $version:literal, $description:literal) => {
        $crate::migrate::Step {
            version: $version,
            description: $description,
            sql: include_str!(concat!("../migrations/", $folder, "/", $version, "_", $description, ".sql")),
        }
    };
}

pub(crate) const JOURNAL: &[Step] = &[
    step!("journal", 20261123060000, "first"),
    step!("journal", 20261125120000, "exchange"),
    step!("journal", 20261126010000, "links"),
    step!("journal", 20261127030000, "found"),
    step!("journal", 20261128030000, "waiting"),
];
pub(crate) const MYPAGE: &[Step] = &[step!("mypage", 20261123060000, "first")];
pub(crate) const SPANS: &[Step] = &[step!("spans", 20261202090000, "first")];

/// What happens to the data before an existing file is migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precaution {
    /// A copy is written beside it and checked.
    Copy,
    /// None: it can be rebuilt.
    None,
}

/// Brings a file to the newest schema.
///
/// # Errors
/// `Newer` when it was written by a newer version of the program; otherwise the store's, and the file is as it was.
pub(crate) async fn migrate(
    database: &Database,
    connection: &mut SqliteConnection,
    steps: &[Step],
    precaution: Precaution,
) -> Result<(), StoreError> {
    let migrator = Migrator::with_migrations(
        steps
            .iter()
            .map(|step| {
                let sql = sqlx::SqlSafeStr::into_sql_str(step.sql);
                Migration::new(step.version, step.description.into(), MigrationType::Simple, sql, false)
            })
            .collect(),
    );
    connection.ensure_migrations_table(&migrator.table_name).await.map_err(failed)?;
    let applied = connection.list_applied_migrations(&migrator.table_name).await.map_err(failed)?;
    let pending = steps.iter().any(|step| applied.iter().all(|done| done.version != step.version));
    if let Some(newest) = applied.iter().map(|done| done.version).max() {
        if !migrator.version_exists(newest) {
            return Err(failed(MigrateError::VersionMissing(newest)));
        }
        if pending && precaution == Precaution::Copy {
            copy_before(database.path(), newest, connection).await?;
        }
    }
    migrator.run_direct(None, connection, false).await.map_err(failed)
}

/// Writes `journal.db` as `journal.before-upgrade-from-<version>.db` and checks the copy.
async fn copy_before(path: &Path, version: i64, connection: &mut SqliteConnection) -> Result<PathBuf, StoreError> {
    let copy = path.with_extension(format!("before-upgrade-from-{version}.db"));
    match std::fs::remove_file(&copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(from_io(copy.display(), &error)),
        _ => {}
    }
    // An empty file is allowed as the target, and keeps its mode.
    let file = private_file(&copy)?;
    sqlx::query("VACUUM INTO ?")
        .bind(copy.to_string_lossy().into_owned())
        .execute(&mut *connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    file.sync_all().map_err(|error| from_io(copy.display(), &error))?;
    integrity(&copy, || true).await?;
    Ok(copy)
}

/// Connects to a file that another process may write to meanwhile. It must be there, of the very schema of this program.
///
/// # Errors
/// `Corrupt` where it is missing or older, `Newer`, `EngineTooOld`, `Failed`.
pub(crate) async fn connect_to_read(path: &Path, steps: &[Step]) -> Result<SqliteConnection, StoreError> {
    check_engine(engine_version())?;
    if !path.exists() {
        return Err(StoreError::Corrupt(format!("{} isn't there", path.display())));
    }
    let reading = read_only(path).pragma("temp_store", "MEMORY");
    let mut connection = reading.connect().await.map_err(|error| from_sqlx(&error))?;
    let (found, own) = (newest(&mut connection).await?, steps.iter().map(|step| step.version).max());
    match found.cmp(&own) {
        Ordering::Equal => Ok(connection),
        Ordering::Greater => Err(StoreError::Newer(format!("schema {}", found.unwrap_or_default()))),
        Ordering::Less => {
            let detail = "was written by an earlier version: open the folder once with this one";
            Err(StoreError::Corrupt(format!("{} {detail}", path.display())))
        }
    }
}

/// The newest schema that a file has had applied.
pub(crate) async fn newest(connection: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await
        .map_err(|error| from_sqlx(&error))
}

fn failed(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer(format!("schema {version}")),
        MigrateError::VersionMismatch(version) => {
            StoreError::Corrupt(format!("schema {version} isn't the one of this program"))
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => from_sqlx(&error),
        other => StoreError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::{Durability, close};

    const FIRST: Step = Step { version: 1, description: "first", sql: "CREATE TABLE t (x INTEGER) STRICT;" };
    const SECOND: Step = Step { version: 2, description: "second", sql: "INSERT INTO t VALUES (2);" };
    const BAD: Step =
        Step { version: 3, description: "bad", sql: "INSERT INTO t VALUES (3); INSERT INTO no VALUES (1);" };

    async fn rows(connection: &mut SqliteConnection) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(connection).await.unwrap()
    }

    async fn brought_to(path: &Path, steps: &[Step]) -> Result<i64, StoreError> {
        let database = Database::at(path, Durability::Full)?;
        let mut connection = database.connect_to_write().await?;
        let migrated = migrate(&database, &mut connection, steps, Precaution::Copy).await;
        let rows = rows(&mut connection).await;
        close(connection).await?;
        migrated.map(|()| rows)
    }

    #[tokio::test]
    async fn an_existing_file_is_copied_before_it_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let copy = folder.path().join("a.before-upgrade-from-1.db");
        assert_eq!(brought_to(&path, &[FIRST]).await, Ok(0));
        assert!(!copy.exists());
        assert_eq!(brought_to(&path, &[FIRST, SECOND]).await, Ok(1));
        assert_eq!(brought_to(&path, &[FIRST, SECOND]).await, Ok(1));
        let database = Database::at(&copy, Durability::Full).unwrap();
        assert_eq!(rows(&mut database.connect_to_read().await.unwrap()).await, 0);
    }

    #[tokio::test]
    async fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        brought_to(&path, &[FIRST, SECOND]).await.unwrap();
        assert!(brought_to(&path, &[FIRST, SECOND, BAD]).await.is_err());
        assert_eq!(brought_to(&path, &[FIRST, SECOND]).await, Ok(1));
    }

    #[tokio::test]
    async fn a_newer_and_an_altered_schema_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        brought_to(&path, &[FIRST, SECOND]).await.unwrap();
        assert_eq!(brought_to(&path, &[FIRST]).await, Err(StoreError::Newer("schema 2".into())));
        let altered = Step { sql: "CREATE TABLE t (y INTEGER) STRICT;", ..FIRST };
        assert!(matches!(brought_to(&path, &[altered, SECOND]).await, Err(StoreError::Corrupt(_))));
    }
}
