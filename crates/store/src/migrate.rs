//! Migrates files to the newest schema, by SQL files. New ones are added; existing ones never change.

use std::cmp::Ordering;
use std::path::Path;

use nosmoke_ports::StoreError;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnection;

use crate::check::integrity;
use crate::error::{from_io, from_sqlx};
use crate::folder::private_file;
use crate::open::{Database, close, open_read_only};
use crate::pool::blocking;
use crate::sqlite::{Connection, params};

/// A migration. Its version is the time when it was written.
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
    step!("journal", 20261129210000, "documents"),
    step!("journal", 20261130100000, "incarnations"),
    step!("journal", 20261201080000, "reclaims"),
    step!("journal", 20261202100000, "receivers"),
    step!("journal", 20261202120000, "voided_deductions"),
    step!("journal", 20261203100000, "phones"),
    step!("journal", 20261203200000, "strangers"),
    step!("journal", 20261203210000, "tips"),
    step!("journal", 20261203220000, "dropped"),
    step!("journal", 20261204010000, "erased"),
    step!("journal", 20261205200000, "no_triggers"),
    step!("journal", 20261206010000, "standings_over_time"),
    step!("journal", 20261206110000, "consent"),
    step!("journal", 20261206120000, "recorders"),
    step!("journal", 20261207010000, "rules"),
    step!("journal", 20261207100000, "review"),
    step!("journal", 20261207200000, "day_closes"),
    step!("journal", 20261208100000, "overtaken_edits"),
    step!("journal", 20261209100000, "fewer_pages"),
    step!("journal", 20261210100000, "search"),
    step!("journal", 20261210110000, "slips"),
];
pub(crate) const MYPAGE: &[Step] = &[
    step!("mypage", 20261123060000, "first"),
    step!("mypage", 20261130100000, "began"),
    step!("mypage", 20261201080000, "write_offs"),
    step!("mypage", 20261208200000, "day_sums"),
];
pub(crate) const SPANS: &[Step] = &[step!("spans", 20261202090000, "first")];
pub(crate) const ACCESS: &[Step] = &[step!("access", 20261206100000, "first")];

/// What protects an existing file's data before a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precaution {
    /// A checked copy beside the file.
    Copy,
    /// Nothing: the data can be derived again.
    None,
}

/// Migrates a file to the newest schema, and opens it for writing.
///
/// # Errors
/// `Newer` if a newer version of the program wrote the file, or another error of the store; then the file is unchanged.
pub(crate) async fn open_migrated(
    database: &Database,
    steps: &[Step],
    precaution: Precaution,
) -> Result<Connection, StoreError> {
    let migrating = connect_migrated(database, steps, precaution).await?;
    let opening = database.clone();
    let opened = blocking(move || opening.open_to_write()).await;
    // Closed only after the other connection is open: closing the last connection moves the whole write-ahead log into
    // the file.
    let closed = close(migrating).await;
    let opened = opened?;
    closed.map(|()| opened)
}

/// Migrates a file to the newest schema, and returns the connection that migrated it.
///
/// # Errors
/// As for [`open_migrated`].
pub(crate) async fn connect_migrated(
    database: &Database,
    steps: &[Step],
    precaution: Precaution,
) -> Result<SqliteConnection, StoreError> {
    let mut connection = database.connect().await?;
    match migrate(database, &mut connection, steps, precaution).await {
        Ok(()) => Ok(connection),
        Err(error) => close(connection).await.and(Err(error)),
    }
}

async fn migrate(
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

/// The name of a copy from before an upgrade has this beginning and end.
pub(crate) const UPGRADE_COPY: (&str, &str) = ("journal.before-upgrade-from-", ".db");

/// Copies `journal.db` to `journal.before-upgrade-from-<version>.db`, and checks the copy.
async fn copy_before(path: &Path, version: i64, connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let copy = path.with_extension(format!("before-upgrade-from-{version}.db"));
    match std::fs::remove_file(&copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(from_io(copy.display(), &error)),
        _ => {}
    }
    // VACUUM accepts an empty file as its target, and keeps the file's mode.
    let file = private_file(&copy)?;
    sqlx::query("VACUUM INTO ?")
        .bind(copy.to_string_lossy().into_owned())
        .execute(&mut *connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    file.sync_all().map_err(|error| from_io(copy.display(), &error))?;
    integrity(&copy, || true).await
}

/// Opens a file read-only that another process may be writing to. The file must have exactly this program's schema.
///
/// # Errors
/// `Corrupt` if the file is missing or its schema is older, `Newer`, `EngineTooOld`, `Failed`.
pub(crate) fn open_beside(path: &Path, steps: &[Step]) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(StoreError::Corrupt(format!("{} is missing", path.display())));
    }
    let mut db = open_read_only(path)?;
    let (found, own) = (newest(&mut db)?, steps.iter().map(|step| step.version).max());
    match found.cmp(&own) {
        Ordering::Equal => Ok(db),
        Ordering::Greater => Err(StoreError::Newer(format!("schema version {}", found.unwrap_or_default()))),
        Ordering::Less => {
            let detail = "was written by an earlier version of the program: open its folder once to update it";
            Err(StoreError::Corrupt(format!("{} {detail}", path.display())))
        }
    }
}

/// Reads the version of a file's schema: that of its newest migration.
pub(crate) fn newest(db: &mut Connection) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT max(version) FROM _sqlx_migrations";
    Ok(db.row(sql, params![], |row| row.optional(0, |column| Ok(column.int())))?.flatten())
}

fn failed(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer(format!("schema version {version}")),
        MigrateError::VersionMismatch(version) => {
            StoreError::Corrupt(format!("the migration {version} differs from this program's"))
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => from_sqlx(&error),
        other => StoreError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::Durability;

    const FIRST: Step = Step { version: 1, description: "first", sql: "CREATE TABLE t (x INTEGER) STRICT;" };
    const SECOND: Step = Step { version: 2, description: "second", sql: "INSERT INTO t VALUES (2);" };
    const BAD: Step =
        Step { version: 3, description: "bad", sql: "INSERT INTO t VALUES (3); INSERT INTO no VALUES (1);" };

    fn rows(db: &mut Connection) -> Option<i64> {
        db.row("SELECT count(*) FROM t", params![], |row| Ok(row.int(0))).unwrap()
    }

    /// Migrates a file and counts the rows of its table.
    async fn migrated(path: &Path, steps: &[Step]) -> Result<Option<i64>, StoreError> {
        let database = Database::at(path, Durability::Full)?;
        let mut db = open_migrated(&database, steps, Precaution::Copy).await?;
        Ok(rows(&mut db))
    }

    #[tokio::test]
    async fn an_existing_file_is_copied_before_it_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let copy = folder.path().join("a.before-upgrade-from-1.db");
        assert_eq!(migrated(&path, &[FIRST]).await, Ok(Some(0)));
        assert!(!copy.exists());
        assert_eq!(migrated(&path, &[FIRST, SECOND]).await, Ok(Some(1)));
        assert_eq!(migrated(&path, &[FIRST, SECOND]).await, Ok(Some(1)));
        assert_eq!(rows(&mut open_read_only(&copy).unwrap()), Some(0));
    }

    #[tokio::test]
    async fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        migrated(&path, &[FIRST, SECOND]).await.unwrap();
        assert!(migrated(&path, &[FIRST, SECOND, BAD]).await.is_err());
        assert_eq!(migrated(&path, &[FIRST, SECOND]).await, Ok(Some(1)));
    }

    #[tokio::test]
    async fn a_newer_and_an_altered_schema_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        migrated(&path, &[FIRST, SECOND]).await.unwrap();
        assert_eq!(migrated(&path, &[FIRST]).await, Err(StoreError::Newer("schema version 2".into())));
        let altered = Step { sql: "CREATE TABLE t (y INTEGER) STRICT;", ..FIRST };
        assert!(matches!(migrated(&path, &[altered, SECOND]).await, Err(StoreError::Corrupt(_))));
    }
}
