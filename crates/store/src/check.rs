//! Integrity checks of SQLite files.

use std::path::Path;

use nosmoke_ports::StoreError;
use sqlx::sqlite::SqliteConnection;

use crate::error::{corrupt, from_sqlx};
use crate::open::{close, connect_read_only};

/// SQLite instructions between two calls of the progress callback; they take a few milliseconds.
const PROGRESS_INTERVAL: i32 = 200_000;

/// Reads every page and index of a file.
///
/// # Errors
/// `Corrupt` with the first fault; `Failed` after `go_on` returned false.
pub(crate) async fn integrity(path: &Path, go_on: impl FnMut() -> bool + Send + 'static) -> Result<(), StoreError> {
    let mut connection = connect_read_only(path).await?;
    interrupt_unless(&mut connection, go_on).await?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    close(connection).await?;
    if found == "ok" { Ok(()) } else { Err(corrupt(format!("{}: {found}", path.display()))) }
}

/// Interrupts a connection's statements once `go_on` returns false.
pub(crate) async fn interrupt_unless(
    connection: &mut SqliteConnection,
    go_on: impl FnMut() -> bool + Send + 'static,
) -> Result<(), StoreError> {
    let mut handle = connection.lock_handle().await.map_err(|error| from_sqlx(&error))?;
    handle.set_progress_handler(PROGRESS_INTERVAL, go_on);
    Ok(())
}
