//! `access.db`: the access log, in a file of its own so that the journal never waits for it. Unlike spans it isn't
//! disposable: a damaged file is kept under another name. A restore never replaces it (ADR 0037).

mod append;
mod page;
mod row;

use std::fs;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{AccessExtent, AccessLog, AccessQuery, AccessRow, StoreError, StoredAccess};
use tokio::sync::Mutex;

use crate::adopted::check_schema_of;
use crate::error::from_io;
use crate::folder::ACCESS;
use crate::migrate::{self, Precaution, open_migrated};
use crate::open::{Database, Durability};
use crate::pool::{Pool, blocking, joined};
use crate::sqlite::{Connection, params};

use append::verify;

/// The access log on SQLite. Several processes may add to one file, because each reads the last hash in its transaction.
#[derive(Debug)]
pub struct SqliteAccess {
    path: PathBuf,
    /// `None` while the file couldn't be opened. It is tried again at each call.
    opened: Mutex<Opened>,
}

#[derive(Debug)]
enum Opened {
    Not,
    File(std::sync::Arc<File>),
    Closed,
}

#[derive(Debug, Default)]
struct File {
    /// A single connection, because SQLite allows only one writer.
    writing: Pool,
    reading: Pool,
}

impl SqliteAccess {
    /// Takes the file of a data folder; it is created or opened by the first call that needs it.
    pub fn at(folder: &Path) -> Self {
        Self { path: folder.join(ACCESS), opened: Mutex::new(Opened::Not) }
    }

    /// Opens the file now, so that a program that starts knows whether it can. A problem is reported by the calls.
    pub async fn open(folder: &Path) -> Self {
        let access = Self::at(folder);
        if let Err(error) = access.file().await {
            tracing::error!(%error, "the access log can't be opened; the desk goes on");
        }
        access
    }

    /// Finishes queued calls, then closes the file. Later calls fail with `Closed`.
    pub async fn close(&self) {
        let mut opened = self.opened.lock().await;
        if let Opened::File(file) = std::mem::replace(&mut *opened, Opened::Closed) {
            file.close().await;
        }
    }

    async fn file(&self) -> Result<std::sync::Arc<File>, StoreError> {
        let mut opened = self.opened.lock().await;
        match &*opened {
            Opened::File(file) => return Ok(file.clone()),
            Opened::Closed => return Err(StoreError::Closed),
            Opened::Not => {}
        }
        let file = match File::open(&self.path).await {
            Err(StoreError::Corrupt(detail)) => {
                keep_damaged(&self.path, &detail)?;
                File::open(&self.path).await?
            }
            file => file?,
        };
        let file = std::sync::Arc::new(file);
        *opened = Opened::File(file.clone());
        Ok(file)
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.file().await?.writing.run(work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.file().await?.reading.run(work).await
    }
}

/// Moves a file that isn't a database any more out of the way; it may still be evidence.
fn keep_damaged(path: &Path, detail: &str) -> Result<(), StoreError> {
    let mut number = 1;
    let mut kept = path.with_extension("damaged-1.db");
    while kept.exists() {
        number += 1;
        kept = path.with_extension(format!("damaged-{number}.db"));
    }
    tracing::error!(detail, kept = %kept.display(), "the access log is damaged; it is kept and another one begins");
    fs::rename(path, &kept).map_err(|error| from_io(path.display(), &error))?;
    for suffix in ["-wal", "-shm"] {
        let mut name = path.to_owned().into_os_string();
        name.push(suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(from_io(path.display(), &error)),
            _ => {}
        }
    }
    Ok(())
}

impl File {
    async fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Database::at(path, Durability::Full)?;
        let writing = open_migrated(&database, migrate::ACCESS, Precaution::None).await?;
        let reading = blocking(move || database.open_to_read()).await?;
        let file = Self::default();
        file.writing.add("access writer", (), writing)?;
        file.reading.add("access reader", (), reading)?;
        Ok(file)
    }

    async fn close(&self) {
        joined(self.reading.stop()).await;
        joined(self.writing.stop()).await;
    }
}

#[async_trait]
impl AccessLog for SqliteAccess {
    async fn append(&self, rows: Vec<AccessRow>) -> Result<(), StoreError> {
        self.write(move |db| append::append(db, &rows)).await
    }

    async fn page(&self, query: AccessQuery) -> Result<Vec<StoredAccess>, StoreError> {
        self.read(move |db| page::page(db, &query)).await
    }

    async fn extent(&self) -> Result<AccessExtent, StoreError> {
        self.read(page::extent).await
    }

    async fn verify(&self) -> Result<Option<i64>, StoreError> {
        self.read(verify).await
    }

    async fn prune(&self, now: DateTime<Utc>, cutoff: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |db| append::prune(db, now, cutoff)).await
    }

    async fn count_about(&self, customers: Vec<CustomerId>) -> Result<u32, StoreError> {
        self.read(move |db| page::count_about(db, &customers)).await
    }
}

/// Checks a file that a backup brings: its schema, and its chain. `scratch` is a folder for a temporary file.
///
/// # Errors
/// `Corrupt`, `Newer`, or another error of the store.
pub(crate) async fn check_foreign(path: &Path, scratch: &Path) -> Result<(), StoreError> {
    check_schema_of(path, scratch, migrate::ACCESS).await?;
    let path = path.to_owned();
    match blocking(move || verify(&mut crate::open::open_read_only(&path)?)).await? {
        None => Ok(()),
        Some(number) => Err(crate::error::corrupt(format!("row {number} of the access log isn't as it was written"))),
    }
}

/// Whether the file of a folder has no row and never had one, or is missing.
pub(crate) fn is_unused(path: &Path) -> bool {
    let used = || {
        let mut db = crate::open::open_read_only(path)?;
        let sql = "SELECT EXISTS (SELECT 1 FROM access) OR (SELECT number FROM pruned) > 0";
        db.row(sql, params![], |row| Ok(row.bool(0)))
    };
    !path.exists() || matches!(used(), Ok(Some(false)))
}

#[cfg(test)]
mod tests;
