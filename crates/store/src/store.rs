//! An open data folder's stores: the journal, Mypage's read model derived from it, and the spans.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_ports::mypage_source;
use nosmoke_ports::{
    AccessLog, Clock, Journal, MypageStore, Priority, Read, SpanStore, StoreError, Worker, Write, read, write,
};

use crate::folder::{JOURNAL, MYPAGE};
use crate::{Folder, ReadingJournal, SPANS_MAX, SqliteAccess, SqliteJournal, SqliteMypage, SqliteSpans};

/// The stores of one data folder, which is locked for this process until [`Store::close`].
#[derive(Debug)]
pub struct Store {
    journal: Arc<SqliteJournal>,
    mypage: Arc<SqliteMypage>,
    spans: Arc<SqliteSpans>,
    access: Arc<SqliteAccess>,
}

impl Store {
    /// Opens a folder, created if it is missing. The time doesn't depend on the length of the journal.
    ///
    /// # Errors
    /// `InUse`, `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let folder = Arc::new(Folder::open(path)?);
        let journal = Arc::new(SqliteJournal::open(folder.clone(), clock).await?);
        // Facts whose type an earlier version of the program didn't know are projected from now on.
        write::<_, StoreError>(&*journal, Priority::Command, |tx| tx.understand()).await?;
        // `understand` may set back Mypage's checkpoint in the journal; Mypage's store must not be further than that.
        let bounds = |tx: &mut dyn Read| Ok((tx.last_change()?, tx.checkpoint(Worker::Mypage)?));
        let (last_change, bound) = read::<_, StoreError>(&*journal, bounds).await?;
        let mypage = Arc::new(SqliteMypage::open(folder.clone(), journal.store_id(), last_change).await?);
        if bound < last_change {
            mypage.go_back(bound).await?;
            let unbounded = |tx: &mut dyn Write| {
                mypage_source::start_new_generation(tx)?;
                tx.put_checkpoint(Worker::Mypage, i64::MAX)
            };
            write::<_, StoreError>(&*journal, Priority::Command, unbounded).await?;
        }
        let access = Arc::new(SqliteAccess::open(path).await);
        let spans = Arc::new(SqliteSpans::open(folder, SPANS_MAX).await);
        Ok(Self { journal, mypage, spans, access })
    }

    pub fn journal(&self) -> Arc<dyn Journal> {
        self.journal.clone()
    }

    pub fn mypage(&self) -> Arc<dyn MypageStore> {
        self.mypage.clone()
    }

    pub fn spans(&self) -> Arc<dyn SpanStore> {
        self.spans.clone()
    }

    pub fn access(&self) -> Arc<dyn AccessLog> {
        self.access.clone()
    }

    /// The journal as the SQLite type, which has chain verification, counts and backups besides the port.
    pub fn sqlite_journal(&self) -> &SqliteJournal {
        &self.journal
    }

    /// Finishes queued work, closes the files and unlocks the folder; later calls fail with `Closed`.
    pub async fn close(&self) {
        self.access.close().await;
        self.spans.close().await;
        self.mypage.close().await;
        self.journal.close().await;
    }
}

/// The journal and Mypage's read model of a data folder opened read-only; another process may have the folder open.
/// Takes no lock, creates no file.
#[derive(Debug)]
pub struct StoreBeside {
    journal: Arc<ReadingJournal>,
    access: Arc<SqliteAccess>,
    mypage: PathBuf,
}

impl StoreBeside {
    /// # Errors
    /// `Corrupt` if the folder has no journal of this version's schema, `Newer`, `EngineTooOld`, `Failed`.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let journal = Arc::new(ReadingJournal::open(&path.join(JOURNAL), clock).await?);
        Ok(Self { journal, access: Arc::new(SqliteAccess::at(path)), mypage: path.join(MYPAGE) })
    }

    pub fn journal(&self) -> Arc<ReadingJournal> {
        self.journal.clone()
    }

    /// The access log, which is written to also beside another process.
    pub fn access(&self) -> Arc<dyn AccessLog> {
        self.access.clone()
    }

    /// Opens Mypage's read model, which may be behind the journal.
    ///
    /// # Errors
    /// `Corrupt` if the read model is missing or was derived from another journal, `Newer`, `Failed`.
    pub async fn mypage(&self) -> Result<Arc<dyn MypageStore>, StoreError> {
        Ok(Arc::new(SqliteMypage::open_to_read(&self.mypage, self.journal.store_id()).await?))
    }

    pub async fn close(&self) {
        self.access.close().await;
        self.journal.close().await;
    }
}
