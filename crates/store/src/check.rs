//! Checks of a SQLite file that nothing may change.

use std::path::Path;

use nosmoke_application::ports::StoreError;
use sqlx::ConnectOptions;

use crate::error::{corrupt, from_sqlx};
use crate::migrate::close;
use crate::open::read_only;

/// Reads every page and index.
///
/// # Errors
/// `Corrupt` with what was found first.
pub(crate) async fn integrity(path: &Path) -> Result<(), StoreError> {
    let mut connection = read_only(path).connect().await.map_err(|error| from_sqlx(&error))?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    close(connection).await?;
    if found == "ok" { Ok(()) } else { Err(corrupt(format!("{}: {found}", path.display()))) }
}
