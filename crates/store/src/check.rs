//! Checks of a SQLite file that nothing may change.

use std::path::Path;

use nosmoke_ports::StoreError;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnection;

use crate::error::{corrupt, from_sqlx};
use crate::open::{close, read_only};

/// Instructions of SQLite's machine between two looks at whether to go on: some milliseconds.
const OPERATIONS: i32 = 200_000;

/// Reads every page and index.
///
/// # Errors
/// `Corrupt` with what was found first; `Failed` when `go_on` said no.
pub(crate) async fn integrity(path: &Path, go_on: impl FnMut() -> bool + Send + 'static) -> Result<(), StoreError> {
    let mut connection = read_only(path).connect().await.map_err(|error| from_sqlx(&error))?;
    watch(&mut connection, go_on).await?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    close(connection).await?;
    if found == "ok" { Ok(()) } else { Err(corrupt(format!("{}: {found}", path.display()))) }
}

/// Interrupts a connection's statements once `go_on` says no.
pub(crate) async fn watch(
    connection: &mut SqliteConnection,
    go_on: impl FnMut() -> bool + Send + 'static,
) -> Result<(), StoreError> {
    let mut handle = connection.lock_handle().await.map_err(|error| from_sqlx(&error))?;
    handle.set_progress_handler(OPERATIONS, go_on);
    Ok(())
}
